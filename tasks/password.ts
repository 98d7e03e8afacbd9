/** Where a keystore's password comes from: a file, the environment, or a person at a terminal. */
import { readFile } from "node:fs/promises";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";

const VARIABLE = "PARLEY_KEY_PASSWORD";

/**
 * The password. A person is asked twice for a `new` one. Throws `keystore/no-password`, `keystore/password-file`,
 * `keystore/passwords-differ`.
 */
export async function readPassword(
  hre: HardhatRuntimeEnvironment,
  passwordFile: string | undefined,
  use: "new" | "known",
): Promise<string> {
  if (passwordFile !== undefined) return await fromFile(path.resolve(hre.config.paths.root, passwordFile));
  const given = process.env[VARIABLE];
  if (given !== undefined && given !== "") return given;
  if (!process.stdin.isTTY) {
    throw new ParleyError(
      "keystore/no-password",
      "There is no password for the keystore, and no terminal to ask at.",
      `Name a file with --password-file, or set ${VARIABLE}.`,
    );
  }
  const ask = async (text: string): Promise<string> =>
    await hre.interruptions.requestSecretInput("Parley", `${text}: `);
  const password = await ask(use === "new" ? "Password for the new keystore" : "Password of the keystore");
  if (use === "new" && (await ask("Once more")) !== password) {
    throw new ParleyError("keystore/passwords-differ", "The two passwords differ.", "Run the command again.");
  }
  return password;
}

async function fromFile(file: string): Promise<string> {
  try {
    return (await readFile(file, "utf8")).replace(/\r?\n$/, "");
  } catch (cause) {
    throw new ParleyError(
      "keystore/password-file",
      `${file} cannot be read: ${String(cause)}`,
      "Name a file that holds the password and nothing else.",
      { cause },
    );
  }
}
