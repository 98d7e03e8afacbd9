import path from "node:path";
import { styleText } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { requireReplaceable, writeAddresses } from "../src/deployments/addressesFile.ts";
import { deploymentOf } from "../src/testing/deploymentOf.ts";
import type { ParleyConfig } from "./config/types.ts";
import type { DeployedFabric } from "./deployFabric.ts";
import { type DeployResult, type DeployStory, describeDeployment } from "./output/deployResult.ts";
import { terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { requireSimulated } from "./simulatedChains.ts";
import { reportingErrors } from "./taskError.ts";
import { timed } from "./timed.ts";

interface Arguments {
  readonly json: boolean;
  readonly addresses: string;
}

export default async function rollupDeploy(
  { json, addresses }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<DeployResult> {
  const progress = terminalProgress(process.stderr);
  const addressesFile = path.resolve(hre.config.paths.root, addresses);
  const { result, story } = await reportingErrors(() =>
    printingToStderr(async () => {
      requireSimulated(hre.config.parley, hre.config.networks);
      await requireReplaceable(addressesFile, "ended"); // before anything is done
      progress.step("Building the contracts");
      const build = await timed(() => hre.tasks.getTask("build").run({ quiet: true, noTests: true }));
      const { deployFabric } = await import("./deployFabric.ts");
      const outcome = await deployFabric(hre, progress);
      await writeAddresses(addressesFile, { version: 1, chains: "ended", ...deploymentOf(outcome.fabric) });
      return describe(outcome, { config: hre.config.parley, addressesFile: addresses, build: build.seconds });
    }).finally(() => progress.end()),
  );
  const paint = (style: "bold" | "dim" | "green", text: string): string =>
    styleText(style, text, { stream: process.stdout });
  console.log(json ? JSON.stringify(result) : describeDeployment(result, story, paint));
  return result;
}

function describe(
  { fabric, messages, seconds }: DeployedFabric,
  { config, addressesFile, build }: { config: ParleyConfig; addressesFile: string; build: number },
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
    story: { operators: config.operators, quorumBps: config.quorum, seconds: { build, ...seconds }, addressesFile },
  };
}
