/** Relayers in processes of their own. */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { ZeroAddress } from "ethers";

import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { deploymentOf } from "../../src/testing/deploymentOf.ts";
import type { SoakChains } from "./chains.ts";
import type { SoakOperator } from "./operators.ts";

const CHILD = path.join(path.dirname(fileURLToPath(import.meta.url)), "relayerChild.ts");

/** A relayer that is started again when it was killed. */
export class SoakRelayer {
  readonly #args: readonly string[];
  #child: ChildProcess | undefined;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  start(): void {
    this.#child = fork(CHILD, this.#args, {
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

/** Writes the addresses file, and makes relayers that find everything by it; each pays from an account of its own. */
export async function openRelayers(
  count: number,
  { fabric, urls }: SoakChains,
  operators: readonly SoakOperator[],
  folder: string,
): Promise<SoakRelayer[]> {
  const file = path.join(folder, "addresses.json");
  await writeAddresses(file, {
    ...{ version: 1, chains: "devnet", ...deploymentOf(fabric) },
    devnet: {
      pid: process.pid,
      urls: Object.fromEntries(urls),
      operators: operators.map(({ client: { address, url } }) => ({ address, url })),
      examples: { mailbox: ZeroAddress },
    },
  });
  const [l1] = fabric.members;
  const accounts = (await l1.provider.request({ method: "eth_accounts" })) as string[];
  // The first one is the deployer's.
  return accounts.slice(1, 1 + count).map((account) => new SoakRelayer([file, account]));
}
