import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { createOperators, devnetOperator } from "../../src/testing/operators.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import type { DevnetStake } from "../addresses.ts";
import { type DeployChain, hasCode } from "../chain.ts";
import { doneIf, type Step } from "../step.ts";

/** ServiceManager's number for its operator set. */
export const OPERATOR_SET_ID = 1n;

/** Operators of equal stake for a development node. */
export function operatorsStep(l1: DeployChain, serviceManager: string, stake: DevnetStake, count: number): Step {
  const operatorSet = { avs: serviceManager, id: OPERATOR_SET_ID };
  const plan = { count, operatorSet, token: stake.token.address, strategy: stake.strategy };
  const allocations = IAllocationManager__factory.connect(EIGENLAYER.allocationManager, l1.reader);
  return {
    id: "operators",
    isLater: true,
    title: `make ${count} operators`,
    chain: l1,
    sender: "anyone",
    gas: 0n,
    action: { kind: "development", run: () => createOperators(l1, plan) },
    state: async () => {
      if (!(await hasCode(l1, EIGENLAYER.allocationManager))) return "due";
      const members = new Set(await allocations.getMembers(operatorSet));
      const wanted = Array.from({ length: count }, (_, index) => devnetOperator(index + 1, l1.reader).address);
      return doneIf(wanted.every((address) => members.has(address)));
    },
  };
}
