import { once } from "node:events";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { requireReplaceable } from "../src/deployments/addressesFile.ts";
import { requireNoRunningDevnet } from "../src/devnet/addressesOfDevnet.ts";
import { requireBlockTime } from "../src/devnet/blockTime.ts";
import { planPorts, requireFree } from "../src/devnet/ports.ts";
import { devnetChains } from "./config/devnetChains.ts";
import { countIn } from "./config/countIn.ts";
import { devnetPrinter } from "./output/devnetPrinter.ts";
import { terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { serveChains } from "./servedChains.ts";
import { confirmationsOf, requireSimulated } from "./simulatedChains.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly rollups: string | undefined;
  readonly operators: string | undefined;
  readonly port: number;
  readonly blockTime: number;
  readonly confirmations: string | undefined;
  readonly withoutRelayer: boolean;
  readonly addresses: string;
  readonly json: boolean;
}

/** Milliseconds after which the process ends, whatever it is doing, once it was asked to. */
const GRACE = 4_000;

export default async function rollupDevnet(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  const { parley, networks, paths } = hre.config;
  const progress = terminalProgress(process.stderr);
  await reportingErrors(async () => {
    const chains = devnetChains(parley, {
      rollups: countIn(args.rollups, { option: "--rollups", least: 1, most: 63 }),
      confirmations: countIn(args.confirmations, { option: "--confirmations", least: 0, most: 1_000 }),
    });
    const operators = countIn(args.operators, { option: "--operators", least: 4, most: 256 }) ?? parley.operators;
    requireSimulated({ settlement: chains.l1, rollups: chains.rollups }, networks);
    requireBlockTime(
      args.blockTime,
      [chains.l1, ...chains.rollups].map((chain) => ({ name: chain.name, confirmations: confirmationsOf(chain) })),
    );
    const ports = planPorts(args.port, chains.rollups.length);
    const addressesFile = path.resolve(paths.root, args.addresses);
    await requireFree(ports);
    await requireReplaceable(addressesFile, "devnet");
    await requireNoRunningDevnet(addressesFile);

    progress.step("Building the contracts");
    await printingToStderr(() => hre.tasks.getTask("build").run({ quiet: true, noTests: true }));

    const start = performance.now();
    const end = stopSignal();
    const { startDevnet } = await import("../src/devnet/startDevnet.ts");
    const printer = devnetPrinter(args.json);
    const starting = startDevnet({
      serveChains: () => serveChains(hre, chains, ports),
      operators,
      quorumBps: parley.quorum,
      keyType: parley.keyType,
      operatorsPort: ports.operators,
      addressesFile,
      blockTime: args.blockTime,
      withRelayer: !args.withoutRelayer,
      onStep: (step) => {
        end.throwIfAborted();
        progress.step(step);
      },
      onEvent: (event) => {
        if (!end.aborted) printer.tell(event);
      },
    });
    const devnet = await starting.catch((error: unknown) => {
      if (!end.aborted) throw error; // else it was told to end while it started
    });
    progress.end();
    if (devnet === undefined) return;
    if (!end.aborted) {
      const seconds = (performance.now() - start) / 1_000;
      printer.ready(devnet, { seconds, addressesFile: args.addresses, blockTime: args.blockTime });
      await once(end, "abort");
    }
    printer.stopping();
    await devnet.stop();
  }).finally(() => progress.end());
}

/** Aborts when the process is asked to end. That it is asked again changes nothing: npm passes on what the terminal sent already. */
function stopSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
    setTimeout(() => process.exit(), GRACE).unref();
  };
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, stop);
  process.stdout.on("error", stop); // nobody listens any more: `| head -1`
  return controller.signal;
}
