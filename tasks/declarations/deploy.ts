/** Declares `rollup:deploy`. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { DEFAULT_ADDRESSES_FILE } from "../config/paths.ts";
import { json, optional } from "./options.ts";

export const deployTasks: NewTaskDefinition[] = [
  task("rollup:deploy", "Deploy Parley to the configured chains; on simulated ones pass a message each way too")
    .addFlag(json)
    .addFlag({ name: "yes", description: "On networks: send without asking" })
    .addFlag({ name: "dryRun", description: "On networks: show the plan and what differs from it, and send nothing" })
    .addOption(
      optional("safe", "On networks: send nothing, write what is left as batches for a Safe, one file a chain"),
    )
    .addOption({
      name: "addresses",
      description: "File for the addresses of what was deployed, relative to the project",
      type: ArgumentType.STRING,
      defaultValue: DEFAULT_ADDRESSES_FILE,
    })
    .setAction(() => import("../rollupDeploy.ts"))
    .build(),
];
