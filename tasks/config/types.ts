/** What a project says about Parley in its Hardhat config, and what becomes of it. */
import type { ParentContract } from "../../src/stacks/stack.ts";
import type { KeyType } from "../../src/wire/index.ts";
import type { ServicesConfig, ServicesUserConfig } from "./services.ts";
import type { Stack } from "./stacks.ts";

/** The `parley` entry of the Hardhat config. Everything may be left out: then three simulated chains are used. */
export interface ParleyUserConfig extends ServicesUserConfig {
  /** L1, where the members are registered and the operators restake. The embedded `parleyL1` if left out. */
  readonly settlement?: ChainUserConfig;
  /** The rollups that talk, by name: at most 63. The embedded `alpha` and `beta` if left out. */
  readonly rollups?: Readonly<Record<string, RollupUserConfig>>;
  /** How many operators of equal weight a simulated L1 gets, 4 to 256; 8 if left out. */
  readonly operators?: number;
  /** On networks: what is fixed once deployed. Simulated chains have the defaults of development nodes. */
  readonly deployment?: DeploymentUserConfig;
  /** Basis points of the total weight above which signatures are a quorum, 6,667 to 9,000; 6,667 if left out. */
  readonly quorum?: number;
  /** What operators sign with, for good once deployed: `ecdsa` if left out. `bn254` keeps certificates flat as operators grow many. */
  readonly keyType?: KeyType;
}

/** A chain of the fabric. */
export interface ChainUserConfig {
  /** A name in the config's `networks`. */
  readonly network: string;
  /** When what happened on the chain counts as final. If left out: at once if it is simulated, else as its node says. */
  readonly finality?: Finality;
  /**
   * Seconds after which a chain whose bridge is silent is not certified any more. If left out: what a dispute about what it settles
   * takes at most on its stack (nothing on L1 and on development nodes), and three days.
   */
  readonly maxSettleAge?: number;
}

/** What is fixed once deployed. Where two defaults are named, the second one is that of development nodes. */
export interface DeploymentUserConfig {
  /** Owns Settlement and every Gateway, and decides on their addresses; the account that deploys if left out. */
  readonly owner?: string;
  /** EigenLayer strategies whose stake counts. Development nodes get a token and a strategy of their own if left out. */
  readonly strategies?: readonly StrategyUserConfig[];
  /** Where the AVS describes itself; nowhere if left out. */
  readonly metadataURI?: string;
  /** Wei below whose weight a table verifies nothing; 1,000 ETH, 1 ETH. */
  readonly weightFloor?: bigint;
  /** Wei below whose weight an operator is not admitted, and in no table; 32 ETH, 1 ETH. */
  readonly minWeight?: bigint;
  /** Operators that a table must have at least, 1 to 256, on a real network 4 to 256; 4, 1. */
  readonly minOperators?: number;
  /** Wei that an operator deposits before it joins: what it loses of that pays who convicts it; 1 ETH. */
  readonly bond?: bigint;
  /** Seconds for which a table verifies certificates; a day. */
  readonly tableAge?: number;
  /** Least seconds between two tables; an hour, 0. */
  readonly minInterval?: number;
  /** Seconds between registering a member and its becoming one; 7 days, 0. */
  readonly memberNotice?: number;
  /** Seconds between announcing that a falsehood about a member costs more stake and its doing so; 21 days, 0. */
  readonly falsehoodNotice?: number;
}

/** A strategy whose stake counts. */
export interface StrategyUserConfig {
  readonly address: string;
  /** Weight of a share, in parts of 1e18; 1e18 if left out. */
  readonly multiplier?: bigint;
}

/** A rollup of the fabric. */
export interface RollupUserConfig extends ChainUserConfig {
  /** Which bridge joins it to its parent. If left out, it is found out from its node; `devnet` on development nodes without one. */
  readonly stack?: Stack;
  /** Of an L3: the name of the rollup in `rollups` that it settles on. L1 if left out. */
  readonly parent?: string;
  /** What the stack's bridge needs on its parent. May be left out for rollups that are well known (docs/STACKS.md). */
  readonly contracts?: ContractsUserConfig;
}

/** Addresses on L1, of an L3 on its parent: of the one contract that the rollup's stack needs. */
export type ContractsUserConfig = {
  /** `l1CrossDomainMessenger`: OP Stack. `inbox`: Arbitrum, the delayed Inbox. `bridgehub`: ZK Stack. */
  readonly [Name in ParentContract]?: string;
};

/** What of a chain is final: what its node calls `finalized`; or, always so where it is simulated, by the number of blocks on it. */
export type Finality =
  | "finalized"
  | {
      /** A block is final once this many others stand on it: 0 to 1,000. */
      readonly confirmations: number;
    };

/** The resolved `parley` entry: nothing is left out, rollups are in the order in which they were written. */
export interface ParleyConfig {
  readonly settlement: ChainConfig;
  readonly rollups: readonly RollupConfig[];
  readonly operators: number;
  readonly quorum: number;
  readonly keyType: KeyType;
  /** As it was written: what was left out depends on the chains. */
  readonly deployment: DeploymentUserConfig;
  /** Settings of services, as they were written: flags and the environment come before them. */
  readonly services: ServicesConfig;
}

export interface ChainConfig {
  readonly network: string;
  readonly finality: Finality;
  /** Seconds. Undefined where it follows from a stack that is not known yet. */
  readonly maxSettleAge: number | undefined;
}

export interface RollupConfig extends ChainConfig {
  readonly name: string;
  /** Undefined if it is to be found out. */
  readonly stack: Stack | undefined;
  /** Name of the rollup that it settles on; undefined if that is L1. */
  readonly parent: string | undefined;
  readonly contracts: ContractsUserConfig;
}
