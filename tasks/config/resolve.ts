import { EMBEDDED_FABRIC } from "./embedded.ts";
import type { ChainConfig, ChainUserConfig, ParleyConfig, ParleyUserConfig } from "./types.ts";

const DEFAULT_OPERATORS = 8;
const DEFAULT_QUORUM = 6_667;

/** Seconds, unless the config says otherwise. */
export const MAX_SETTLE_AGE = 3 * 24 * 3_600;

/** What is read of the project's networks. */
export type Networks = Readonly<Record<string, { readonly type: string }>>;

/** Fills in what the project left out. */
export function resolveParley(user: ParleyUserConfig = {}, networks: Networks = {}): ParleyConfig {
  const rollups: NonNullable<ParleyUserConfig["rollups"]> = user.rollups ?? EMBEDDED_FABRIC.rollups;
  return {
    settlement: resolveChain(user.settlement ?? EMBEDDED_FABRIC.settlement, networks),
    rollups: Object.entries(rollups).map(([name, rollup]) => ({
      name,
      stack: rollup.stack ?? "devnet",
      ...resolveChain(rollup, networks),
    })),
    operators: user.operators ?? DEFAULT_OPERATORS,
    quorum: user.quorum ?? DEFAULT_QUORUM,
    deployment: user.deployment ?? {},
  };
}

function resolveChain({ network, finality, maxSettleAge }: ChainUserConfig, networks: Networks): ChainConfig {
  const isReached = Object.hasOwn(networks, network) && networks[network]?.type === "http";
  return {
    network,
    finality: finality ?? (isReached ? "finalized" : { confirmations: 0 }),
    maxSettleAge: maxSettleAge ?? MAX_SETTLE_AGE,
  };
}
