import path from "node:path";
import { styleText } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { readAddresses, writeAddresses } from "../src/deployments/addressesFile.ts";
import { deploymentOf } from "../src/testing/deploymentOf.ts";
import { confirmDelivered, deployPingPong, type ExchangedMessage, serve } from "../src/testing/exchange.ts";
import { type Fabric, startFabric } from "../src/testing/fabric.ts";
import { createAgents, relayAll } from "../src/testing/fabricAgents.ts";
import type { ParleyConfig } from "./config/types.ts";
import { type DeployResult, type DeployStory, describeDeployment } from "./output/deployResult.ts";
import { type Progress, terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { openChains, requireSimulated } from "./simulatedChains.ts";
import { reportingErrors } from "./taskError.ts";

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
      await readAddresses(addressesFile); // refuses a file that is not ours before anything is done
      progress.step("Building the contracts");
      const build = await timed(() => hre.tasks.getTask("build").run({ quiet: true, noTests: true }));
      const outcome = await deployFabric(hre, progress);
      await writeAddresses(addressesFile, deploymentOf(outcome.fabric));
      return describe(outcome, { config: hre.config.parley, addressesFile: addresses, build: build.seconds });
    }).finally(() => progress.end()),
  );
  const paint = (style: "bold" | "dim" | "green", text: string): string =>
    styleText(style, text, { stream: process.stdout });
  console.log(json ? JSON.stringify(result) : describeDeployment(result, story, paint));
  return result;
}

interface Outcome {
  readonly fabric: Fabric;
  readonly messages: readonly ExchangedMessage[];
  readonly seconds: { readonly deploy: number; readonly messages: number };
}

async function deployFabric(hre: HardhatRuntimeEnvironment, progress: Progress): Promise<Outcome> {
  const { parley } = hre.config;
  const chains = await openChains(parley, hre.network);
  try {
    const deployed = await timed(() =>
      startFabric({
        ...chains,
        artifacts: hre.artifacts,
        operators: parley.operators,
        quorumBps: parley.quorum,
        onStep: (step) => progress.step(step),
      }),
    );
    progress.step("Passing a message each way");
    const exchanged = await timed(() => passMessages(deployed.value));
    return {
      fabric: deployed.value,
      messages: exchanged.value,
      seconds: { deploy: deployed.seconds, messages: exchanged.seconds },
    };
  } finally {
    await chains.close();
  }
}

/** A message each way between neighbours, in the order of the config; with one rollup, between L1 and it. */
async function passMessages(fabric: Fabric): Promise<ExchangedMessage[]> {
  const [, ...rollups] = fabric.members;
  const tables = await deployPingPong(rollups.length === 1 ? fabric.members : rollups);
  const sent = [];
  for (const [index, one] of tables.entries()) {
    const other = tables[index + 1];
    if (other !== undefined) sent.push(await serve(one, other), await serve(other, one));
  }
  return confirmDelivered(sent, await relayAll(fabric, createAgents(fabric).relayer));
}

function describe(
  { fabric, messages, seconds }: Outcome,
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

async function timed<Value>(work: () => Promise<Value>): Promise<{ value: Value; seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: (performance.now() - start) / 1000 };
}
