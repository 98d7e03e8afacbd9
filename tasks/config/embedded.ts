/** What a project gets that configures nothing: Ethereum and two rollups, simulated in the process itself. */
import type { EdrNetworkUserConfig } from "hardhat/types/config";

import type { ParleyUserConfig } from "./types.ts";

const simulated = (
  chainType: NonNullable<EdrNetworkUserConfig["chainType"]>,
  chainId: number,
): EdrNetworkUserConfig => ({
  type: "edr-simulated",
  chainType,
  chainId,
});

/** Added to the config's `networks`; a network of the project with the same name takes the place of one of these. */
export const EMBEDDED_NETWORKS = {
  parleyL1: simulated("l1", 900_000),
  parleyAlpha: simulated("op", 900_001),
  parleyBeta: simulated("generic", 900_002),
} as const satisfies Record<string, EdrNetworkUserConfig>;

/** The fabric on these networks. */
export const EMBEDDED_FABRIC = {
  settlement: { network: "parleyL1" },
  rollups: {
    alpha: { network: "parleyAlpha" },
    beta: { network: "parleyBeta" },
  },
} as const satisfies ParleyUserConfig;
