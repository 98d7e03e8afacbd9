/** What a fabric is to be like. */
import { ParleyError } from "../src/errors.ts";
import type { KeyType } from "../src/wire/index.ts";

/** A strategy of EigenLayer whose stake counts. */
export interface CountedStrategy {
  readonly address: string;
  /** Weight of a share, in parts of 1e18. */
  readonly multiplier: bigint;
}

/** What may be said of it. What is left out follows from whether L1 is a development node. */
export interface DeploymentChoices {
  /** Owns Settlement and every Gateway, and alone deploys Gateways: their address follows from it. */
  readonly owner: string;
  /** Quorum in basis points that every Gateway demands of every source. */
  readonly quorumBps: number;
  /** How many operators a development node gets. */
  readonly operators: number;
  /** What operators sign with; ECDSA keys if left out. */
  readonly keyType?: KeyType | undefined;
  readonly strategies?: readonly CountedStrategy[] | undefined;
  /** Where the AVS describes itself. */
  readonly metadataURI?: string | undefined;
  /** Wei: a table of less total weight verifies nothing. */
  readonly weightFloor?: bigint | undefined;
  /** Wei: an operator of less weight is not admitted. */
  readonly minWeight?: bigint | undefined;
  /** Least number of operators in a table. */
  readonly minOperators?: bigint | undefined;
  /** Wei that an operator deposits before it joins. */
  readonly bond?: bigint | undefined;
  /** Seconds for which a table verifies certificates. */
  readonly tableAge?: bigint | undefined;
  /** Least seconds between two tables. */
  readonly minInterval?: bigint | undefined;
  /** Seconds between registering a member and its becoming one. */
  readonly memberNotice?: bigint | undefined;
  /** Seconds between announcing that a falsehood costs more and its doing so. */
  readonly falsehoodNotice?: bigint | undefined;
}

/** What is decided. Without `strategies` L1 gets a token of its own, a strategy for it, and operators. */
export interface DeploySettings {
  readonly owner: string;
  readonly quorumBps: number;
  readonly operators: number;
  readonly keyType: KeyType;
  readonly strategies: readonly CountedStrategy[] | undefined;
  readonly metadataURI: string;
  readonly weightFloor: bigint;
  readonly minWeight: bigint;
  readonly minOperators: bigint;
  readonly bond: bigint;
  readonly tableAge: bigint;
  readonly minInterval: bigint;
  readonly memberNotice: bigint;
  readonly falsehoodNotice: bigint;
}

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const ETHER = 10n ** 18n;

const COMMON = { metadataURI: "", tableAge: DAY, bond: ETHER };
const DEVELOPMENT = {
  ...COMMON,
  ...{ weightFloor: ETHER, minWeight: ETHER, minOperators: 1n, minInterval: 0n, memberNotice: 0n, falsehoodNotice: 0n },
};
/** What a network gets where real value is at stake, unless it is said otherwise. */
export const REAL = {
  ...COMMON,
  ...{
    weightFloor: 1_000n * ETHER,
    minWeight: 32n * ETHER,
    minOperators: 4n,
    minInterval: HOUR,
    memberNotice: 7n * DAY,
    falsehoodNotice: 21n * DAY,
  },
};

/** How old a member's settled words may be, unless it is said otherwise: what a dispute takes at most where there is none, and 3 days. */
export const MAX_SETTLE_AGE = 3n * DAY;

/** The quorum that a Gateway demands unless its owner says otherwise. */
export const DEFAULT_QUORUM_BPS = 6_667;

/** DEALLOCATION_DELAY, 100,800 blocks of L1, at 15 seconds a block: every fifth slot empty. */
const TIME_TO_LEAVE = 100_800n * 15n;

/**
 * Fills in what was left out. Throws `deploy/no-strategies` where nothing can be filled in, `deploy/short-notice` where operators
 * could not leave a real network before a falsehood costs them more (R27), and `deploy/min-operators` where a table of a real network
 * could have so few that one weighs more than a third, or of any must have more than there can be (R31).
 */
export function decideSettings(choices: DeploymentChoices, isDevelopment: boolean): DeploySettings {
  const { owner, quorumBps, operators, strategies } = choices;
  if (strategies === undefined && !isDevelopment) {
    throw new ParleyError(
      "deploy/no-strategies",
      "Nothing says whose stake counts: on a real L1 no token is made up for it.",
      "Name EigenLayer strategies in `parley.deployment.strategies`.",
    );
  }
  const defaults = isDevelopment ? DEVELOPMENT : REAL;
  const falsehoodNotice = choices.falsehoodNotice ?? defaults.falsehoodNotice;
  if (!isDevelopment && falsehoodNotice <= TIME_TO_LEAVE) {
    throw new ParleyError(
      "deploy/short-notice",
      `A notice of ${falsehoodNotice} s is too short: operators need up to ${TIME_TO_LEAVE} s to leave.`,
      "Leave `parley.deployment.falsehoodNotice` out (21 days), or name a longer time.",
    );
  }
  const minOperators = choices.minOperators ?? defaults.minOperators;
  const keyType = choices.keyType ?? "ecdsa";
  requireOperators(minOperators, Math.floor(MAX_STAKES[keyType] / (strategies?.length ?? 1)), isDevelopment);
  return {
    owner,
    quorumBps,
    operators,
    keyType,
    strategies,
    metadataURI: choices.metadataURI ?? defaults.metadataURI,
    weightFloor: choices.weightFloor ?? defaults.weightFloor,
    minWeight: choices.minWeight ?? defaults.minWeight,
    minOperators,
    bond: choices.bond ?? defaults.bond,
    tableAge: choices.tableAge ?? defaults.tableAge,
    minInterval: choices.minInterval ?? defaults.minInterval,
    memberNotice: choices.memberNotice ?? defaults.memberNotice,
    falsehoodNotice,
  };
}

/** As ServiceManager has it: weights of 256 operators, and so many stakes, fit a table and a transaction. */
const MAX_OPERATORS = 256;
const MAX_STAKES = { ecdsa: 512, bn254: 400 } as const satisfies Record<KeyType, number>;

function requireOperators(minOperators: bigint, capacity: number, isDevelopment: boolean): void {
  const least = isDevelopment ? 1n : REAL.minOperators;
  const most = BigInt(Math.min(MAX_OPERATORS, capacity));
  if (minOperators >= least && minOperators <= most) return;
  throw new ParleyError(
    "deploy/min-operators",
    `A table cannot ask for ${minOperators} operators at least: here it is ${least} to ${most}.`,
    `Leave \`parley.deployment.minOperators\` out, or name a number from ${least} to ${most}.`,
  );
}
