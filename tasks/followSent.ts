/** Sees what becomes of messages that a command sent. */
import type { ConnectedMember } from "../src/deployments/connect.ts";
import type { MessageStatus, Sent } from "../src/messages/index.ts";
import { plural } from "./output/messages.ts";
import type { Progress } from "./output/progress.ts";

/** Looks until all are delivered or failed, or time is up; answers their statuses by id. */
export async function followSent(
  { from, to }: { readonly from: ConnectedMember; readonly to: ConnectedMember },
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
