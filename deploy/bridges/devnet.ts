import { keccak256 } from "ethers";

import { contractAt } from "../../src/chain/contractAt.ts";
import { derive, DERIVATION, enableDerivation } from "../../src/testing/derivation.ts";
import { REALISTIC_HEIGHT } from "../../src/testing/eigenlayer.ts";
import { DevnetL1Bridge__factory } from "../../types/ethers-contracts/factories/bridges/devnet/DevnetL1Bridge__factory.ts";
import { DevnetRollupBridge__factory } from "../../types/ethers-contracts/factories/bridges/devnet/DevnetRollupBridge__factory.ts";
import { type DeployChain, hasCode } from "../chain.ts";
import { initCodeOf } from "../code.ts";
import { type BridgeEnds, FREE, type MemberBridge, planL1End } from "./memberBridge.ts";

/** A stand-in for a rollup's own bridge, between development nodes. */
export function devnetBridge(l1: DeployChain, rollup: DeployChain, ends: BridgeEnds): MemberBridge {
  const { settlement, serviceManager, gateway, bridge } = ends;
  const [l1Start, rollupStart] = [l1.firstBlock ?? Number(REALISTIC_HEIGHT), rollup.firstBlock ?? 0];
  const l1Code = initCodeOf(DevnetL1Bridge__factory, [settlement, serviceManager, bridge, DERIVATION]);
  const l1End = planL1End(rollup, l1Code);
  return {
    ...FREE,
    initCode: initCodeOf(DevnetRollupBridge__factory, [gateway, l1End.address, DERIVATION]),
    l1End,
    isOnItsWay: async ({ tableId }) => {
      if (!(await hasCode(l1, l1End.address)) || !(await hasCode(rollup, bridge))) return false;
      const sender = contractAt(DevnetL1Bridge__factory, l1End.address, l1.reader);
      const arrived = await contractAt(DevnetRollupBridge__factory, bridge, rollup.reader).received();
      if ((await sender.sent()) === arrived) return false;
      const sent = await sender.queryFilter(sender.filters.ItemsSent(), l1Start);
      return sent.some(({ args }) => args.index >= arrived && args.items.some((item) => keccak256(item) === tableId));
    },
    bring: async () => {
      await enableDerivation(l1.node);
      await enableDerivation(rollup.node);
      await derive([
        {
          l1: { provider: l1.node, reader: l1.reader, address: l1End.address, fromBlock: l1Start },
          rollup: { provider: rollup.node, reader: rollup.reader, address: bridge, fromBlock: rollupStart },
        },
      ]);
    },
  };
}
