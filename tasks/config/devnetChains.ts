/** Which chains a devnet consists of. */
import { rollupNames } from "../../src/devnet/rollupNames.ts";
import { EMBEDDED_FABRIC, EMBEDDED_NETWORKS } from "./embedded.ts";
import { MAX_SETTLE_AGE } from "./resolve.ts";
import type { ChainConfig, ParleyConfig } from "./types.ts";

/** A chain to be started. */
export interface DevnetChain extends ChainConfig {
  readonly name: string;
  /** Its chain id, if it is not the network's. */
  readonly chainId?: number;
}

export interface DevnetChains {
  readonly l1: DevnetChain;
  readonly rollups: readonly DevnetChain[];
}

/**
 * The chains of the config; or, if so many rollups are asked for, embedded ones.
 * @param confirmations Of every chain, if given: a block is final once so many others stand on it.
 */
export function devnetChains(
  parley: ParleyConfig,
  asked: { readonly rollups: number | undefined; readonly confirmations: number | undefined },
): DevnetChains {
  const { l1, rollups } = asked.rollups === undefined ? configured(parley) : embedded(asked.rollups);
  const withFinality = (chain: DevnetChain): DevnetChain =>
    asked.confirmations === undefined ? chain : { ...chain, finality: { confirmations: asked.confirmations } };
  return { l1: withFinality(l1), rollups: rollups.map(withFinality) };
}

const configured = ({ settlement, rollups }: ParleyConfig): DevnetChains => ({
  l1: { ...settlement, name: "l1" },
  rollups,
});

const EMBEDDED = { finality: { confirmations: 0 }, maxSettleAge: MAX_SETTLE_AGE };

/** An op chain, and generic ones. */
function embedded(count: number): DevnetChains {
  const networks = Object.values(EMBEDDED_FABRIC.rollups).map(({ network }) => network);
  const first = EMBEDDED_NETWORKS.parleyAlpha.chainId ?? 0;
  return {
    l1: { ...EMBEDDED_FABRIC.settlement, name: "l1", ...EMBEDDED },
    rollups: rollupNames(count).map((name, index) => ({
      name,
      network: networks[index] ?? EMBEDDED_FABRIC.rollups.beta.network,
      chainId: first + index,
      ...EMBEDDED,
    })),
  };
}
