import path from "node:path";
import { styleText } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { requireReplaceable, writeAddresses } from "../src/deployments/addressesFile.ts";
import { requireNoRunningDevnet } from "../src/devnet/addressesOfDevnet.ts";
import { ParleyError } from "../src/errors.ts";
import { deploymentOf } from "../src/testing/deploymentOf.ts";
import { isPackageRoot } from "./config/contracts.ts";
import type { ParleyConfig } from "./config/types.ts";
import type { DeployedFabric } from "./deployFabric.ts";
import { deployKind } from "./deployKind.ts";
import { ExitCode } from "./exitCodes.ts";
import { type DeployResult, type DeployStory, describeDeployment } from "./output/deployResult.ts";
import { toJson } from "./output/json.ts";
import type { NetworkDeployResult } from "./output/networkDeployResult.ts";
import type { Paint } from "./output/paint.ts";
import { type Progress, terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { reportingErrors } from "./taskError.ts";
import { timed } from "./timed.ts";

interface Arguments {
  readonly json: boolean;
  readonly addresses: string;
  readonly yes: boolean;
  readonly dryRun: boolean;
  readonly safe: string | undefined;
}

/** What the command comes to. */
interface Outcome {
  readonly result: DeployResult | NetworkDeployResult;
  readonly text: (paint: Paint) => string;
  readonly exitCode: number;
}

export default async function rollupDeploy(
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<DeployResult | NetworkDeployResult> {
  const progress = terminalProgress(process.stderr);
  const { result, text, exitCode } = await reportingErrors(() =>
    printingToStderr(() => {
      const { parley, networks } = hre.config;
      return deployKind(parley, networks) === "simulated"
        ? onSimulatedChains(args, hre, progress)
        : onNetworks(args, hre, progress);
    }).finally(() => progress.end()),
  );
  console.log(args.json ? toJson(result) : text((style, part) => styleText(style, part, { stream: process.stdout })));
  process.exitCode = exitCode;
  return result;
}

async function onNetworks(args: Arguments, hre: HardhatRuntimeEnvironment, progress: Progress): Promise<Outcome> {
  const { root } = hre.config.paths;
  const addressesFile = path.resolve(root, args.addresses);
  await requireReplaceable(addressesFile, "networks");
  await requireNoRunningDevnet(addressesFile);
  await build(hre, progress);
  const { deployNetworks } = await import("./deployNetworks.ts");
  const { yes, dryRun } = args;
  const safe = args.safe === undefined ? undefined : path.resolve(root, args.safe);
  const { result, isComplete, text } = await deployNetworks(
    { parley: hre.config.parley, network: hre.network },
    { addressesFile, yes, dryRun, safe },
    progress,
  );
  const drifted = dryRun && result.drift.length > 0;
  return {
    result,
    text: () => text,
    exitCode: drifted ? ExitCode.failed : isComplete ? ExitCode.done : ExitCode.pending,
  };
}

async function onSimulatedChains(
  { addresses, dryRun, safe }: Arguments,
  hre: HardhatRuntimeEnvironment,
  progress: Progress,
): Promise<Outcome> {
  if (dryRun || safe !== undefined) {
    throw new ParleyError(
      "deploy/only-networks",
      "The fabric's chains are simulated: they start empty with this process, and end with it.",
      "Use --dry-run and --safe with networks that stay, named under `parley`.",
    );
  }
  const addressesFile = path.resolve(hre.config.paths.root, addresses);
  await requireReplaceable(addressesFile, "ended"); // before anything is done
  await requireNoRunningDevnet(addressesFile);
  const { seconds: building } = await timed(() => build(hre, progress));
  const { deployFabric } = await import("./deployFabric.ts");
  const outcome = await deployFabric(hre, progress);
  await writeAddresses(addressesFile, { version: 1, chains: "ended", ...deploymentOf(outcome.fabric) });
  const { result, story } = describe(outcome, {
    config: hre.config.parley,
    addressesFile: addresses,
    build: building,
  });
  return { result, text: (paint) => describeDeployment(result, story, paint), exitCode: ExitCode.done };
}

/** In Parley's own repository the contracts are built first; the package brings them. */
async function build({ config, tasks }: HardhatRuntimeEnvironment, progress: Progress): Promise<void> {
  if (!isPackageRoot(config.paths.root)) return;
  progress.step("Building the contracts");
  await tasks.getTask("build").run({ quiet: true, noTests: true });
}

function describe(
  { fabric, messages, seconds }: DeployedFabric,
  { config, addressesFile, build: building }: { config: ParleyConfig; addressesFile: string; build: number },
): { result: DeployResult; story: DeployStory } {
  return {
    result: {
      ...deploymentOf(fabric),
      messages: messages.map(({ id, from, to, sendGas, deliverGas }) => ({
        id,
        from: from.name,
        to: to.name,
        status: "delivered",
        gas: { send: Number(sendGas), deliver: Number(deliverGas) },
      })),
    },
    story: {
      operators: config.operators,
      quorumBps: config.quorum,
      seconds: { build: building, ...seconds },
      addressesFile,
    },
  };
}
