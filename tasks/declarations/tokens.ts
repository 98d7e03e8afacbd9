/** Declares the commands about tokens that move between rollups. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

const dryRun = { name: "dryRun", description: "Say what would be done, and do nothing" } as const;
const account = optional(
  "account",
  "Address of the account that pays, and owns what it deploys; the first one if left out",
);

export const tokenTasks: NewTaskDefinition[] = [
  task("token:deploy", "Deploy a token to rollups and link its ends; goes on where it stopped")
    .addOption({
      name: "kind",
      description: "erc20: locked at home, minted elsewhere; erc7802: burned and minted everywhere",
      type: ArgumentType.STRING,
      defaultValue: "erc20",
    })
    .addOption(optional("on", "Names of the rollups, separated by commas; all of the fabric if left out"))
    .addOption(optional("home", "Where the token lives, or its supply is minted; the first rollup if left out"))
    .addOption(optional("token", "Of kind erc20: address of a token at home that is there; a new one if left out"))
    .addOption(optional("name", "Of a new token: its name"))
    .addOption(optional("symbol", "Of a new token: its symbol"))
    .addOption(optional("supply", "Of a new token: how much of it there is, in whole tokens"))
    .addOption(account)
    .addFlag({ name: "yes", description: "On networks: send without asking" })
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../tokenDeploy.ts"))
    .build(),
  task("token:send", "Send tokens from one rollup to another")
    .addOption(optional("from", "Name of the rollup that they leave"))
    .addOption(optional("to", "Name of the rollup to which they go"))
    .addOption(optional("bridge", "Address of their bridge on the first one, as token:deploy prints it"))
    .addOption(optional("amount", "How much, in whole tokens: 32 or 0.5"))
    .addOption(optional("recipient", "Who gets them; the account that sends if left out"))
    .addOption(account)
    .addFlag({ name: "wait", description: "Wait until they have arrived, or were refused" })
    .addOption({ name: "timeout", description: "Seconds to wait at most", type: ArgumentType.INT, defaultValue: 120 })
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../tokenSend.ts"))
    .build(),
];
