import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import { type CommandArguments, type Outcome, runCommand } from "./command.ts";
import { ExitCode } from "./exitCodes.ts";
import { describeTables, tablesResult, type TablesResult } from "./output/tableResult.ts";

export default async function tableShow(args: CommandArguments, hre: HardhatRuntimeEnvironment): Promise<TablesResult> {
  return await runCommand(hre, args, async (fabric): Promise<Outcome<TablesResult>> => {
    const { readFabricTables } = await import("../src/tables/index.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const l1 = await settlementAccess(fabric, "nobody");
    const tables = await readFabricTables(l1, await payingMembers(fabric, "nobody"));
    const result = tablesResult(tables);
    const isWell = result.members.every(({ table }) => table !== null && !table.isExpired);
    return {
      exitCode: isWell ? ExitCode.done : ExitCode.failed,
      result,
      text: (paint) => describeTables(result, paint),
      complaints: tables.members.flatMap(({ problem }) => (problem === undefined ? [] : [problem])),
    };
  });
}
