import { open } from "node:fs/promises";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import { toJson } from "./output/json.ts";
import { printingToStderr } from "./output/streams.ts";
import { storeFile } from "./signingFiles.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly file: string;
  readonly store: string | undefined;
  readonly json: boolean;
}

/** What `--json` prints. */
export interface ExportResult {
  readonly file: string;
  /** Of the signing key. */
  readonly keyId: string;
  readonly words: number;
  readonly halted: number;
}

export default async function operatorExport(
  { file, store, json }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<ExportResult> {
  const result = await reportingErrors(() =>
    printingToStderr(async (): Promise<ExportResult> => {
      const { exportStore } = await import("../src/agents/operating/storeFiles.ts");
      const { text, ...counts } = await exportStore(storeFile(hre, store));
      await writeNew(path.resolve(hre.config.paths.root, file), text);
      return { file, ...counts };
    }),
  );
  console.log(json ? toJson(result) : `${result.words} words that ${result.keyId} signed are in ${file}.`);
  return result;
}

async function writeNew(file: string, text: string): Promise<void> {
  try {
    const handle = await open(file, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new ParleyError(
      "signing/unwritable",
      `${file} cannot be written: ${String(cause)}`,
      "Name a file that is not there yet, in a folder that you may write to.",
      { cause },
    );
  }
}
