import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { ParleyError } from "../src/errors.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { describePublication, type PublicationResult } from "./output/tableResult.ts";

interface Arguments extends CommandArguments {
  readonly account: string | undefined;
  readonly dryRun: boolean;
}

export default async function tablePublish(
  args: Arguments,
  hre: HardhatRuntimeEnvironment,
): Promise<PublicationResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<PublicationResult>> => {
    const { planPublication, publish } = await import("../src/tables/index.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const l1 = await settlementAccess(fabric, args.dryRun ? "nobody" : args);
    const members = await payingMembers(fabric, "nobody"); // only L1 is paid
    const plan = await planPublication(l1, members);
    const { revoke, snapshot, members: needy } = plan;
    progress.step("Publishing");
    const { published, revoked, problems } = args.dryRun
      ? { published: [], revoked: [], problems: plan.problems }
      : await publish(l1, members);
    const tooEarlyUntil = plan.tooEarlyUntil ?? null;
    const result: PublicationResult = {
      dryRun: args.dryRun,
      revoke,
      snapshot,
      members: needy,
      revoked,
      published,
      tooEarlyUntil,
      problems,
    };
    return {
      exitCode: problems.length === 0 && tooEarlyUntil === null ? ExitCode.done : ExitCode.failed,
      result,
      text: (paint) => describePublication(result, paint),
      complaints: problems.map(
        ({ subject, code, reason }) => new ParleyError(code, `${subject}: ${reason}`, "Run table:publish again."),
      ),
    };
  });
}
