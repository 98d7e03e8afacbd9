import { setTimeout as sleep } from "node:timers/promises";

import type { NetworkConnection } from "hardhat/types/network";
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { DevnetPorts } from "../src/devnet/ports.ts";
import { HOST } from "../src/devnet/ports.ts";
import type { ServedChain, ServedChains } from "../src/devnet/startDevnet.ts";
import { genesisDate } from "../src/testing/eigenlayer.ts";
import type { DevnetChain, DevnetChains } from "./config/devnetChains.ts";
import { toFabricChain } from "./simulatedChains.ts";

/** Milliseconds that clients which keep their connections open may hold up the end. */
const GRACE = 1_000;

/** Starts and serves the chains. Ports must be free: see `requireFree`. */
export async function serveChains(
  { network, hooks }: Pick<HardhatRuntimeEnvironment, "network" | "hooks">,
  chains: DevnetChains,
  ports: DevnetPorts,
): Promise<ServedChains> {
  const closers: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    const closed = Promise.allSettled(closers.map((closer) => closer()));
    await Promise.race([closed, sleep(GRACE, undefined, { ref: false })]);
  };
  const serve = async (chain: DevnetChain, port: number, initialDate: Date): Promise<ServedChain> => {
    // A server keeps its chain to itself: it is caught as it is made, so that what is done here needs no HTTP.
    let connection: NetworkConnection | undefined;
    const handlers: Parameters<typeof hooks.registerHandlers<"network">>[1] = {
      newConnection: async (context, next) => {
        const made = await next(context);
        connection = made as unknown as NetworkConnection;
        return made;
      },
    };
    hooks.registerHandlers("network", handlers);
    const override = {
      initialDate,
      ...(chain.chainId === undefined ? {} : { chainId: chain.chainId }),
      allowBlocksWithSameTimestamp: true, // so that the chains' clocks keep together, however fast transactions come
      mining: { auto: true, interval: 0 },
    };
    const server = await network.createServer({ network: chain.network, override }, HOST, port);
    hooks.unregisterHandlers("network", handlers);
    if (connection === undefined) throw new Error("a server makes a connection of its own");
    const made = connection;
    closers.push(() => made.close());
    const listening = await server.listen();
    closers.push(() => server.close());
    return { ...(await toFabricChain(chain.name, chain, made)), url: `http://${HOST}:${listening.port}` };
  };
  try {
    const now = new Date();
    const l1 = await serve(chains.l1, ports.l1, genesisDate(now));
    const rollups: ServedChain[] = [];
    for (const [index, rollup] of chains.rollups.entries()) {
      rollups.push(await serve(rollup, ports.rollups[index] ?? 0, now));
    }
    return { l1, rollups, close };
  } catch (error) {
    await close();
    throw error;
  }
}
