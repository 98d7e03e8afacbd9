import { network } from "hardhat";

import { placeEigenLayer } from "../../../src/testing/placeEigenLayer.ts";
import { type JsonRpcServer, serve } from "./jsonRpcServer.ts";

/** Since here the replica has had a block every 12 seconds, which puts it about where mainnet is. */
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
  const server = await serve(connection.provider);
  return {
    url: server.url,
    close: async () => {
      await server.close();
      await connection.close();
    },
  };
}
