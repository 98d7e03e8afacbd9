/** What rollup:pause and rollup:unpause have in common. */
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { batchOfCalls } from "../deploy/safe.ts";
import type { PausePlan } from "../src/sources/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { memberNamed } from "./fabricConnection.ts";
import { describePause, type PauseResult, pauseResult } from "./output/pauseResult.ts";

export interface PauseArguments extends CommandArguments {
  readonly source: string;
  readonly at: string | undefined;
  readonly dryRun: boolean;
  readonly safe: string | undefined;
}

/** Pauses a source at a member, or lets it count again. */
export async function setPaused(
  paused: boolean,
  args: PauseArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<PauseResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<PauseResult>> => {
    const { carryOutPause, planPause } = await import("../src/sources/index.ts");
    const source = memberNamed(fabric, args.source, "SOURCE");
    const at = memberNamed(fabric, args.at, "--at");
    const plan = await planPause(at, source, paused);
    const finish = (result: PauseResult): Outcome<PauseResult> => ({
      exitCode: ExitCode.done,
      result,
      text: (paint) => describePause(result, paint),
    });
    if (plan.isDone) return finish(pauseResult(plan, "before"));
    if (args.dryRun) return finish(pauseResult(plan, "open"));
    if (args.safe !== undefined) {
      const file = path.resolve(hre.config.paths.root, args.safe);
      await writeBatch(plan, file);
      return finish(pauseResult(plan, "written", { safeFile: file }));
    }
    progress.step(`On ${at.name}: ${paused ? "pausing" : "unpausing"} ${source.name}`);
    return finish(pauseResult(plan, "done", { txHash: await carryOutPause(plan) }));
  });
}

async function writeBatch({ at, source, owner, data, paused }: PausePlan, file: string): Promise<void> {
  const batch = batchOfCalls(
    [{ to: at.gateway, data, value: 0n }],
    `${paused ? "Pause" : "Unpause"} certificates about ${source.name} on ${at.name}.`,
    { chainId: at.chainId, name: at.name, safe: owner, createdAt: Date.now() },
  );
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, `${JSON.stringify(batch, null, 2)}\n`);
}
