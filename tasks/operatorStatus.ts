import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { describeStatus, exitCodeOfStatus, membershipResult, type StatusResult } from "./output/operatorResult.ts";

interface Arguments extends CommandArguments {
  readonly account: string | undefined;
}

export default async function operatorStatus(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<StatusResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<StatusResult>> => {
    const { planRegistration, readMembership } = await import("../src/operators/index.ts");
    const { settlementAccess } = await import("../src/deployments/access.ts");
    // Anybody may ask about anybody: only without --account it takes an account of this project.
    const l1 = await settlementAccess(fabric, args.account === undefined ? args : "nobody");
    const operator = args.account ?? (await l1.signer.getAddress());
    const membership = await readMembership(operator, l1);
    const steps = planRegistration(membership, { deposit: undefined, key: undefined, endpoint: undefined });
    const result: StatusResult = { ...membershipResult(membership), steps };
    return { exitCode: exitCodeOfStatus(result), result, text: (paint) => describeStatus(result, paint) };
  });
}
