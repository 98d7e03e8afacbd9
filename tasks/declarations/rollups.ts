/** Declares the commands about members of a fabric that runs. */
import { task } from "hardhat/config";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

const source = { name: "source", description: "Name of the member that is listened to" } as const;
const at = optional("at", "Name of the member that listens");
const dryRun = { name: "dryRun", description: "Say what would be done, and do nothing" } as const;
const safe = optional("safe", "Send nothing, write a batch for the Safe that owns the Gateway to this file");
const operators = optional(
  "operators",
  "URLs of operators, separated by commas; those of the addresses file if left out",
);

export const rollupTasks: NewTaskDefinition[] = [
  task("rollup:status", "Say how the fabric is: chains, operator tables, lanes, operators")
    .addOption(operators)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../rollupStatus.ts"))
    .build(),
  task("rollup:check", "Judge the fabric: exit code 3 if messages are held up, or stake or words do not hold")
    .addOption(operators)
    .addOption(
      optional("account", "Address of the account that publishes, pushes and delivers; each chain's first if left out"),
    )
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../rollupCheck.ts"))
    .build(),
  task("rollup:add", "Add one configured rollup to a fabric on networks")
    .addPositionalArgument({ name: "name", description: "Its name under `parley.rollups`" })
    .addFlag(json)
    .addFlag({ name: "yes", description: "Send without asking" })
    .addFlag({ name: "dryRun", description: "Show the plan, and send nothing" })
    .addOption(optional("safe", "Send nothing, write what is left as batches for a Safe, one file a chain"))
    .addOption(addresses)
    .setAction(() => import("../rollupAdd.ts"))
    .build(),
  task("rollup:pause", "Have a member take no certificates about another, as the owner of its Gateway")
    .addPositionalArgument(source)
    .addOption(at)
    .addOption(safe)
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../rollupPause.ts"))
    .build(),
  task("rollup:unpause", "Have a member take certificates about another again, as the owner of its Gateway")
    .addPositionalArgument(source)
    .addOption(at)
    .addOption(safe)
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../rollupUnpause.ts"))
    .build(),
];
