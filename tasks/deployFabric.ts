/** What rollup:deploy does once the contracts are built: it needs the types that the build generates, so it is loaded then. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { confirmDelivered, deployPingPong, type ExchangedMessage, serve } from "../src/testing/exchange.ts";
import { type Fabric, startFabric } from "../src/testing/fabric.ts";
import { createAgents, relayAll } from "../src/testing/fabricAgents.ts";
import type { Progress } from "./output/progress.ts";
import { openChains } from "./simulatedChains.ts";
import { timed } from "./timed.ts";

/** A fabric that runs, and the messages that passed over it. */
export interface DeployedFabric {
  readonly fabric: Fabric;
  readonly messages: readonly ExchangedMessage[];
  readonly seconds: { readonly deploy: number; readonly messages: number };
}

/** Deploys the configured fabric on simulated chains and passes a message each way; the chains end with it. */
export async function deployFabric(hre: HardhatRuntimeEnvironment, progress: Progress): Promise<DeployedFabric> {
  const { parley } = hre.config;
  const chains = await openChains(parley, hre.network);
  try {
    const deployed = await timed(() =>
      startFabric({
        ...chains,
        operators: parley.operators,
        quorumBps: parley.quorum,
        keyType: parley.keyType,
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
