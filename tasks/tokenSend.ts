import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { MessageStatus } from "../src/messages/index.ts";
import type { Transfer, TransferPlan } from "../src/tokens/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { memberNamed } from "./fabricConnection.ts";
import { followSent } from "./followSent.ts";
import { describeTransfer, transferResult, type TransferResult } from "./output/transferResult.ts";

interface Arguments extends CommandArguments {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly bridge: string | undefined;
  readonly amount: string | undefined;
  readonly recipient: string | undefined;
  readonly account: string | undefined;
  readonly wait: boolean;
  readonly timeout: number;
  readonly dryRun: boolean;
}

export default async function tokenSend(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<TransferResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<TransferResult>> => {
    const { planTransfer, sendTransfer } = await import("../src/tokens/index.ts");
    const [from, to] = [memberNamed(fabric, args.from, "--from"), memberNamed(fabric, args.to, "--to")];
    const { bridge, amount, recipient, account } = args;
    const plan = await planTransfer({ from, to, bridge, amount, recipient, account });
    if (args.dryRun) return outcome(plan, undefined, undefined);
    const sent = await sendTransfer(plan, (step) =>
      progress.step(step === "approve" ? `Letting the bridge take ${plan.symbol}` : `Sending ${plan.symbol}`),
    );
    const statuses = args.wait ? await followSent(plan, [sent.message], args.timeout, progress) : undefined;
    return outcome(plan, sent, statuses);
  });
}

function outcome(
  plan: TransferPlan,
  sent: Transfer | undefined,
  statuses: ReadonlyMap<string, MessageStatus> | undefined,
): Outcome<TransferResult> {
  const result = transferResult(plan, sent, statuses);
  return {
    exitCode: statuses === undefined || result.message === null ? ExitCode.done : exitCodeOf([result.message.status]),
    result,
    text: (paint) => describeTransfer(result, paint),
  };
}
