/** Whether what the `parley` entry refers to is there, and each chain is named once. */
import { checkParents } from "./checkParents.ts";
import { configIssue, type ConfigIssue } from "./issue.ts";
import type { ParleyConfig } from "./types.ts";

/** What is read of a network. */
export interface KnownNetwork {
  readonly type: string;
  readonly chainId?: number | undefined;
}

/** Looks up the networks of the fabric among those of the config, and parents among the rollups. */
export function crossCheck(parley: ParleyConfig, networks: Readonly<Record<string, KnownNetwork>>): ConfigIssue[] {
  return [...checkNetworks(parley, networks), ...checkParents(parley)];
}

function checkNetworks(parley: ParleyConfig, networks: Readonly<Record<string, KnownNetwork>>): ConfigIssue[] {
  const chains = [
    { what: "settlement", path: ["settlement", "network"], stack: undefined, ...parley.settlement },
    ...parley.rollups.map((rollup) => ({ what: rollup.name, path: ["rollups", rollup.name, "network"], ...rollup })),
  ];
  const usedBy = new Map<string, string>();
  const chainIds = new Map<number, string>();
  return chains.flatMap(({ what, path, network, finality, stack }) => {
    const known = Object.hasOwn(networks, network) ? networks[network] : undefined;
    if (known === undefined) {
      const names = Object.keys(networks).sort().join(", ");
      return [
        configIssue(
          path,
          "config/unknown-network",
          `No network is named "${network}". Add it to \`networks\`, or use one of: ${names}.`,
        ),
      ];
    }
    const other = usedBy.get(network);
    if (other !== undefined) {
      return [
        configIssue(
          path,
          "config/duplicate-network",
          `Network "${network}" is the one of "${other}" already. Give each chain of the fabric a network of its own.`,
        ),
      ];
    }
    usedBy.set(network, what);
    if (known.type === "edr-simulated" && finality === "finalized") {
      return [
        configIssue(
          [...path.slice(0, -1), "finality"],
          "config/invalid-finality",
          `Network "${network}" is simulated, and nothing finalizes its blocks. Write { confirmations: n }, or leave it out.`,
        ),
      ];
    }
    if (known.type === "edr-simulated" && stack !== undefined && stack !== "devnet") {
      return [
        configIssue(
          [...path.slice(0, -1), "stack"],
          "config/simulated-stack",
          `Network "${network}" is simulated, and has no bridge of the stack "${stack}". Write "devnet", or leave it out.`,
        ),
      ];
    }
    if (known.chainId === undefined) return [];
    const twin = chainIds.get(known.chainId);
    if (twin !== undefined) {
      return [
        configIssue(
          path,
          "config/duplicate-chain",
          `Network "${network}" has chain id ${known.chainId}, as the one of "${twin}". Give each chain a chain id of its own.`,
        ),
      ];
    }
    chainIds.set(known.chainId, what);
    return [];
  });
}
