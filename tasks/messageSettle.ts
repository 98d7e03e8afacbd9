import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { describeSettling, settleResult, type SettleResult } from "./output/settleResult.ts";
import { readProjectErrors } from "./projectErrors.ts";

interface Arguments extends CommandArguments {
  readonly id: string;
  readonly account: string | undefined;
  readonly dryRun: boolean;
  readonly wait: boolean;
  readonly timeout: number;
}

export default async function messageSettle(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<SettleResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<SettleResult>> => {
    const { parseMessageId, unknownMessage } = await import("../src/messages/index.ts");
    const { settleMessage } = await import("../src/settling/index.ts");
    const id = parseMessageId(args.id);
    const { dryRun, account } = args;
    const waitMs = args.wait ? secondsOf(args.timeout) * 1_000 : 0;
    const abis = [await readProjectErrors(hre.artifacts)];
    const onStep = (text: string): void => progress.step(text);
    const settling = await settleMessage(fabric, id, { account, dryRun, waitMs, abis, onStep });
    if (settling === undefined) {
      return {
        exitCode: ExitCode.unknown,
        result: { id, status: "unknown" },
        text: (paint) => paint("red", "unknown"),
        complaints: [unknownMessage(id, fabric.members)],
      };
    }
    const result = settleResult(settling, dryRun);
    return {
      exitCode: exitCodeOf(settling.state.stage === "delivered", result.reason !== null),
      result,
      text: (paint) => describeSettling(result, paint),
    };
  });
}

function exitCodeOf(isDelivered: boolean, isRefused: boolean): ExitCode {
  if (isDelivered) return ExitCode.done;
  return isRefused ? ExitCode.failed : ExitCode.pending;
}

function secondsOf(timeout: number): number {
  if (timeout >= 1) return timeout;
  throw new ParleyError("message/bad-timeout", `--timeout is ${timeout}.`, "Give seconds, at least 1.");
}
