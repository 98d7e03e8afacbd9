import { OptimismL1Bridge__factory } from "../../types/ethers-contracts/factories/bridges/optimism/OptimismL1Bridge__factory.ts";
import { OptimismRollupBridge__factory } from "../../types/ethers-contracts/factories/bridges/optimism/OptimismRollupBridge__factory.ts";
import type { DeployChain } from "../chain.ts";
import { initCodeOf } from "../code.ts";
import { type BridgeEnds, type MemberBridge, planL1End } from "./memberBridge.ts";
import { isSentLately } from "./sentLately.ts";

/** The rollup's gas is bought by burning gas on L1: as much as a table of many members needs there. */
const SEND_GAS = 6_000_000n;

/** The bridge of an OP Stack chain. */
export function optimismBridge(
  { l1, rollup, messenger }: { l1: DeployChain; rollup: DeployChain; messenger: string },
  { settlement, serviceManager, gateway, bridge }: BridgeEnds,
): MemberBridge {
  const l1End = planL1End(
    rollup,
    initCodeOf(OptimismL1Bridge__factory, [settlement, serviceManager, bridge, messenger]),
  );
  return {
    initCode: initCodeOf(OptimismRollupBridge__factory, [gateway, l1End.address]),
    l1End,
    isOnItsWay: (table) => isSentLately(l1, serviceManager, table),
    bring: undefined,
    sendGas: SEND_GAS,
    mostFee: () => Promise.resolve(0n),
  };
}
