import { EMBEDDED_FABRIC } from "./embedded.ts";
import { resolveServices } from "./services.ts";
import type { ChainConfig, ChainUserConfig, ParleyConfig, ParleyUserConfig, RollupConfig } from "./types.ts";

const DEFAULT_OPERATORS = 8;
const DEFAULT_QUORUM = 6_667;

/** Seconds, where the config says nothing else and nobody disputes what a chain settles: on L1, and over the devnet bridge. */
export const MAX_SETTLE_AGE = 3 * 24 * 3_600;

/** What is read of the project's networks. */
export type Networks = Readonly<Record<string, { readonly type: string }>>;

/** Fills in what the project left out. */
export function resolveParley(user: ParleyUserConfig = {}, networks: Networks = {}): ParleyConfig {
  const rollups: NonNullable<ParleyUserConfig["rollups"]> = user.rollups ?? EMBEDDED_FABRIC.rollups;
  return {
    settlement: resolveChain(user.settlement ?? EMBEDDED_FABRIC.settlement, networks),
    rollups: Object.entries(rollups).map(([name, rollup]): RollupConfig => {
      const stack = rollup.stack ?? (isReached(rollup, networks) ? undefined : "devnet");
      const chain = resolveChain(rollup, networks);
      const age = stack === "devnet" ? chain.maxSettleAge : rollup.maxSettleAge;
      const { parent, contracts = {} } = rollup;
      return { name, stack, parent, contracts, ...chain, maxSettleAge: age };
    }),
    operators: user.operators ?? DEFAULT_OPERATORS,
    quorum: user.quorum ?? DEFAULT_QUORUM,
    keyType: user.keyType ?? "ecdsa",
    deployment: user.deployment ?? {},
    services: resolveServices(user),
  };
}

function resolveChain(chain: ChainUserConfig, networks: Networks): ChainConfig {
  const { network, finality, maxSettleAge } = chain;
  return {
    network,
    finality: finality ?? (isReached(chain, networks) ? "finalized" : { confirmations: 0 }),
    maxSettleAge: maxSettleAge ?? MAX_SETTLE_AGE,
  };
}

const isReached = ({ network }: ChainUserConfig, networks: Networks): boolean =>
  Object.hasOwn(networks, network) && networks[network]?.type === "http";
