import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import type { MessageStatus } from "../src/messages/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { memberNamed } from "./fabricConnection.ts";
import { messageLines, messageResult, type MessageResult } from "./output/messages.ts";

interface Arguments extends CommandArguments {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly status: string | undefined;
  readonly limit: number;
}

/** What `--json` prints. */
export interface ListResult {
  /** Newest last. `sentAt` in seconds since 1970. */
  readonly messages: readonly (MessageResult & { readonly sentAt: bigint })[];
  /** Members whose chains could not be read. */
  readonly unread: readonly { readonly name: string; readonly code: string; readonly reason: string }[];
}

export default async function messageList(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<ListResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<ListResult>> => {
    const { FabricReader, listMessages, STATUSES } = await import("../src/messages/index.ts");
    const status = statusNamed(args.status, STATUSES);
    if (args.limit < 1) {
      throw new ParleyError(
        "message/bad-limit",
        `--limit is ${args.limit}.`,
        "Give how many messages to list, 1 at least.",
      );
    }
    for (const option of ["from", "to"] as const) {
      if (args[option] !== undefined) memberNamed(fabric, args[option], `--${option}`);
    }
    const view = await new FabricReader(fabric.members).read();
    const messages = await listMessages(view, { from: args.from, to: args.to, status, limit: args.limit });
    const unread = [...view.unread.values()];
    return {
      exitCode: unread.length === 0 ? ExitCode.done : ExitCode.error,
      result: {
        messages: messages.map((message) => ({ ...messageResult(message), sentAt: message.sentAt })),
        unread: unread.map(({ member, error }) => ({ name: member.name, code: error.code, reason: error.message })),
      },
      text: (paint) => (messages.length === 0 ? "No messages." : messageLines(messages, paint)),
      complaints: unread.map(({ error }) => error),
    };
  });
}

function statusNamed(name: string | undefined, statuses: readonly MessageStatus[]): MessageStatus | undefined {
  if (name === undefined) return undefined;
  const found = statuses.find((status) => status === name);
  if (found !== undefined) return found;
  throw new ParleyError("message/bad-status", `--status is "${name}".`, `Use one of: ${statuses.join(", ")}.`);
}
