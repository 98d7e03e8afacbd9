/** What tables take of L1's gas, estimated from above: it grows with what they list. */
import { contractAt } from "../../src/chain/contractAt.ts";
import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import type { KeyType } from "../../src/wire/index.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { hasCode } from "../chain.ts";
import type { MemberPlan } from "./member.ts";
import { OPERATOR_SET_ID } from "./operators.ts";

/** How much a table has to tell. */
export interface TableSize {
  /** What its operators sign with. */
  readonly keyType: KeyType;
  readonly operators: bigint;
  /** Strategies whose stake counts. */
  readonly strategies: bigint;
  /** Members of the fabric, L1 among them. */
  readonly members: bigint;
}

/** What BN254 keys take beyond ECDSA keys: of a table, and of each operator in it. Their table is of more code, and each key of more bytes. */
const BEYOND = {
  ecdsa: { snapshot: [0n, 0n], publish: [0n, 0n], adoption: [0n, 0n] },
  bn254: { snapshot: [160_000n, 15_000n], publish: [0n, 10_000n], adoption: [750_000n, 11_000n] },
} as const satisfies Record<KeyType, Record<"snapshot" | "publish" | "adoption", readonly [bigint, bigint]>>;

/** What is added for keys of a type. */
function beyond(what: "snapshot" | "publish" | "adoption", { keyType, operators }: OfOperators): bigint {
  const [once, each] = BEYOND[keyType][what];
  return once + each * operators;
}

type OfOperators = Pick<TableSize, "keyType" | "operators">;

/**
 * Taking it. Measured: 31,000 an operator with one strategy, 42,000 with two, 20,000 a member, and of BN254 keys 143,000 in all and 13,000 an
 * operator more; EigenLayer's own contracts read three slots more for each operator and strategy than the stand-in.
 */
export const snapshotGas = (size: TableSize): bigint =>
  250_000n + size.operators * (20_000n + 18_000n * size.strategies) + 25_000n * size.members + beyond("snapshot", size);

/** Handing it to a bridge, whatever that bridge takes beyond. */
export const publishGas = (size: OfOperators): bigint => 700_000n + 8_000n * size.operators + beyond("publish", size);

/** Putting it in force on L1 itself, where each member that the Gateway hears of for the first time is written down. */
export const adoptionGas = (size: TableSize): bigint =>
  500_000n + 8_000n * size.operators + 120_000n * size.members + beyond("adoption", size);

/** The next table, as far as one can know: the operators that there are, or at least as many as a table must have. */
export async function nextTable({ l1, contracts, settings }: MemberPlan): Promise<TableSize> {
  const { serviceManager, stake, members } = contracts;
  const least = stake === undefined ? settings.minOperators : BigInt(settings.operators);
  let present = 0n;
  if (await hasCode(l1, serviceManager.address)) {
    const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, l1.reader);
    present = await allocations.getMemberCount({ avs: serviceManager.address, id: OPERATOR_SET_ID });
  }
  return {
    keyType: settings.keyType,
    operators: present > least ? present : least,
    strategies: BigInt(settings.strategies?.length ?? 1),
    members: BigInt(members.length),
  };
}
