/** What all commands on a running fabric have in common. */
import { styleText } from "node:util";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ConnectedFabric } from "../src/deployments/connect.ts";
import type { ParleyError } from "../src/errors.ts";
import type { ExitCode } from "./exitCodes.ts";
import { connectByFile, requireTypes } from "./fabricConnection.ts";
import { toJson } from "./output/json.ts";
import type { Paint } from "./output/paint.ts";
import { type Progress, terminalProgress } from "./output/progress.ts";
import { printingToStderr } from "./output/streams.ts";
import { reportingErrors } from "./taskError.ts";

/** Options of every one of them. */
export interface CommandArguments {
  readonly json: boolean;
  readonly addresses: string;
}

/** What a command comes to. */
export interface Outcome<Result> {
  readonly exitCode: ExitCode;
  /** For programs: what `--json` prints. */
  readonly result: Result;
  /** For people. */
  readonly text: (paint: Paint) => string;
  /** What is wrong although there is a result. */
  readonly complaints?: readonly ParleyError[];
}

/** Opens the fabric, does the work, prints what came of it, and sets the process's exit code. */
export async function runCommand<Result>(
  hre: HardhatRuntimeEnvironment,
  { json, addresses }: CommandArguments,
  work: (fabric: ConnectedFabric, progress: Progress) => Promise<Outcome<Result>>,
): Promise<Result> {
  const progress = terminalProgress(process.stderr);
  const { exitCode, result, text, complaints } = await reportingErrors(() =>
    printingToStderr(async () => {
      const fabric = await connectByFile(hre, addresses);
      try {
        progress.step("Asking the chains");
        await requireTypes(hre);
        return await work(fabric, progress);
      } finally {
        await fabric.close();
      }
    }).finally(() => progress.end()),
  );
  for (const { message, code, hint } of complaints ?? []) console.error(`${message} [${code}]\n${hint}`);
  console.log(json ? toJson(result) : text((style, part) => styleText(style, part, { stream: process.stdout })));
  process.exitCode = exitCode;
  return result;
}
