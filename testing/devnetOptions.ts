import type { Interface, InterfaceAbi } from "ethers";

import { rollupNames } from "../src/devnet/rollupNames.ts";
import { ParleyError } from "../src/errors.ts";
import type { Stack } from "../src/stacks/stack.ts";
import type { KeyType } from "../src/wire/index.ts";
import type { RollupNames, RollupsOption } from "./names.ts";

/** What a devnet is to be; everything may be left out. */
export interface DevnetOptions<Rollups extends RollupsOption = 2> {
  /** How many rollups (alpha, beta and on), or their names: 1 to 63; 2 if left out. */
  readonly rollups?: Rollups;
  /** How many operators of equal weight, 4 to 256; as the project's config says if left out, which is 8. */
  readonly operators?: number;
  /** By which bridge rollups are joined to L1. On simulated chains that is the devnet's, for all of them. */
  readonly stacks?: { readonly [Name in RollupNames<Rollups>]?: Stack };
  /** A block is final once so many others stand on it, 0 to 1,000; 0 if left out. Reorganisations need some. */
  readonly confirmations?: number;
  /** Basis points of the weight above which signatures are a quorum, 6,667 to 9,000; as the project's config says if left out. */
  readonly quorum?: number;
  /** What operators sign with; as the project's config says if left out. */
  readonly keyType?: KeyType;
  /** ABIs of recipients that the project does not build, to tell their errors by name. */
  readonly abis?: readonly (InterfaceAbi | Interface)[];
}

const MOST_ROLLUPS = 63;

/** The names of the rollups. Throws `devnet/bad-option`, `devnet/stack-not-simulated`. */
export function namesOf({ rollups = 2, stacks = {} }: NamingOptions): string[] {
  const named: readonly string[] =
    typeof rollups === "number" ? rollupNames(within("rollups", rollups, 1, MOST_ROLLUPS)) : rollups;
  within("rollups", named.length, 1, MOST_ROLLUPS);
  for (const [place, name] of named.entries()) {
    if (!/^[a-z][a-z0-9-]{0,31}$/.test(name) || name === "l1") {
      throw badOption(
        `"${name}" cannot name a rollup`,
        'Use 1 to 32 lower-case letters, digits and hyphens, a letter first; "l1" is L1.',
      );
    }
    if (named.indexOf(name) !== place) {
      throw badOption(`two rollups are named "${name}"`, "Give each a name of its own.");
    }
  }
  for (const [name, stack] of Object.entries(stacks)) {
    if (!named.includes(name)) {
      throw badOption(`\`stacks\` names "${name}", which is no rollup`, `The rollups are ${named.join(", ")}.`);
    }
    if (stack !== undefined && stack !== "devnet") throw notSimulated(name, stack);
  }
  return [...named];
}

/** The options by which rollups are named. */
export interface NamingOptions {
  readonly rollups?: RollupsOption;
  readonly stacks?: Readonly<Record<string, Stack | undefined>>;
}

/** A number if it is a whole one between these. Throws `devnet/bad-option`. */
export function within(option: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw badOption(`\`${option}\` is ${value}`, `Give a whole number from ${least} to ${most}.`);
}

const badOption = (what: string, hint: string): ParleyError =>
  new ParleyError("devnet/bad-option", `createDevnet: ${what}.`, hint);

const notSimulated = (name: string, stack: string): ParleyError =>
  new ParleyError(
    "devnet/stack-not-simulated",
    `createDevnet: ${name} is to be of the stack "${stack}", whose bridge and nodes no simulated chain has.`,
    'Use "devnet", or leave `stacks` out: a message takes the same way through the same Gateways, only the bridge to L1 is a stand-in. ' +
      "To test against a stack's own bridge, deploy to a node of it with `npx hardhat rollup:deploy`.",
  );
