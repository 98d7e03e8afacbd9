import { EMBEDDED_FABRIC } from "./embedded.ts";
import type { ChainConfig, ChainUserConfig, ParleyConfig, ParleyUserConfig } from "./types.ts";

const DEFAULT_OPERATORS = 8;
const DEFAULT_QUORUM = 6_667;

/** Fills in what the project left out. */
export function resolveParley(user: ParleyUserConfig = {}): ParleyConfig {
  const rollups: NonNullable<ParleyUserConfig["rollups"]> = user.rollups ?? EMBEDDED_FABRIC.rollups;
  return {
    settlement: resolveChain(user.settlement ?? EMBEDDED_FABRIC.settlement),
    rollups: Object.entries(rollups).map(([name, rollup]) => ({
      name,
      stack: rollup.stack ?? "devnet",
      ...resolveChain(rollup),
    })),
    operators: user.operators ?? DEFAULT_OPERATORS,
    quorum: user.quorum ?? DEFAULT_QUORUM,
  };
}

function resolveChain({ network, finality }: ChainUserConfig): ChainConfig {
  return { network, finality: finality ?? { confirmations: 0 } };
}
