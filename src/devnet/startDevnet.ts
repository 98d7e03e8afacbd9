/** A devnet: a fabric on chains that are served, with operators, a relayer and what rollup nodes do for bridges, until it is stopped. */
import { setTimeout as sleep } from "node:timers/promises";

import { Mailbox__factory } from "../../types/ethers-contracts/factories/examples/Mailbox__factory.ts";
import type { OperatorServer } from "../agents/http/operatorServer.ts";
import { run } from "../agents/loop.ts";
import type { Addresses } from "../deployments/addresses.ts";
import { writeAddresses } from "../deployments/addressesFile.ts";
import { fund } from "../testing/cheats.ts";
import { deploymentOf } from "../testing/deploymentOf.ts";
import { type Fabric, type FabricChain, type FabricPlan, startFabric } from "../testing/fabric.ts";
import { createAgents } from "../testing/fabricAgents.ts";
import { readerOf } from "../chain/readerOf.ts";
import { removeAddresses } from "./addressesOfDevnet.ts";
import { setBlockTime } from "./blockTime.ts";
import { deployMailboxes } from "./mailbox.ts";
import { type MessageEvent, MessageLog } from "./messageLog.ts";
import { ParleyError } from "../errors.ts";
import { HOST, portError } from "./ports.ts";
import { relayerAccount } from "./relayerAccount.ts";
import { RelayerSupervisor } from "./relayerSupervisor.ts";

/** A chain that can be reached at a URL. */
export interface ServedChain extends FabricChain {
  readonly url: string;
}

/** What happens while a devnet runs. */
export type DevnetEvent =
  | MessageEvent
  /** The relayer's process ended by itself, and is started again. */
  | { readonly event: "relayer-ended"; readonly reason: string; readonly restartMs: number }
  | { readonly event: "relayer-restarted"; readonly pid: number }
  /** What keeps messages from being delivered; nothing any more if the list is empty. */
  | { readonly event: "problems"; readonly of: "relayer" | "bridges" | "log"; readonly problems: readonly string[] };

/** Fresh chains, and how they end. */
export interface ServedChains {
  readonly l1: ServedChain;
  readonly rollups: readonly ServedChain[];
  close(): Promise<void>;
}

export interface DevnetPlan extends Omit<FabricPlan, "l1" | "rollups"> {
  /** Starts the chains. */
  readonly serveChains: () => Promise<ServedChains>;
  /** Port of the operators' HTTP interface; 0: one that the system gives. */
  readonly operatorsPort: number;
  readonly addressesFile: string;
  /** Seconds between blocks; 0: a block for each transaction. */
  readonly blockTime: number;
  /** Whether messages are relayed. */
  readonly withRelayer: boolean;
  readonly onEvent: (event: DevnetEvent) => void;
}

export interface Devnet {
  readonly addresses: Extract<Addresses, { chains: "devnet" }>;
  /** Of the relayer's process, when the devnet became ready; undefined if it has none. */
  readonly relayerPid: number | undefined;
  /** Ends it, its processes, servers and chains, and removes the addresses file. */
  stop(): Promise<void>;
}

const RELAYER_BALANCE = 10n ** 24n;

/** Milliseconds between looks at the chains. */
const INTERVAL = 100;

/** Milliseconds that what is being done has to be finished when the devnet stops. */
const GRACE = 1_000;

