import { contractAt } from "../../src/chain/contractAt.ts";
import { ArbitrumL1Bridge__factory } from "../../types/ethers-contracts/factories/bridges/arbitrum/ArbitrumL1Bridge__factory.ts";
import { ArbitrumRollupBridge__factory } from "../../types/ethers-contracts/factories/bridges/arbitrum/ArbitrumRollupBridge__factory.ts";
import { IArbitrumInbox__factory } from "../../types/ethers-contracts/factories/interfaces/arbitrum/IArbitrumInbox__factory.ts";
import type { DeployChain } from "../chain.ts";
import { initCodeOf } from "../code.ts";
import { LARGEST_TABLE, TABLE_ARRIVAL_GAS } from "./largestTable.ts";
import { type BridgeEnds, type MemberBridge, planL1End } from "./memberBridge.ts";
import { isSentLately } from "./sentLately.ts";

/** What `ArbitrumParentEnd` pays for a unit of the rollup's gas by default, wei. */
const MAX_FEE_PER_GAS = 500_000_000n;

const SEND_GAS = 400_000n;

/** The bridge of an Arbitrum chain. */
export function arbitrumBridge(
  { l1, rollup, inbox }: { l1: DeployChain; rollup: DeployChain; inbox: string },
  { settlement, serviceManager, gateway, bridge }: BridgeEnds,
): MemberBridge {
  const l1End = planL1End(rollup, initCodeOf(ArbitrumL1Bridge__factory, [settlement, serviceManager, bridge, inbox]));
  return {
    initCode: initCodeOf(ArbitrumRollupBridge__factory, [gateway, l1End.address]),
    l1End,
    isOnItsWay: (table) => isSentLately(l1, serviceManager, table),
    bring: undefined,
    sendGas: SEND_GAS,
    mostFee: () => mostTicketFee(l1, inbox),
  };
}

/** Wei that a ticket for a table takes at most. */
export async function mostTicketFee({ reader }: Pick<DeployChain, "reader">, inbox: string): Promise<bigint> {
  const { maxFeePerGas, gasPrice } = await reader.getFeeData();
  const submission = await contractAt(IArbitrumInbox__factory, inbox, reader).calculateRetryableSubmissionFee(
    LARGEST_TABLE,
    maxFeePerGas ?? gasPrice ?? 0n,
  );
  return submission + TABLE_ARRIVAL_GAS * MAX_FEE_PER_GAS;
}
