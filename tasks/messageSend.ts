import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ConnectedFabric } from "../src/deployments/connect.ts";
import type { MessageStatus, SendOrder, SendPlan, Sent } from "../src/messages/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { describeSend, type SendResult } from "./output/sendResult.ts";
import { plural } from "./output/messages.ts";
import type { Progress } from "./output/progress.ts";
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
    const statuses = args.wait ? await follow(fabric, order, sent, args.timeout, progress) : undefined;
    return outcome(plan, false, sent, statuses);
  });
}

/** Sees what becomes of the messages until all are delivered or failed, or time is up. */
async function follow(
  fabric: ConnectedFabric,
  { from, to }: SendOrder,
  sent: readonly Sent[],
  timeout: number,
  progress: Progress,
): Promise<ReadonlyMap<string, MessageStatus>> {
  const { FabricReader, followMessages } = await import("../src/messages/index.ts");
  const found = await followMessages(
    new FabricReader([from, to]),
    sent.map(({ id }) => id),
    {
      timeoutMs: timeout * 1000,
      onLook: (messages) => {
        const done = messages.filter(({ status }) => status === "delivered").length;
        progress.step(`Waiting: ${done} of ${plural(sent.length, "message")} delivered`);
      },
    },
  );
  return new Map(found.map(({ message, status }) => [message.id, status]));
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
