import type { NetworkConfig } from "hardhat/types/config";

import { ParleyError } from "../src/errors.ts";
import type { ParleyConfig } from "./config/types.ts";

/** Whether the fabric's chains are started here, or are reached over networks. Throws `deploy/mixed-networks`. */
export function deployKind(
  parley: ParleyConfig,
  networks: Readonly<Record<string, Pick<NetworkConfig, "type">>>,
): "simulated" | "networks" {
  const chains = [parley.settlement, ...parley.rollups].map(({ network }) => network);
  const simulated = chains.filter((network) => networks[network]?.type === "edr-simulated");
  if (simulated.length === chains.length) return "simulated";
  if (simulated.length === 0) return "networks";
  throw new ParleyError(
    "deploy/mixed-networks",
    `Of the fabric's networks these are simulated, and end with this process: ${simulated.join(", ")}; the others stay: ${chains.filter((network) => !simulated.includes(network)).join(", ")}.`,
    "Name networks of one kind under `parley`: all simulated, or all of them reached over HTTP.",
  );
}