/** Starts a devnet. Rejects as `serveChains`, `startFabric` and `writeAddresses` do, and with `devnet/port-in-use`; nothing stays then. */
export async function startDevnet(plan: DevnetPlan): Promise<Devnet> {
  const closers: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    return { ...(await open(plan, (close) => closers.push(close))), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function open(
  plan: DevnetPlan,
  onStop: (close: () => Promise<void> | void) => void,
): Promise<Omit<Devnet, "stop">> {
  const { addressesFile, blockTime, onEvent } = plan;
  const relayer = plan.withRelayer ? superviseRelayer(onEvent) : undefined; // loads while the chains are made
  if (relayer !== undefined) onStop(() => relayer.stop());

  const chains = await plan.serveChains();
  onStop(() => chains.close());
  const fabric = await startFabric({ ...plan, ...chains });
  plan.onStep?.("Starting the operators and the relayer");
  const { address: mailbox } = await deployMailboxes(fabric.members);
  for (const { provider } of fabric.members) await fund(provider, relayerAccount().address, RELAYER_BALANCE);
  for (const { provider } of fabric.members) await setBlockTime(provider, blockTime);

  const server = await serve(fabric, plan.operatorsPort);
  onStop(() => server.close());
  const addresses: Devnet["addresses"] = {
    version: 1,
    chains: "devnet",
    ...deploymentOf(fabric),
    devnet: {
      pid: process.pid,
      urls: Object.fromEntries([chains.l1, ...chains.rollups].map(({ name, url }) => [name, url])),
      operators: fabric.operators.map(({ keyAddress }, index) => ({
        address: keyAddress,
        url: `${server.url}${operatorPath(index)}`,
      })),
      examples: { mailbox },
    },
  };
  const log = await logFrom(fabric, plan);
  const loops = new AbortController();
  const running = keepRunning(fabric, log, loops.signal, onEvent);
  onStop(async () => {
    loops.abort();
    await Promise.race([running, sleep(GRACE, undefined, { ref: false })]); // what waits for a block may wait long
  });

  await writeAddresses(addressesFile, addresses);
  onStop(() => removeAddresses(addressesFile));
  if (relayer === undefined) return { addresses, relayerPid: undefined };
  onStop(() => relayer.stop()); // first of all: what it talks to is still there
  return { addresses, relayerPid: await relayer.start(addressesFile) };
}

function superviseRelayer(onEvent: DevnetPlan["onEvent"]): RelayerSupervisor {
  return new RelayerSupervisor({
    onProblems: (problems) => onEvent({ event: "problems", of: "relayer", problems }),
    onEnd: (reason, restartMs) => onEvent({ event: "relayer-ended", reason, restartMs }),
    onRestart: (pid) => onEvent({ event: "relayer-restarted", pid }),
  });
}

const operatorPath = (index: number): string => `/operators/${index + 1}`;

async function serve(fabric: Fabric, port: number): Promise<OperatorServer> {
  const { serveOperators } = await import("../agents/http/operatorServer.ts"); // what it needs is slow to load
  const operators = createAgents(fabric).operators.map((operator, index) => ({ path: operatorPath(index), operator }));
  try {
    return await serveOperators({ operators }, { host: HOST, port });
  } catch (cause) {
    throw portError(port, cause instanceof ParleyError ? cause.cause : cause);
  }
}

/** A log of the messages from now on. */
async function logFrom(fabric: Fabric, { onEvent }: DevnetPlan): Promise<MessageLog> {
  const members = fabric.members.map(({ name, id, ref, signer, confirmations, startBlock }) => ({
    name,
    id,
    ...ref,
    provider: readerOf(signer),
    confirmations,
    startBlock,
  }));
  const log = new MessageLog({ members, abis: [Mailbox__factory.abi], onEvent });
  await log.update();
  return log;
}

/** Tells of messages, and carries what waits at bridges, whenever chains have new blocks. */
async function keepRunning(
  fabric: Fabric,
  log: MessageLog,
  signal: AbortSignal,
  onEvent: DevnetPlan["onEvent"],
): Promise<void> {
  let isDue = true;
  const look = async (): Promise<void> => {
    if (await log.update()) isDue = true;
  };
  const derive = async (): Promise<void> => {
    if (!isDue) return;
    isDue = false;
    try {
      await fabric.derive();
    } catch (error) {
      isDue = true;
      throw error;
    }
  };
  const repeat = (of: "log" | "bridges", step: () => Promise<void>): Promise<void> => {
    let before: string[] = [];
    const tell = (problems: string[]): void => {
      if (problems.join() !== before.join() && !signal.aborted) onEvent({ event: "problems", of, problems });
      before = problems;
    };
    return run(step, {
      intervalMs: INTERVAL,
      signal,
      onReport: () => tell([]),
      onError: (error) => tell([error instanceof Error ? error.message : String(error)]),
    });
  };
  await Promise.all([repeat("log", look), repeat("bridges", derive)]);
}
