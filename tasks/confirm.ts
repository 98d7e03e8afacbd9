import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";

/** Resolves if `yes` was given or a person at the terminal agrees. Throws `command/not-confirmed`. */
export async function confirm(hre: HardhatRuntimeEnvironment, yes: boolean, plan: string): Promise<void> {
  if (yes) return;
  if (!process.stdin.isTTY) {
    throw new ParleyError(
      "command/not-confirmed",
      "This sends transactions, and there is no terminal to ask at.",
      "Look at it with --dry-run first; then give --yes.",
    );
  }
  const answer = await hre.interruptions.requestInput("Parley", `${plan}\nGo on? [y/N] `);
  if (/^y(es)?$/i.test(answer.trim())) return;
  throw new ParleyError("command/not-confirmed", "Nothing was done.", "Answer y to go on.");
}
