/** Relayers in processes of their own. */
import { type ChildProcess, fork } from "node:child_process";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { id, Wallet } from "ethers";

import { fund } from "../../src/testing/cheats.ts";
import type { SoakChains } from "./chains.ts";
import type { SoakOperator } from "./operators.ts";
import type { RelayerOrder } from "./relayerOrder.ts";

const BALANCE = 10n ** 24n;
const CHILD = path.join(path.dirname(fileURLToPath(import.meta.url)), "relayerChild.ts");

/** A relayer that is started again when it was killed. */
export class SoakRelayer {
  readonly #name: string;
  readonly #order: string;
  #child: ChildProcess | undefined;

  constructor(name: string, order: string) {
    this.#name = name;
    this.#order = order;
  }

  start(): void {
    this.#child = fork(CHILD, [this.#order, this.#name], {
      execArgv: ["--import", import.meta.resolve("tsx")],
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    });
  }

  /** Ends it as a power cut does; answers once it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}

/** Writes down what relayers are told, and gives each what its transactions cost. */
export async function openRelayers(
  names: readonly string[],
  { fabric, urls }: SoakChains,
  operators: readonly SoakOperator[],
  folder: string,
): Promise<SoakRelayer[]> {
  const { settlement, serviceManager } = fabric.contracts;
  const [l1] = fabric.members;
  const order: RelayerOrder = {
    ...{ settlement, serviceManager, settlementChainId: Number(l1.chainId), startBlock: fabric.startBlock },
    members: fabric.members.map(({ name, id: member, ref, chainId, confirmations, startBlock }) => ({
      ...{ name, id: member, gateway: ref.gateway, url: urls.get(name) ?? "" },
      ...{ chainId: Number(chainId), confirmations, startBlock },
    })),
    operators: operators.map(({ client: { address, url } }) => ({ address, url })),
  };
  const file = path.join(folder, "relayers.json");
  await writeFile(file, JSON.stringify(order));
  for (const name of names) {
    const { address } = new Wallet(id(name));
    for (const { provider } of fabric.members) await fund(provider, address, BALANCE);
  }
  return names.map((name) => new SoakRelayer(name, file));
}
