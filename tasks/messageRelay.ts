import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Outlook, TrackedMessage } from "../src/messages/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { operatorsOf } from "./operators.ts";
import { plural } from "./output/messages.ts";
import { describeRelay, relayedMessage, triedMessage, type RelayResult } from "./output/relayResult.ts";
import { readProjectErrors } from "./projectErrors.ts";

interface Arguments extends CommandArguments {
  readonly ids: string[];
  readonly operators: string | undefined;
  readonly account: string | undefined;
  readonly dryRun: boolean;
}

export default async function messageRelay(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<RelayResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<RelayResult>> => {
    const library = await import("../src/messages/index.ts");
    const ids = args.ids.map((id) => library.parseMessageId(id));
    const reader = new library.FabricReader(fabric.members);
    const view = await reader.read();
    const messages = ids.length === 0 ? library.openMessages(view) : library.findMessages(view, ids);
    const known = messages.filter((message) => message !== undefined);
    const unknown = ids.filter((_, place) => messages[place] === undefined);
    const waiting = known.filter(({ status }) => status !== "delivered");
    const complaints = [
      ...unknown.map((id) => library.unknownMessage(id, fabric.members)),
      ...[...view.unread.values()].map(({ error }) => error),
    ];
    const operators = await operatorsOf(fabric, args.operators);
    const abis = [await readProjectErrors(hre.artifacts)];

    if (args.dryRun) {
      progress.step(`Trying out ${plural(waiting.length, "message")}`);
      const outlooks = new Map<TrackedMessage, Outlook>();
      for (const one of waiting) outlooks.set(one, await library.tryMessage(fabric, one, operators, abis));
      const tried = known.map((message) => triedMessage(message, outlooks.get(message)));
      const result = { dryRun: true, messages: tried, unknown, revoked: [], published: [], pushed: [], problems: [] };
      return { ...ending(known, unknown), result, text: (paint) => describeRelay(result, paint), complaints };
    }

    progress.step(`Relaying ${plural(waiting.length, "message")}`);
    const report = await library.relayMessages(fabric, {
      operators,
      abis,
      only: ids.length === 0 ? undefined : new Set(ids),
      account: args.account,
      view,
    });
    const after = library.findMessages(
      await reader.read(),
      known.map(({ message }) => message.id),
    );
    const now = after.filter((message) => message !== undefined);
    const relayed = await Promise.all(
      now.map(async (message) => relayedMessage(message, report, await waits(message))),
    );
    const { revoked, published, pushed, problems } = report;
    const result = { dryRun: false, messages: relayed, unknown, revoked, published, pushed, problems };
    return { ...ending(now, unknown), result, text: (paint) => describeRelay(result, paint), complaints };

    async function waits(message: TrackedMessage): Promise<string | undefined> {
      const { arrival, source } = message;
      if (arrival === undefined || message.status === "delivered") return undefined;
      return library.waitsFor(message, await library.readJudgement(fabric, arrival, source.member.id));
    }
  });
}

const ending = (messages: readonly TrackedMessage[], unknown: readonly string[]): { exitCode: ExitCode } => ({
  exitCode: unknown.length > 0 ? ExitCode.unknown : exitCodeOf(messages.map(({ status }) => status)),
});
