/** What tables take of L1's gas, estimated from above: it grows with what they list. */
import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { hasCode } from "../chain.ts";
import type { MemberPlan } from "./member.ts";
import { OPERATOR_SET_ID } from "./operators.ts";

/** How much a table has to tell. */
export interface TableSize {
  readonly operators: bigint;
  /** Strategies whose stake counts. */
  readonly strategies: bigint;
  /** Members of the fabric, L1 among them. */
  readonly members: bigint;
}

/**
 * Taking it. Measured: 31,000 an operator with one strategy, 42,000 with two, 20,000 a member; EigenLayer's own contracts read three
 * slots more for each operator and strategy than the stand-in.
 */
export const snapshotGas = ({ operators, strategies, members }: TableSize): bigint =>
  250_000n + operators * (20_000n + 18_000n * strategies) + 25_000n * members;

/** Handing it to a bridge, whatever that bridge takes beyond. */
export const publishGas = ({ operators }: Pick<TableSize, "operators">): bigint => 700_000n + 8_000n * operators;

/** Putting it in force on L1 itself, where each member that the Gateway hears of for the first time is written down. */
export const adoptionGas = ({ operators, members }: TableSize): bigint =>
  500_000n + 8_000n * operators + 120_000n * members;

/** The next table, as far as one can know: the operators that there are, or at least as many as a table must have. */
export async function nextTable({ l1, contracts, settings }: MemberPlan): Promise<TableSize> {
  const { serviceManager, stake, members } = contracts;
  const least = stake === undefined ? settings.minOperators : BigInt(settings.operators);
  let present = 0n;
  if (await hasCode(l1, serviceManager.address)) {
    const allocations = IAllocationManager__factory.connect(EIGENLAYER.allocationManager, l1.reader);
    present = await allocations.getMemberCount({ avs: serviceManager.address, id: OPERATOR_SET_ID });
  }
  return {
    operators: present > least ? present : least,
    strategies: BigInt(settings.strategies?.length ?? 1),
    members: BigInt(members.length),
  };
}
