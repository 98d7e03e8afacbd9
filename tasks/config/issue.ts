/** Something wrong in the config. */
export interface ConfigIssue {
  /** From the config object to the value. */
  path: (string | number)[];
  message: string;
}

/** Codes of what can be wrong with the `parley` entry; they end each message, in brackets. */
export type ConfigCode =
  | "config/invalid"
  | "config/unknown-key"
  | "config/invalid-setting"
  | "config/invalid-name"
  | "config/invalid-finality"
  | "config/invalid-quorum"
  | "config/invalid-operators"
  | "config/unknown-key-type"
  | "config/invalid-address"
  | "config/invalid-time"
  | "config/invalid-amount"
  | "config/invalid-strategies"
  | "config/no-rollups"
  | "config/too-many-rollups"
  | "config/unknown-stack"
  | "config/foreign-contract"
  | "config/simulated-stack"
  | "config/unknown-parent"
  | "config/parent-cycle"
  | "config/parent-too-deep"
  | "config/no-hop"
  | "config/unknown-network"
  | "config/duplicate-network"
  | "config/duplicate-chain";

/** `message` says what is wrong and what to do about it. */
export function configIssue(path: (string | number)[], code: ConfigCode, message: string): ConfigIssue {
  return { path: ["parley", ...path], message: `${message} [${code}]` };
}
