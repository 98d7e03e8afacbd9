import { contractAt } from "../../src/chain/contractAt.ts";
import { ZksyncL1Bridge__factory } from "../../types/ethers-contracts/factories/bridges/zksync/ZksyncL1Bridge__factory.ts";
import { ZksyncRollupBridge__factory } from "../../types/ethers-contracts/factories/bridges/zksync/ZksyncRollupBridge__factory.ts";
import { IBridgehub__factory } from "../../types/ethers-contracts/factories/interfaces/zksync/IBridgehub__factory.ts";
import type { DeployChain } from "../chain.ts";
import { initCodeOf } from "../code.ts";
import { type BridgeEnds, type MemberBridge, planL1End } from "./memberBridge.ts";
import { isSentLately } from "./sentLately.ts";

/** The most that a transaction from L1 may have, and what `ZksyncParentEnd` offers for published bytes. */
const MOST_GAS = 72_000_000n;
const GAS_PER_PUBDATA = 800n;

const SEND_GAS = 600_000n;

/** The bridge of a ZK Stack chain. */
export function zksyncBridge(
  { l1, rollup, bridgehub }: { l1: DeployChain; rollup: DeployChain; bridgehub: string },
  { settlement, serviceManager, gateway, bridge }: BridgeEnds,
): MemberBridge {
  const { chainId } = rollup;
  const l1End = planL1End(
    rollup,
    initCodeOf(ZksyncL1Bridge__factory, [settlement, serviceManager, bridge, bridgehub, chainId]),
  );
  return {
    initCode: initCodeOf(ZksyncRollupBridge__factory, [gateway, l1End.address]),
    l1End,
    isOnItsWay: (table) => isSentLately(l1, serviceManager, table),
    bring: undefined,
    sendGas: SEND_GAS,
    mostFee: async () => {
      const { maxFeePerGas, gasPrice } = await l1.reader.getFeeData();
      return await contractAt(IBridgehub__factory, bridgehub, l1.reader).l2TransactionBaseCost(
        chainId,
        maxFeePerGas ?? gasPrice ?? 0n,
        MOST_GAS,
        GAS_PER_PUBDATA,
      );
    },
  };
}
