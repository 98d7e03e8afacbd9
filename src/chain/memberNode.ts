import type { Provider } from "ethers";

import type { Hex } from "../wire/index.ts";

/**
 * What of a chain is final: the block that the node calls `finalized`, or, on simulated chains, the block that has this
 * many others on it (0: the latest).
 */
export type Confirmations = number | "finalized";

/** A member, and the node through which this process sees it. */
export type MemberNode = {
  /** For people. */
  readonly name: string;
  /** Its member id. */
  readonly id: Hex;
  readonly chainId: bigint;
  /** Its Gateway's address. */
  readonly gateway: string;
  /** The reader's own node. */
  readonly provider: Provider;
  readonly confirmations: Confirmations;
  /** No log of the Gateway is older: the block of its deployment, or 0. */
  readonly startBlock: number;
};
