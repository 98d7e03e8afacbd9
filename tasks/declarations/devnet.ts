/** Declares `rollup:devnet`. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { DEFAULT_ADDRESSES_FILE } from "../config/paths.ts";
import { optional } from "./options.ts";

export const devnetTasks: NewTaskDefinition[] = [
  task("rollup:devnet", "Serve L1 and rollups that talk on 127.0.0.1, until it is stopped")
    .addOption(optional("rollups", "How many rollups, 1 to 63; those of the config if left out"))
    .addOption(optional("operators", "How many operators, 4 to 256; as the config says if left out"))
    .addOption({
      name: "port",
      description: "Port of L1; the rollups and the operators follow. 0: ports that are free",
      type: ArgumentType.INT,
      defaultValue: 8545,
    })
    .addOption({
      name: "blockTime",
      description: "Seconds between blocks. 0: each transaction gets a block at once",
      type: ArgumentType.FLOAT,
      defaultValue: 0,
    })
    .addOption(
      optional("confirmations", "A block is final once so many others stand on it; as the config says if left out"),
    )
    .addFlag({ name: "withoutRelayer", description: "Leave messages for others to deliver" })
    .addOption({
      name: "addresses",
      description: "File for the addresses, relative to the project; there while the devnet runs",
      type: ArgumentType.STRING,
      defaultValue: DEFAULT_ADDRESSES_FILE,
    })
    .addFlag({ name: "json", description: "Print a JSON object when it is ready, and one for each thing that happens" })
    .setAction(() => import("../rollupDevnet.ts"))
    .build(),
];
