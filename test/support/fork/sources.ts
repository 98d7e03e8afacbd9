/** The nodes whose chains are forked. Nothing beyond this file knows which of them are real. */
import { z } from "zod";

import { type JsonRpcServer, startReplica, startRollupReplica } from "./replica.ts";

/** A node. */
export interface ForkSource {
  readonly url: string;
  /** The block at which its chain is forked; its head if not said. */
  readonly blockNumber?: number;
  readonly close: () => Promise<void>;
}

/** MAINNET_RPC_URL, at FORK_BLOCK; without that URL a replica that is started here. */
export const mainnet = (): Promise<ForkSource> => source("MAINNET_RPC_URL", "FORK_BLOCK", startReplica);

/** ROLLUP_ALPHA_RPC_URL, at ROLLUP_ALPHA_FORK_BLOCK; else a replica with the chain id of OP Mainnet. */
export const alpha = (): Promise<ForkSource> => rollup("ALPHA", () => startRollupReplica("op", 10));

/** ROLLUP_BETA_RPC_URL, at ROLLUP_BETA_FORK_BLOCK; else a replica with the chain id of Arbitrum One. */
export const beta = (): Promise<ForkSource> => rollup("BETA", () => startRollupReplica("generic", 42_161));

const rollup = (name: string, start: () => Promise<JsonRpcServer>): Promise<ForkSource> =>
  source(`ROLLUP_${name}_RPC_URL`, `ROLLUP_${name}_FORK_BLOCK`, start);

const Block = z.coerce.number().int().nonnegative().optional();

async function source(url: string, block: string, start: () => Promise<JsonRpcServer>): Promise<ForkSource> {
  const blockNumber = Block.parse(process.env[block]);
  const given = process.env[url];
  const node = given === undefined ? await start() : { url: given, close: () => Promise.resolve() };
  return { ...node, ...(blockNumber === undefined ? {} : { blockNumber }) };
}
