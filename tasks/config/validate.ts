/** Whether the `parley` entry, as the project wrote it, has the right shape. What it refers to is looked at in crossCheck.ts. */
import { inspect } from "node:util";

import { isAddress, ZeroAddress } from "ethers";
import { z } from "zod";

import { configIssue, type ConfigCode, type ConfigIssue } from "./issue.ts";
import { PARENT_CONTRACTS, type Stack } from "../../src/stacks/stack.ts";
import { checkService, serviceNames } from "./services.ts";
import { STACKS } from "./stacks.ts";
import { KEY_TYPES } from "../../src/wire/index.ts";

/** A fabric has at most 64 chains; L1 is one. */
const MAX_ROLLUPS = 63;

/** A value of the config as a person would write it. */
const shown = (value: unknown): string => inspect(value, { breakLength: Infinity, depth: 2 });

/** A check whose failure has a code of its own. */
function checked(code: ConfigCode, isValid: (value: unknown) => boolean, message: (value: unknown) => string) {
  return z.unknown().superRefine((value, context) => {
    if (value !== undefined && !isValid(value)) {
      context.addIssue({ code: "custom", message: message(value), params: { code } });
    }
  });
}

const isWholeNumber = (value: unknown, min: number, max: number): boolean =>
  Number.isInteger(value) && Number(value) >= min && Number(value) <= max;

const network = z.string({
  required_error: "Say on which network the chain is: a name in `networks`.",
  invalid_type_error: "Write the name of a network, in quotes.",
});

const finality = checked(
  "config/invalid-finality",
  (value) => value === "finalized" || Confirmations.safeParse(value).success,
  (value) =>
    `${shown(value)} is no finality. Write { confirmations: n } with a whole number n from 0 to 1000: how many other blocks make a block final; or "finalized": as its node says.`,
);
const Confirmations = z.strictObject({ confirmations: z.number().int().min(0).max(1_000) });

const stack = checked(
  "config/unknown-stack",
  (value) => (STACKS as readonly unknown[]).includes(value),
  (value) => `This version knows no stack ${shown(value)}. Use one of: ${STACKS.join(", ")}.`,
);

/** Seconds that fit the contracts' 32 bits. */
const seconds = (least: number) =>
  checked(
    "config/invalid-time",
    (value) => isWholeNumber(value, least, 2 ** 32 - 1),
    (value) => `${shown(value)} is no time. Write whole seconds, at least ${least}.`,
  );

/** Wei, as the contracts hold them. */
const amount = (what: string, limit = 2n ** 96n) =>
  checked(
    "config/invalid-amount",
    (value) => typeof value === "bigint" && value > 0n && value < limit,
    (value) => `${shown(value)} is no ${what}. Write wei as a bigint above 0 and below ${limit}, such as 10n ** 18n.`,
  );

/** What all operators of a table, each of as much weight, weigh together is to fit the contracts' 96 bits. */
const MAX_OPERATORS = 256;
const WEIGHT_LIMIT = 2n ** 96n / BigInt(MAX_OPERATORS);

const Deployment = z.strictObject({
  owner: checked(
    "config/invalid-address",
    (value) => isAddress(value) && value !== ZeroAddress,
    (value) => `${shown(value)} is no address of an owner. Write 0x and 40 hex digits.`,
  ),
  strategies: checked(
    "config/invalid-strategies",
    areStrategies,
    (value) =>
      `${shown(value)} are no strategies. Write a list of { address, multiplier }, at least one, each address once, with multipliers as a bigint in parts of 1e18.`,
  ),
  metadataURI: z.string().optional(),
  weightFloor: amount("weight"),
  minWeight: amount("weight of an operator", WEIGHT_LIMIT),
  minOperators: checked(
    "config/invalid-operators",
    (value) => isWholeNumber(value, 1, MAX_OPERATORS),
    (value) => `${shown(value)} is no least number of operators. Write a whole number from 1 to ${MAX_OPERATORS}.`,
  ),
  bond: amount("bond"),
  tableAge: seconds(1),
  minInterval: seconds(0),
  memberNotice: seconds(0),
  falsehoodNotice: seconds(0),
});

/** Strategies whose addresses differ. */
function areStrategies(value: unknown): boolean {
  const parsed = z
    .array(
      z.strictObject({
        address: z.string().refine((text): boolean => isAddress(text)),
        multiplier: z.bigint().positive().optional(),
      }),
    )
    .nonempty()
    .safeParse(value);
  return parsed.success && new Set(parsed.data.map(({ address }) => address.toLowerCase())).size === parsed.data.length;
}

