import path from "node:path";

import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { TaskArguments } from "hardhat/types/tasks";

import { runService } from "./serviceCommand.ts";

export default async function watcherRun(args: TaskArguments, hre: HardhatRuntimeEnvironment): Promise<void> {
  await runService(hre, "watcher", args, async ({ fabric, settings, log, signal }) => {
    const { FileHeardStatements, Watcher } = await import("../src/agents/index.ts");
    const { runWatcher } = await import("../src/agents/watching/watcherService.ts");
    const { payingMembers, settlementAccess } = await import("../src/deployments/access.ts");
    const { account, host, port, interval, tokens, rateLimit } = settings;
    const [l1, members] = [await settlementAccess(fabric, { account }), await payingMembers(fabric, { account })];
    const heard = await FileHeardStatements.open(path.resolve(hre.config.paths.root, settings.heard));
    try {
      await runWatcher({
        watcher: new Watcher({ settlement: l1, members, heard }),
        at: { host, port },
        intervalMs: interval * 1_000,
        log,
        signal,
        ...(tokens === undefined ? {} : { tokens }),
        limits: { requestsPerMinute: rateLimit },
      });
    } finally {
      await heard.close();
    }
  });
}
