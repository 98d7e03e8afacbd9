/** The addresses file of a devnet: there while it runs. */
import { rm } from "node:fs/promises";

import { readAddresses } from "../deployments/addressesFile.ts";
import { openUrl } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";

/** Milliseconds in which a devnet that runs answers. */
const TIMEOUT = 1_000;

/** Throws `devnet/running` if the file is that of a devnet that runs, and as `readAddresses` does. */
export async function requireNoRunningDevnet(file: string): Promise<void> {
  const present = await readAddresses(file);
  if (present?.chains !== "devnet") return;
  const { pid, urls } = present.devnet;
  const { chainId } = present.settlement;
  if (!isAlive(pid) || urls["l1"] === undefined || !(await answers(urls["l1"], chainId))) return;
  throw new ParleyError(
    "devnet/running",
    `${file} is the addresses file of a devnet that runs, process ${pid}.`,
    "Stop that devnet, or name another file with --addresses.",
  );
}

/** Removes the file if it is still this process's. */
export async function removeAddresses(file: string): Promise<void> {
  const present = await readAddresses(file).catch(() => undefined);
  if (present?.chains === "devnet" && present.devnet.pid === process.pid) await rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM"; // somebody else's
  }
}

/** Whether a node of this chain is at the URL: the number of a process that ended may be another's by now. */
async function answers(url: string, chainId: number): Promise<boolean> {
  const network = openUrl(url, chainId);
  try {
    await requireReachable({ name: "l1", at: url, chainId: BigInt(chainId), provider: network.provider }, TIMEOUT);
    return true;
  } catch {
    return false;
  } finally {
    await network.close();
  }
}