const maxSettleAge = seconds(1);

const contract = checked(
  "config/invalid-address",
  (value) => isAddress(value) && value !== ZeroAddress,
  (value) => `${shown(value)} is no address of a contract. Write 0x and 40 hex digits.`,
);

const Contracts = z.strictObject({ l1CrossDomainMessenger: contract, inbox: contract, bridgehub: contract }).optional();

const parent = z.string({ invalid_type_error: "Write the name of a rollup, in quotes." }).optional();

const Rollup = z
  .strictObject({ network, stack, parent, contracts: Contracts, finality, maxSettleAge })
  .superRefine(({ stack: named, contracts = {} }, context) => {
    if (named === undefined || !STACKS.includes(named as Stack)) return;
    const own = named === "devnet" ? undefined : PARENT_CONTRACTS[named as keyof typeof PARENT_CONTRACTS];
    for (const [name, value] of Object.entries(contracts)) {
      if (value === undefined || name === own) continue;
      context.addIssue({
        code: "custom",
        path: ["contracts", name],
        message: `A rollup of the stack ${shown(named)} has no use for this contract. ${own === undefined ? "Leave `contracts` out" : `Name its \`${own}\``}, or correct \`stack\`.`,
        params: { code: "config/foreign-contract" satisfies ConfigCode },
      });
    }
  });

const Rollups = z.record(Rollup).superRefine((rollups, context) => {
  const names = Object.keys(rollups);
  const refuse = (code: ConfigCode, message: string, path: string[] = []): void =>
    context.addIssue({ code: "custom", path, message, params: { code } });
  if (names.length === 0) {
    refuse(
      "config/no-rollups",
      "No rollup is named. Name one at least, or leave `rollups` out to get two simulated ones.",
    );
  }
  if (names.length > MAX_ROLLUPS) {
    refuse("config/too-many-rollups", `${names.length} rollups are named. A fabric holds at most ${MAX_ROLLUPS}.`);
  }
  for (const name of names) {
    if (/^[a-z][a-z0-9-]{0,31}$/.test(name) && name !== "l1") continue;
    refuse(
      "config/invalid-name",
      `${shown(name)} cannot name a rollup. Use 1 to 32 lower-case letters, digits and hyphens, a letter first; "l1" is L1.`,
      [name],
    );
  }
});

/** Looked at by {@link checkService}. */
const Services = Object.fromEntries(serviceNames.map((name) => [name, z.unknown()]));

const Parley = z.strictObject({
  ...Services,
  settlement: z.strictObject({ network, finality, maxSettleAge }).optional(),
  rollups: Rollups.optional(),
  deployment: Deployment.optional(),
  keyType: checked(
    "config/unknown-key-type",
    (value) => (KEY_TYPES as readonly unknown[]).includes(value),
    (value) => `There is no type of key ${shown(value)}. Use one of: ${KEY_TYPES.join(", ")}.`,
  ),
  operators: checked(
    "config/invalid-operators",
    (value) => isWholeNumber(value, 4, MAX_OPERATORS),
    (value) => `${shown(value)} operators cannot be made. Write a whole number from 4 to ${MAX_OPERATORS}.`,
  ),
  quorum: checked(
    "config/invalid-quorum",
    (value) => isWholeNumber(value, 6_667, 9_000),
    (value) =>
      `${shown(value)} is no quorum. Write basis points of the total weight: a whole number from 6667 to 9000.`,
  ),
});

/** What is wrong with the entry; nothing if it was left out. */
export function validateParley(parley: unknown): ConfigIssue[] {
  if (parley === undefined) return [];
  const { error } = Parley.safeParse(parley);
  const given: Readonly<Record<string, unknown>> = typeof parley === "object" ? { ...parley } : {};
  return [
    ...(error?.issues ?? []).flatMap(toConfigIssues),
    ...serviceNames.flatMap((name) => checkService(name, given[name])),
  ];
}

function toConfigIssues(issue: z.ZodIssue): ConfigIssue[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) =>
      configIssue(
        [...issue.path, key],
        "config/unknown-key",
        "There is no such setting. Remove it, or correct its name.",
      ),
    );
  }
  if (issue.code === "custom") {
    return [configIssue(issue.path, issue.params?.["code"] as ConfigCode, issue.message)];
  }
  return [configIssue(issue.path, "config/invalid", issue.message)];
}
