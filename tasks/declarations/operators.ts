/** Declares the commands about operators. */
import { task } from "hardhat/config";
import { ArgumentType } from "hardhat/types/arguments";
import type { NewTaskDefinition } from "hardhat/types/tasks";

import { addresses, json, optional } from "./options.ts";

const account = optional("account", "Address of the operator's account on L1; the first one if left out");
const passwordFile = optional("passwordFile", "File with the keystore's password; PARLEY_KEY_PASSWORD, or asked for");
const store = optional("store", "File that keeps what it signed; as operator:run has it if left out");
const dryRun = { name: "dryRun", description: "Say what would be done, and do nothing" } as const;
const yes = { name: "yes", description: "Do it without asking" } as const;

export const operatorTasks: NewTaskDefinition[] = [
  task("operator:keygen", "Make a signing key for an operator, in an encrypted keystore")
    .addPositionalArgument({ name: "file", description: "Keystore to write; must not be there yet" })
    .addOption(
      optional("keyType", "What the deployment's operators sign with, ecdsa or bn254; as the config says if left out"),
    )
    .addOption(passwordFile)
    .addFlag(json)
    .setAction(() => import("../operatorKeygen.ts"))
    .build(),
  task("operator:register", "Take all steps to membership in the operator set; goes on where it stopped")
    .addOption(optional("key", "Keystore of the signing key, as operator:keygen wrote it"))
    .addOption(passwordFile)
    .addOption(optional("endpoint", "URL at which the operator will answer"))
    .addOption(optional("deposit", "What to deposit if its stake is too small, in whole tokens: 32 or 0.5"))
    .addOption(optional("metadata", "URL at which the operator describes itself to EigenLayer's users"))
    .addOption({
      name: "allocationDelay",
      description:
        "L1's blocks between an allocation and its effect, for an account that is no operator of EigenLayer yet",
      type: ArgumentType.INT,
      defaultValue: 0,
    })
    .addOption(optional("evict", "Address of a lighter operator whose place it takes if the set is full"))
    .addOption(account)
    .addFlag(dryRun)
    .addFlag(yes)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../operatorRegister.ts"))
    .build(),
  task("operator:status", "Say how far an operator is, what it weighs, and whether it was convicted")
    .addOption(account)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../operatorStatus.ts"))
    .build(),
  task(
    "operator:export",
    "Write what an operator signed to a file that operator:import takes; the operator must not run",
  )
    .addPositionalArgument({ name: "file", description: "File to write; must not be there yet" })
    .addOption(store)
    .addFlag(json)
    .setAction(() => import("../operatorExport.ts"))
    .build(),
  task(
    "operator:import",
    "Add what an operator signed elsewhere to its store; forgets nothing; the operator must not run",
  )
    .addPositionalArgument({ name: "file", description: "File that operator:export wrote" })
    .addPositionalArgument({ name: "keyId", description: "The signing key's address, as operator:keygen printed it" })
    .addOption(store)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../operatorImport.ts"))
    .build(),
  task("operator:deregister", "Leave the operator set; run again later, take back the bond")
    .addOption(account)
    .addFlag(dryRun)
    .addFlag(yes)
    .addFlag(json)
    .addOption(addresses)
    .setAction(() => import("../operatorDeregister.ts"))
    .build(),
];
