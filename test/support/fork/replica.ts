import { network } from "hardhat";
import type { ChainType, NetworkConnection } from "hardhat/types/network";

import { placeEigenLayer } from "../../../src/testing/placeEigenLayer.ts";
import { type JsonRpcServer, serve } from "./jsonRpcServer.ts";

export type { JsonRpcServer };

/** Since here the replica of mainnet has had a block every 12 seconds, which puts it about where mainnet is. */
const GENESIS = new Date("2017-01-01T00:00:00Z");
const SLOT = 12n;

/**
 * What stands in for a node of mainnet when there is none: a simulated chain with mainnet's chain id, about its height and its time,
 * and the stand-in at EigenLayer's addresses. The height depends on the clock, so no cache of an earlier fork fits it.
 */
export async function startReplica(): Promise<JsonRpcServer> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { chainId: 1, initialDate: GENESIS },
  });
  await placeEigenLayer(connection.provider);
  const blocks = BigInt(Math.floor((Date.now() - GENESIS.getTime()) / 1000)) / SLOT;
  await connection.provider.request({
    method: "hardhat_mine",
    params: [`0x${blocks.toString(16)}`, `0x${SLOT.toString(16)}`],
  });
  return await served(connection);
}

/** A fork of a chain starts up to 32 blocks behind its head. */
const BLOCKS = 40;

/** What stands in for a node of a rollup: a simulated chain with nothing on it but what its stack puts there. */
export async function startRollupReplica(chainType: ChainType, chainId: number): Promise<JsonRpcServer> {
  const initialDate = new Date(Date.now() - BLOCKS * 1000);
  const connection = await network.create({ network: "default", chainType, override: { chainId, initialDate } });
  // One by one: of many that are mined at once an op chain keeps less than its next block needs.
  for (let block = 0; block < BLOCKS; ++block) await connection.provider.request({ method: "evm_mine" });
  return await served(connection);
}

async function served(connection: NetworkConnection<ChainType>): Promise<JsonRpcServer> {
  const server = await serve(connection.provider);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await connection.close();
    },
  };
}
