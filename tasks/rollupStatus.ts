import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { operatorsOf } from "./operators.ts";
import { describeFabric, fabricResult, type FabricResult } from "./output/fabricResult.ts";

interface Arguments extends CommandArguments {
  readonly operators: string | undefined;
}

export default async function rollupStatus(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<FabricResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<FabricResult>> => {
    const { readFabricStatus } = await import("../src/messages/index.ts");
    const status = await readFabricStatus(fabric, await operatorsOf(fabric, args.operators));
    const result = fabricResult(status);
    return {
      exitCode: status.isWell ? ExitCode.done : ExitCode.failed,
      result,
      text: (paint) => describeFabric(result, paint),
      complaints: status.members.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
    };
  });
}
