import { readFile } from "node:fs/promises";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import { toJson } from "./output/json.ts";
import { printingToStderr } from "./output/streams.ts";
import { identityOf, storeFile } from "./signingFiles.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly file: string;
  readonly keyId: string;
  readonly store: string | undefined;
  readonly addresses: string;
  readonly json: boolean;
}

/** What `--json` prints. */
export interface ImportResult {
  readonly file: string;
  readonly keyId: string;
  /** Words that the store did not have. */
  readonly added: number;
  readonly known: number;
}

export default async function operatorImport(
  { file, keyId, store, addresses, json }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<ImportResult> {
  const result = await reportingErrors(() =>
    printingToStderr(async (): Promise<ImportResult> => {
      const { importIntoStore } = await import("../src/agents/operating/storeFiles.ts");
      const text = await readText(path.resolve(hre.config.paths.root, file));
      const identity = await identityOf(hre, addresses, keyId);
      return { file, keyId: identity.keyId, ...(await importIntoStore(storeFile(hre, store), identity, text)) };
    }),
  );
  console.log(json ? toJson(result) : `${result.added} words were added; ${result.known} were there already.`);
  return result;
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    throw new ParleyError(
      "signing/unreadable",
      `${file} cannot be read: ${String(cause)}`,
      "Name a file that operator:export wrote.",
      { cause },
    );
  }
}
