import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { RegistrationOrder } from "../src/operators/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { confirm } from "./confirm.ts";
import { ExitCode } from "./exitCodes.ts";
import {
  describeSteps,
  exitCodeOfSteps,
  membershipResult,
  stepLines,
  type StepsResult,
} from "./output/operatorResult.ts";
import { readPassword } from "./password.ts";

interface Arguments extends CommandArguments {
  readonly key: string | undefined;
  readonly passwordFile: string | undefined;
  readonly endpoint: string | undefined;
  readonly deposit: string | undefined;
  readonly metadata: string | undefined;
  readonly allocationDelay: number;
  readonly evict: string | undefined;
  readonly account: string | undefined;
  readonly dryRun: boolean;
  readonly yes: boolean;
}

export default async function operatorRegister(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<StepsResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<StepsResult>> => {
    const { depositAmount, planMembership, registerOperator } = await import("../src/operators/index.ts");
    const { settlementAccess } = await import("../src/deployments/access.ts");
    const l1 = await settlementAccess(fabric, args);
    progress.end();
    const order: RegistrationOrder = {
      key: await openKey(args, hre),
      endpoint: args.endpoint,
      deposit: args.deposit === undefined ? undefined : await depositAmount(args.deposit, l1),
      metadata: args.metadata ?? "",
      allocationDelay: args.allocationDelay,
      evicted: args.evict,
    };
    const { membership, steps } = await planMembership(await l1.signer.getAddress(), order, l1);
    const planned: StepsResult = { dryRun: args.dryRun, ...membershipResult(membership), steps, taken: [] };
    if (args.dryRun || steps.every(({ status }) => status === "done")) return outcome(planned);
    if (!args.yes) await confirm(`${stepLines(planned).join("\n")}\nTake these steps?`, "operator");
    const done = await registerOperator(order, l1, ({ detail }) => progress.step(capitalised(detail)));
    return outcome({ dryRun: false, ...membershipResult(done.membership), steps: done.steps, taken: done.taken });
  });
}

async function openKey(
  { key, passwordFile }: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<RegistrationOrder["key"]> {
  if (key === undefined) return undefined;
  const { readKeystore } = await import("../src/operators/index.ts");
  return await readKeystore(path.resolve(hre.config.paths.root, key), await readPassword(hre, passwordFile, "known"));
}

const outcome = (result: StepsResult): Outcome<StepsResult> => ({
  exitCode: result.dryRun ? ExitCode.done : exitCodeOfSteps(result.steps),
  result,
  text: (paint) => describeSteps(result, paint),
});

export const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
