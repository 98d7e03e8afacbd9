import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import { createKeystore } from "../src/operators/keystore.ts";
import { KEY_TYPES, type KeyType } from "../src/wire/index.ts";
import { toJson } from "./output/json.ts";
import { terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { readPassword } from "./password.ts";
import { reportingErrors } from "./taskError.ts";

interface Arguments {
  readonly file: string;
  readonly passwordFile: string | undefined;
  readonly keyType: string | undefined;
  readonly json: boolean;
}

/** What `--json` prints. */
export interface KeygenResult {
  /** Id of the signing key, as operator tables will list it: an ECDSA key's address. */
  readonly address: string;
  readonly keyType: KeyType;
  readonly file: string;
}

export default async function operatorKeygen(
  { file, passwordFile, keyType: named, json }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<KeygenResult> {
  const progress = terminalProgress(process.stderr);
  const { address, keyType } = await reportingErrors(() =>
    printingToStderr(async () => {
      const type = named === undefined ? hre.config.parley.keyType : readKeyType(named);
      const password = await readPassword(hre, passwordFile, "new");
      const created = await createKeystore(path.resolve(hre.config.paths.root, file), password, {
        keyType: type,
        onProgress: (share) => progress.step(`Encrypting: ${Math.floor(share * 100)} %`),
      });
      return { address: created, keyType: type };
    }).finally(() => progress.end()),
  );
  const result = { address, keyType, file };
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

/** Throws `operator/unknown-key-type`. */
function readKeyType(named: string): KeyType {
  const found = KEY_TYPES.find((type) => type === named);
  if (found !== undefined) return found;
  throw new ParleyError(
    "operator/unknown-key-type",
    `There is no type of key "${named}".`,
    `Use one of: ${KEY_TYPES.join(", ")}; it has to be that of the deployment.`,
  );
}
