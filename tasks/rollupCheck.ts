import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { Finding } from "../src/checking/index.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { operatorsOf } from "./operators.ts";
import { checkResult, type CheckResult, describeCheck } from "./output/checkResult.ts";

interface Arguments extends CommandArguments {
  readonly operators: string | undefined;
  readonly account: string | undefined;
}

export default async function rollupCheck(args: Arguments, hre: HardhatRuntimeEnvironment): Promise<CheckResult> {
  return await runCommand(hre, args, async (fabric, progress): Promise<Outcome<CheckResult>> => {
    const { judgeFabric, readFabricHealth, timeBudget } = await import("../src/checking/index.ts");
    const { settlementOf } = await import("../src/messages/index.ts");
    const health = await readFabricHealth(fabric, await operatorsOf(fabric, args.operators), args.account);
    progress.step("Comparing with the config");
    const findings = [...judgeFabric(health, settlementOf(fabric)), ...(await judgeConfig(hre, fabric))];
    const result = checkResult(findings, health.registry, timeBudget);
    return {
      exitCode: result.well ? ExitCode.done : ExitCode.failed,
      result,
      text: (paint) => describeCheck(result, paint),
    };
  });
}

/** Where networks differ from the config. A devnet's chains come from its own: there is nothing to compare. */
async function judgeConfig(hre: HardhatRuntimeEnvironment, { addresses }: ConnectedFabric): Promise<Finding[]> {
  if (addresses.chains !== "networks") return [];
  const { configDrift } = await import("./configDrift.ts");
  try {
    const drift = await configDrift(hre, addresses);
    return drift.map(({ chain, what, planned, found }) => ({
      code: "config/drift",
      severity: "danger",
      subject: chain,
      meaning: `${what} is ${found}; by the config it is ${planned}.`,
      remedy: "Find out who changed it, and why; then put the chain or the config right.",
    }));
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    const { code, message, hint } = error;
    const meaning = `The chains were not compared with the config: ${message} [${code}]`;
    return [{ code: "config/not-compared", severity: "warning", subject: "config", meaning, remedy: hint }];
  }
}
