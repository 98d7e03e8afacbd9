import { AbiCoder, id, keccak256, toBigInt } from "ethers";

import { contractAt } from "../../src/chain/contractAt.ts";
import { ParleyError } from "../../src/errors.ts";
import { HOP } from "../../src/stacks/hops.ts";
import { ArbitrumRollupBridge__factory } from "../../types/ethers-contracts/factories/bridges/arbitrum/ArbitrumRollupBridge__factory.ts";
import { ArbitrumOnOptimismHop__factory } from "../../types/ethers-contracts/factories/bridges/hop/ArbitrumOnOptimismHop__factory.ts";
import { IHop__factory } from "../../types/ethers-contracts/factories/interfaces/IHop__factory.ts";
import { bridgeAddress } from "../create3.ts";
import { type DeployChain, type DeployRollup, hasCode, timeOf } from "../chain.ts";
import { initCodeOf } from "../code.ts";
import { mostTicketFee } from "./arbitrum.ts";
import type { BridgeEnds, MemberBridge, SentTable } from "./memberBridge.ts";
import { optimismBridge } from "./optimism.ts";

/** What was pushed and has not arrived after an hour is pushed again; blocks in that time, on chains of a block a second. */
const PATIENCE = 3_600n;
const BLOCKS = 4_000;

/** The place of the settlement chain's id where a hop is deployed: see docs/STACKS.md. */
const hopNumber = (settlementChainId: bigint, l3ChainId: bigint): bigint => {
  const types = ["bytes32", "uint256", "uint256"];
  const values = [id("parley.hop.v1"), settlementChainId, l3ChainId];
  return toBigInt(keccak256(AbiCoder.defaultAbiCoder().encode(types, values)));
};

/** The bridge of an L3: its parent's bridge up to the hop, and its own from there. Throws `stack/no-hop`. */
export function hopBridge(
  l1: DeployChain,
  { rollup, parent }: { rollup: DeployRollup; parent: DeployRollup },
  ends: BridgeEnds,
): MemberBridge {
  if (parent.stack.name !== HOP.parent || rollup.stack.name !== HOP.rollup) {
    throw new ParleyError(
      "stack/no-hop",
      `No hop joins ${rollup.name} (${rollup.stack.name}) to ${parent.name} (${parent.stack.name}).`,
      "This version joins Arbitrum chains to OP Stack chains: leave this rollup out.",
    );
  }
  const { settlement, gatewayDeployer, gateway, bridge } = ends;
  const number = hopNumber(l1.chainId, rollup.chainId);
  const address = bridgeAddress(gatewayDeployer, number, settlement);
  const messenger = parent.stack.parentContract;
  const inbox = rollup.stack.parentContract;
  const upper = optimismBridge({ l1, rollup, messenger }, { ...ends, bridge: address });
  const hop = contractAt(IHop__factory, address, parent.reader);
  const hasArrived = async (tableId: string): Promise<boolean> =>
    (await hasCode(parent, address)) && (await hop.hasArrived(tableId));
  return {
    ...upper,
    initCode: initCodeOf(ArbitrumRollupBridge__factory, [gateway, address]),
    mostPush: () => mostTicketFee(parent, inbox),
    isOnItsWay: async (table: SentTable) => (await hasArrived(table.tableId)) || (await upper.isOnItsWay(table)),
    hop: {
      parent,
      address,
      number,
      initCode: initCodeOf(ArbitrumOnOptimismHop__factory, [upper.l1End.address, bridge, inbox]),
      hasArrived,
      isPushed: async (tableId) => {
        const fromBlock = Math.max((await parent.reader.getBlockNumber()) - BLOCKS, parent.firstBlock ?? 0);
        const last = (await hop.queryFilter(hop.filters.ItemPushed(tableId), fromBlock)).at(-1);
        return last !== undefined && (await timeOf(parent)) < BigInt((await last.getBlock()).timestamp) + PATIENCE;
      },
    },
  };
}
