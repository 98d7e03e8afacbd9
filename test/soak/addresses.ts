import path from "node:path";

import { ZeroAddress } from "ethers";

import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import { deploymentOf } from "../../src/testing/deploymentOf.ts";
import type { SoakChains } from "./chains.ts";
import type { SoakOperator } from "./operators.ts";

/** Writes the file by which processes find everything; answers its name. */
export async function writeSoakAddresses(
  folder: string,
  { fabric, urls }: SoakChains,
  operators: readonly SoakOperator[],
): Promise<string> {
  const file = path.join(folder, "addresses.json");
  await writeAddresses(file, {
    ...{ version: 1, chains: "devnet", ...deploymentOf(fabric) },
    devnet: {
      pid: process.pid,
      urls: Object.fromEntries(urls),
      operators: operators.map(({ address, url }) => ({ address, url })),
      examples: { mailbox: ZeroAddress },
    },
  });
  return file;
}
