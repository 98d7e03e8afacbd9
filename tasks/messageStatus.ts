import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { TrackedMessage } from "../src/messages/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { messageResult, paintStatus, type MessageResult } from "./output/messages.ts";
import { readProjectErrors } from "./projectErrors.ts";

interface Arguments extends CommandArguments {
  readonly id: string;
}

/** What `--json` prints. */
export type StatusResult =
  | (MessageResult & {
      /** What has to happen before it is delivered. */
      readonly waitsFor: string | null;
      /** Why it failed last. */
      readonly reason: string | null;
    })
  | { readonly id: string; readonly status: "unknown" };

export default async function messageStatus(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<StatusResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<StatusResult>> => {
    const { FabricReader, findMessages, parseMessageId, readJudgement, unknownMessage, waitsFor } =
      await import("../src/messages/index.ts");
    const id = parseMessageId(args.id);
    const [found] = findMessages(await new FabricReader(fabric.members).read(), [id]);
    if (found?.arrival === undefined) {
      return {
        exitCode: ExitCode.unknown,
        result: { id, status: "unknown" },
        text: (paint) => paintStatus("unknown", paint),
        complaints: [unknownMessage(id, fabric.members)],
      };
    }
    const waiting = waitsFor(found, await readJudgement(fabric, found.arrival, found.source.member.id)) ?? null;
    const result = { ...messageResult(found), waitsFor: waiting, reason: await lastReason(found, hre) };
    return {
      exitCode: exitCodeOf([found.status]),
      result,
      text: (paint) =>
        [
          `${result.from} → ${result.to}, nonce ${result.nonce}: ${paintStatus(found.status, paint)}`,
          ...(result.reason === null ? [] : [`Its recipient refused it: ${result.reason}`]),
          ...(waiting === null ? [] : [`It waits for ${waiting}.`]),
        ].join("\n"),
    };
  });
}

async function lastReason(
  { message, arrival }: TrackedMessage,
  { artifacts }: HardhatRuntimeEnvironment,
): Promise<string | null> {
  const failed = arrival?.arrivals.failed.get(message.id);
  if (failed === undefined) return null;
  const { decodeFailure } = await import("../src/chain/decodeFailure.ts");
  return decodeFailure(failed.reason, [await readProjectErrors(artifacts)]).text;
}
