import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { createKeystore } from "../src/operators/keystore.ts";
import { toJson } from "./output/json.ts";
import { terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { readPassword } from "./password.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly file: string;
  readonly passwordFile: string | undefined;
  readonly json: boolean;
}

/** What `--json` prints. */
export interface KeygenResult {
  /** Of the signing key, as operator tables will list it. */
  readonly address: string;
  readonly file: string;
}

export default async function operatorKeygen(
  { file, passwordFile, json }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<KeygenResult> {
  const progress = terminalProgress(process.stderr);
  const address = await reportingErrors(() =>
    printingToStderr(async () => {
      const password = await readPassword(hre, passwordFile, "new");
      return await createKeystore(path.resolve(hre.config.paths.root, file), password, {
        onProgress: (share) => progress.step(`Encrypting: ${Math.floor(share * 100)} %`),
      });
    }).finally(() => progress.end()),
  );
  const result = { address, file };
  console.log(
    json
      ? toJson(result)
      : [
          `${address}  (${file})`,
          "Keep a copy of the file and its password: who loses them signs nothing more with this key,",
          "and whoever has both can have the operator convicted.",
        ].join("\n"),
  );
  return result;
}
