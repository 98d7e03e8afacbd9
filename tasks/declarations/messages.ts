/** Declares the commands about messages. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

const dryRun = { name: "dryRun", description: "Say what would be done, and do nothing" } as const;
const account = optional("account", "Address of the account that pays; the first one if left out");
const operators = optional(
  "operators",
  "URLs of operators, separated by commas; those of the addresses file if left out",
);
const id = { name: "id", description: "The message's id, as message:send and message:list print it" } as const;

export const messageTasks: NewTaskDefinition[] = [
  task("message:send", "Send messages from one member to another")
    .addOption(optional("from", "Name of the member that sends: l1 or a rollup"))
    .addOption(optional("to", "Name of the member that receives"))
    .addOption(optional("recipient", "Address of the contract that receives; on a devnet its mailbox if left out"))
    .addOption(optional("payload", "What is sent, as 0x and hex digits"))
    .addOption(optional("text", "What is sent, as text; numbered if --count is more than 1"))
    .addOption(optional("gasLimit", "Gas that the recipient gets at least, up to 8000000; 200000 if left out"))
    .addOption(optional("minFinality", "Level below which it must not be delivered: fast, final or settled"))
    .addOption(account)
    .addOption({ name: "count", description: "How many messages", type: ArgumentType.INT, defaultValue: 1 })
    .addFlag({ name: "wait", description: "Wait until they are delivered or have failed" })
    .addOption({ name: "timeout", description: "Seconds to wait at most", type: ArgumentType.INT, defaultValue: 120 })
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageSend.ts"))
    .build(),
  task("message:status", "Say how far a message is; the exit code says so too")
    .addPositionalArgument(id)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageStatus.ts"))
    .build(),
  task("message:list", "List the newest messages of all lanes, newest last")
    .addOption(optional("from", "Only those that this member sent"))
    .addOption(optional("to", "Only those to this member"))
    .addOption(optional("status", "Only those that are sent, final, failed, delivered or unknown"))
    .addOption({ name: "limit", description: "How many", type: ArgumentType.INT, defaultValue: 20 })
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageList.ts"))
    .build(),
  task("message:trace", "Tell everything about a message: who signed, what delivered it, why it failed")
    .addPositionalArgument(id)
    .addOption(operators)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageTrace.ts"))
    .build(),
  task("message:relay", "Deliver messages from here, once, with an account of your own")
    .addVariadicArgument({
      name: "ids",
      description: "Ids of the messages, tried however often they failed; all that wait if left out",
      defaultValue: [],
    })
    .addOption(operators)
    .addOption(account)
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageRelay.ts"))
    .build(),
  task("message:settle", "Carry a message through L1, step by step: no operator is needed")
    .addPositionalArgument(id)
    .addOption(account)
    .addFlag({ name: "wait", description: "Wait for bridges, and go on, until it is delivered" })
    .addOption({ name: "timeout", description: "Seconds to wait at most", type: ArgumentType.INT, defaultValue: 3600 })
    .addFlag(dryRun)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../messageSettle.ts"))
    .build(),
];
