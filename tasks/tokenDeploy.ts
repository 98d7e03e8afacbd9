import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { ConnectedFabric, ConnectedMember } from "../src/deployments/connect.ts";
import type { TokenPlan, TokenStepOutcome } from "../src/tokens/index.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { confirm } from "./confirm.ts";
import { ExitCode } from "./exitCodes.ts";
import { memberNamed } from "./fabricConnection.ts";
import { plural } from "./output/messages.ts";
import { describeToken, tokenResult, type TokenResult } from "./output/tokenResult.ts";

interface Arguments extends CommandArguments {
  readonly kind: string;
  readonly on: string | undefined;
  readonly home: string | undefined;
  readonly token: string | undefined;
  readonly name: string | undefined;
  readonly symbol: string | undefined;
  readonly supply: string | undefined;
  readonly account: string | undefined;
  readonly yes: boolean;
  readonly dryRun: boolean;
}

export default async function tokenDeploy(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<TokenResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<TokenResult>> => {
    const { deployToken, planToken, reviewToken, tokenOrder } = await import("../src/tokens/index.ts");
    const members = membersOf(fabric, args.on);
    const home = args.home === undefined ? members[0] : memberNamed(fabric, args.home, "--home");
    const order = tokenOrder(args, members, home ?? memberNamed(fabric, undefined, "--on"), args.account);
    const plan = await planToken(order);
    const review = await reviewToken(plan);
    const due = review.filter(({ status }) => status === "due").length;
    if (args.dryRun || due === 0) return outcome(plan, args.dryRun, review);
    progress.end();
    if (fabric.addresses.chains === "networks" && !args.yes) {
      const text = describeToken(tokenResult(plan, true, review), (_, part) => part);
      await confirm(`${text}\nSend ${plural(due, "transaction")}?`, "token");
    }
    const done = await deployToken(plan, ({ title, end }) => progress.step(`${end.member.name}: ${title}`));
    return outcome(plan, false, done);
  });
}

/** The members that are named, or all rollups. Throws `member/unknown`. */
function membersOf(fabric: ConnectedFabric, names: string | undefined): readonly ConnectedMember[] {
  if (names === undefined) return fabric.members.slice(1);
  return names.split(",").map((name) => memberNamed(fabric, name.trim(), "--on"));
}

function outcome(plan: TokenPlan, dryRun: boolean, outcomes: readonly TokenStepOutcome[]): Outcome<TokenResult> {
  const result = tokenResult(plan, dryRun, outcomes);
  return { exitCode: ExitCode.done, result, text: (paint) => describeToken(result, paint) };
}
