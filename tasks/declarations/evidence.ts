/** Declares the commands about evidence against operators. */
import { task } from "hardhat/config";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

const file = {
  name: "file",
  description: "File with the evidence: two statements that contradict each other",
} as const;

export const evidenceTasks: NewTaskDefinition[] = [
  task("evidence:check", "Say whether evidence holds, whom it convicts of what, and which tables it revokes")
    .addPositionalArgument(file)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../evidenceCheck.ts"))
    .build(),
  task("evidence:submit", "Convict operators by evidence, one call each, and revoke the tables of a corrupt quorum")
    .addPositionalArgument(file)
    .addOption(
      optional("account", "Address of the account that pays and is owed the bounties; each chain's first if left out"),
    )
    .addFlag({ name: "dryRun", description: "The same as evidence:check" })
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../evidenceSubmit.ts"))
    .build(),
];
