import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode, exitCodeOf } from "./exitCodes.ts";
import { operatorsOf } from "./operators.ts";
import { paintStatus } from "./output/messages.ts";
import { describeTrace, traceResult, type TraceResult } from "./output/traceResult.ts";
import { readProjectErrors } from "./projectErrors.ts";

interface Arguments extends CommandArguments {
  readonly id: string;
  readonly operators: string | undefined;
}

export default async function messageTrace(
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<TraceResult | { readonly id: string; readonly status: "unknown" }> {
  return await runCommand(
    hre,
    args,
    async (fabric, progress): Promise<Outcome<Awaited<ReturnType<typeof messageTrace>>>> => {
      const { FabricReader, findMessages, parseMessageId, traceMessage, unknownMessage } =
        await import("../src/messages/index.ts");
      const id = parseMessageId(args.id);
      const [found] = findMessages(await new FabricReader(fabric.members).read(), [id]);
      if (found === undefined) {
        return {
          exitCode: ExitCode.unknown,
          result: { id, status: "unknown" },
          text: (paint) => paintStatus("unknown", paint),
          complaints: [unknownMessage(id, fabric.members)],
        };
      }
      progress.step("Asking the operators");
      const operators = await operatorsOf(fabric, args.operators);
      const isFailed = found.arrival?.arrivals.failed.has(id) === true;
      const hasFailed = isFailed || found.status === "delivered"; // a delivered one may have failed before
      const abis = hasFailed ? [await readProjectErrors(hre.artifacts)] : [];
      const trace = await traceMessage(fabric, found, operators, abis);
      return {
        exitCode: exitCodeOf([found.status]),
        result: traceResult(trace),
        text: (paint) => describeTrace(traceResult(trace), paint),
      };
    },
  );
}
