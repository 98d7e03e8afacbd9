import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { confirm } from "./confirm.ts";
import { ExitCode } from "./exitCodes.ts";
import { capitalised } from "./operatorRegister.ts";
import {
  describeSteps,
  exitCodeOfSteps,
  membershipResult,
  stepLines,
  type StepsResult,
} from "./output/operatorResult.ts";

interface Arguments extends CommandArguments {
  readonly account: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export default async function operatorDeregister(
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<StepsResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<StepsResult>> => {
    const { deregisterOperator, planExit } = await import("../src/operators/index.ts");
    const { settlementAccess } = await import("../src/deployments/access.ts");
    const l1 = await settlementAccess(fabric, args);
    progress.end();
    const { membership, steps } = await planExit(await l1.signer.getAddress(), l1);
    const planned: StepsResult = { dryRun: args.dryRun, ...membershipResult(membership), steps, taken: [] };
    if (args.dryRun || steps.every(({ status }) => status !== "open")) return outcome(planned);
    if (!args.yes) await confirm(`${stepLines(planned).join("\n")}\nTake these steps?`, "operator");
    const done = await deregisterOperator(l1, ({ detail }) => progress.step(capitalised(detail)));
    return outcome({ dryRun: false, ...membershipResult(done.membership), steps: done.steps, taken: done.taken });
  });
}

const outcome = (result: StepsResult): Outcome<StepsResult> => ({
  exitCode: result.dryRun ? ExitCode.done : exitCodeOfSteps(result.steps),
  result,
  text: (paint) => describeSteps(result, paint),
});
