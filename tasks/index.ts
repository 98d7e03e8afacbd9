/** The Hardhat plugin: declarations only. What a task does is in its own file, and loaded when it runs. */
import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";

import "./config/typeExtensions.ts";
import { deployTasks } from "./declarations/deploy.ts";
import { devnetTasks } from "./declarations/devnet.ts";
import { evidenceTasks } from "./declarations/evidence.ts";
import { messageTasks } from "./declarations/messages.ts";
import { operatorTasks } from "./declarations/operators.ts";
import { rollupTasks } from "./declarations/rollups.ts";
import { serviceTasks } from "./declarations/services.ts";
import { tableTasks } from "./declarations/tables.ts";
import { tokenTasks } from "./declarations/tokens.ts";

export type * from "./config/types.ts";

const hardhatParley: HardhatPlugin = definePlugin({
  id: "hardhat-parley",
  npmPackage: "hardhat-parley",
  dependencies: () => [import("@nomicfoundation/hardhat-ethers")],
  hookHandlers: { config: () => import("./hooks/config.ts") },
  tasks: [
    ...deployTasks,
    ...devnetTasks,
    ...messageTasks,
    ...tokenTasks,
    ...rollupTasks,
    ...operatorTasks,
    ...tableTasks,
    ...evidenceTasks,
    ...serviceTasks,
  ],
});

export default hardhatParley;
