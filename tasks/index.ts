/** The Hardhat plugin: declarations only. What a task does is in its own file, and loaded when it runs. */
import { task } from "hardhat/config";
import { definePlugin } from "hardhat/plugins";
import { ArgumentType } from "hardhat/types/arguments";
import type { HardhatPlugin } from "hardhat/types/plugins";

import { DEFAULT_ADDRESSES_FILE } from "./config/paths.ts";
import "./config/typeExtensions.ts";
import { devnetTasks } from "./declarations/devnet.ts";
import { evidenceTasks } from "./declarations/evidence.ts";
import { messageTasks } from "./declarations/messages.ts";
import { operatorTasks } from "./declarations/operators.ts";
import { tableTasks } from "./declarations/tables.ts";

export type * from "./config/types.ts";

const hardhatParley: HardhatPlugin = definePlugin({
  id: "hardhat-parley",
  npmPackage: "hardhat-parley",
  dependencies: () => [import("@nomicfoundation/hardhat-ethers")],
  hookHandlers: { config: () => import("./hooks/config.ts") },
  tasks: [
    task("rollup:deploy", "Deploy Parley to the configured chains and pass a message each way")
      .addFlag({ name: "json", description: "Print the result as one JSON object, and nothing else, to stdout" })
      .addOption({
        name: "addresses",
        description: "File for the addresses of what was deployed, relative to the project",
        type: ArgumentType.STRING,
        defaultValue: DEFAULT_ADDRESSES_FILE,
      })
      .setAction(() => import("./rollupDeploy.ts"))
      .build(),
    ...devnetTasks,
    ...messageTasks,
    ...operatorTasks,
    ...tableTasks,
    ...evidenceTasks,
  ],
});

export default hardhatParley;
