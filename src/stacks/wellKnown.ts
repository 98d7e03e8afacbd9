/**
 * Contracts on Ethereum mainnet of rollups whose addresses their stacks publish. A wrong one would lose what is sent to it, so each
 * group names its source, and `requireParentContract` compares with what the chains say before anything is sent.
 */
import type { CanonicalStack } from "./stack.ts";

export interface WellKnownRollup {
  readonly title: string;
  readonly stack: CanonicalStack;
  readonly parentContract: string;
}

/** The settlement chain of all of them. */
export const ETHEREUM = 1n;

// github.com/ethereum-optimism/superchain-registry, superchain/configs/mainnet/*.toml, L1CrossDomainMessengerProxy.
const optimism = (title: string, parentContract: string): WellKnownRollup => ({
  title,
  stack: "optimism",
  parentContract,
});

// docs.arbitrum.io, "Smart contract addresses", and github.com/OffchainLabs/arbitrum-sdk, networks.ts: the Delayed Inbox.
const arbitrum = (title: string, parentContract: string): WellKnownRollup => ({
  title,
  stack: "arbitrum",
  parentContract,
});

// docs.zksync.io, "ZKsync Chain addresses": the Bridgehub, one for all chains of its ecosystem.
const BRIDGEHUB = "0x303a465B659cBB0ab36eE643eA362c509EEb5213";

/** By chain id. */
const ROLLUPS: ReadonlyMap<bigint, WellKnownRollup> = new Map([
  [10n, optimism("OP Mainnet", "0x25ace71c97B33Cc4729CF772ae268934F7ab5fA1")],
  [130n, optimism("Unichain", "0x9A3D64E386C18Cb1d6d5179a9596A4B5736e98A6")],
  [324n, { title: "ZKsync Era", stack: "zksync", parentContract: BRIDGEHUB }],
  [8_453n, optimism("Base", "0x866E82a600A1414e583f7F13623F1aC5d58b0Afa")],
  [42_161n, arbitrum("Arbitrum One", "0x4Dbd4fc535Ac27206064B68FfCf827b0A60BAB3f")],
  [42_170n, arbitrum("Arbitrum Nova", "0xc4448b71118c9071Bcb9734A0EAc55D18A153949")],
  [57_073n, optimism("Ink", "0x69d3Cf86B2Bf1a9e99875B7e2D9B6a84426c171f")],
]);

/** The rollup that has this chain id, if it settles on that chain. */
export const wellKnownRollup = (chainId: bigint, settlementChainId: bigint): WellKnownRollup | undefined =>
  settlementChainId === ETHEREUM ? ROLLUPS.get(chainId) : undefined;
