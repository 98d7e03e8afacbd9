import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { MessageStatus, SendPlan, Sent } from "../src/messages/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { followSent } from "./followSent.ts";
import { describeSend, type SendResult } from "./output/sendResult.ts";
import { plural } from "./output/messages.ts";
import { sendOrder, type OrderArguments } from "./sendOrder.ts";

interface Arguments extends CommandArguments, OrderArguments {
  readonly wait: boolean;
  readonly timeout: number;
  readonly dryRun: boolean;
}

export default async function messageSend(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<SendResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<SendResult>> => {
    const { planSend, sendPlanned } = await import("../src/messages/index.ts");
    const order = sendOrder(args, fabric);
    const plan = await planSend(order);
    if (args.dryRun) return outcome(plan, true, [], undefined);
    const total = order.payloads.length;
    progress.step(`Sending ${plural(total, "message")}`);
    const sent = await sendPlanned(plan, (count) => progress.step(`Sent ${count} of ${plural(total, "message")}`));
    const statuses = args.wait ? await followSent(order, sent, args.timeout, progress) : undefined;
    return outcome(plan, false, sent, statuses);
  });
}

function outcome(
  plan: SendPlan,
  dryRun: boolean,
  sent: readonly Sent[],
  statuses: ReadonlyMap<string, MessageStatus> | undefined,
): Outcome<SendResult> {
  const { order, account, gas, maxCost, firstId, firstNonce } = plan;
  const result: SendResult = {
    from: order.from.name,
    to: order.to.name,
    account,
    recipient: order.recipient,
    dryRun,
    count: order.payloads.length,
    estimate: { gas, maxCost, firstId, firstNonce },
    messages: sent.map((message) => ({ ...message, status: statuses?.get(message.id) ?? "sent" })),
  };
  return {
    exitCode: statuses === undefined ? ExitCode.done : exitCodeOf(result.messages.map(({ status }) => status)),
    result,
    text: (paint) => describeSend(result, paint),
  };
}
