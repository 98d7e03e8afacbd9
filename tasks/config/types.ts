/** What a project says about Parley in its Hardhat config, and what becomes of it. */
import type { Stack } from "./stacks.ts";

/** The `parley` entry of the Hardhat config. Everything may be left out: then three simulated chains are used. */
export interface ParleyUserConfig {
  /** L1, where the members are registered and the operators restake. The embedded `parleyL1` if left out. */
  readonly settlement?: ChainUserConfig;
  /** The rollups that talk, by name: at most 63. The embedded `alpha` and `beta` if left out. */
  readonly rollups?: Readonly<Record<string, RollupUserConfig>>;
  /** How many operators of equal weight a simulated L1 gets, 4 to 256; 8 if left out. */
  readonly operators?: number;
  /** Basis points of the total weight above which signatures are a quorum, 6,667 to 9,000; 6,667 if left out. */
  readonly quorum?: number;
}

/** A chain of the fabric. */
export interface ChainUserConfig {
  /** A name in the config's `networks`. */
  readonly network: string;
  /** When what happened on the chain counts as final; at once if left out. */
  readonly finality?: Finality;
}

/** A rollup of the fabric. */
export interface RollupUserConfig extends ChainUserConfig {
  /** Which bridge joins it to L1; `devnet` if left out. */
  readonly stack?: Stack;
}

/** Finality of a simulated chain. */
export interface Finality {
  /** A block is final once this many others stand on it: 0 to 1,000. */
  readonly confirmations: number;
}

/** The resolved `parley` entry: nothing is left out, rollups are in the order in which they were written. */
export interface ParleyConfig {
  readonly settlement: ChainConfig;
  readonly rollups: readonly RollupConfig[];
  readonly operators: number;
  readonly quorum: number;
}

export interface ChainConfig {
  readonly network: string;
  readonly finality: Finality;
}

export interface RollupConfig extends ChainConfig {
  readonly name: string;
  readonly stack: Stack;
}
