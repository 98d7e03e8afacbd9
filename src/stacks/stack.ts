/** How rollups are joined to L1: the stacks whose own bridges Parley uses, and `devnet`, which stands in for one. */

/** `devnet`: a stand-in for a rollup's own bridge, between development nodes. */
export const STACKS = ["optimism", "arbitrum", "zksync", "devnet"] as const;

export type Stack = (typeof STACKS)[number];

/** A stack that has a bridge of its own. */
export type CanonicalStack = Exclude<Stack, "devnet">;

/** The one contract on L1, of an L3 on its parent, by which each stack's bridge is known; the others follow from it. */
export const PARENT_CONTRACTS = {
  optimism: "l1CrossDomainMessenger",
  arbitrum: "inbox",
  zksync: "bridgehub",
} as const satisfies Record<CanonicalStack, string>;

export type ParentContract = (typeof PARENT_CONTRACTS)[CanonicalStack];

/** A rollup's stack, with what its bridge needs on L1. */
export type RollupStack =
  { readonly name: "devnet" } | { readonly name: CanonicalStack; readonly parentContract: string };

/** What stacks are called, for people. */
export const STACK_TITLES: Readonly<Record<Stack, string>> = {
  optimism: "OP Stack",
  arbitrum: "Arbitrum",
  zksync: "ZK Stack",
  devnet: "devnet",
};
