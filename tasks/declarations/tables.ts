/** Declares the commands about operator tables. */
import { task } from "hardhat/config";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

export const tableTasks: NewTaskDefinition[] = [
  task("table:publish", "Send an operator table to the members that need one, a new one if need be")
    .addOption(optional("account", "Address of the account that pays on L1; the first one if left out"))
    .addFlag({ name: "dryRun", description: "Say what would be done, and do nothing" })
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../tablePublish.ts"))
    .build(),
  task("table:show", "Show the operator table in force at each member, and L1's latest")
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../tableShow.ts"))
    .build(),
];
