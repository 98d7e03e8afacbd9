import { contractAt } from "../../src/chain/contractAt.ts";
import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { createOperators, devnetOperator, OPERATOR_STAKE } from "../../src/testing/operators.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import type { DevnetStake } from "../addresses.ts";
import { type DeployChain, hasCode } from "../chain.ts";
import type { DeploySettings } from "../settings.ts";
import { doneIf, type Step } from "../step.ts";

/** ServiceManager's number for its operator set. */
export const OPERATOR_SET_ID = 1n;

/** Operators of equal stake for a development node: enough of it to be admitted, and for a table. */
export function operatorsStep(
  l1: DeployChain,
  serviceManager: string,
  { token, strategy }: DevnetStake,
  { operators: count, keyType, minWeight, weightFloor, bond }: DeploySettings,
): Step {
  const operatorSet = { avs: serviceManager, id: OPERATOR_SET_ID };
  const share = weightFloor / BigInt(Math.max(count, 1)) + 1n;
  const stake = [minWeight, share].reduce((most, weight) => (weight > most ? weight : most), OPERATOR_STAKE);
  const plan = { count, keyType, operatorSet, token: token.address, strategy, stake, bond };
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, l1.reader);
  return {
    id: "operators",
    isLater: true,
    title: `make ${count} operators`,
    chain: l1,
    sender: "anyone",
    gas: 0n,
    action: { kind: "development", run: () => createOperators({ provider: l1.node, reader: l1.reader }, plan) },
    state: async () => {
      if (!(await hasCode(l1, EIGENLAYER.allocationManager))) return "due";
      const members = new Set(await allocations.getMembers(operatorSet));
      const wanted = Array.from({ length: count }, (_, index) => devnetOperator(index + 1, l1.reader).address);
      return doneIf(wanted.every((address) => members.has(address)));
    },
  };
}
