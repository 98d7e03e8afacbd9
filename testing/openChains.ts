/** The one place of the test kit that opens chains with Hardhat. */
import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";
import type { NetworkConnection } from "hardhat/types/network";

import { ParleyError } from "../src/errors.ts";
import { genesisDate } from "../src/testing/eigenlayer.ts";
import type { FabricChain } from "../src/testing/fabric.ts";
import { EMBEDDED_FABRIC, EMBEDDED_NETWORKS } from "../tasks/config/embedded.ts";
import { toFabricChain } from "../tasks/simulatedChains.ts";

/** A fresh simulated chain, and Hardhat's connection to it. */
export interface OpenedChain {
  readonly connection: NetworkConnection;
  readonly chain: FabricChain;
}

/** The chains of a devnet. */
export interface OpenedChains {
  readonly l1: OpenedChain;
  readonly rollups: readonly OpenedChain[];
  readonly close: () => Promise<void>;
}

type Hre = Pick<HardhatRuntimeEnvironment, "config" | "network">;

/** Starts L1 and rollups of these names. Throws `devnet/no-plugin`, `devnet/not-simulated`, `deploy/no-account`. */
export async function openChains(
  hre: Hre,
  { names, confirmations }: { readonly names: readonly string[]; readonly confirmations: number },
): Promise<OpenedChains> {
  const settlement = EMBEDDED_FABRIC.settlement.network;
  const networks = Object.values(EMBEDDED_FABRIC.rollups).map(({ network }) => network);
  const networkOf = (place: number): string => networks[place] ?? EMBEDDED_FABRIC.rollups.beta.network;
  requireSimulated(hre, [settlement, ...names.map((_, place) => networkOf(place))]);

  const open = async (name: string, network: string, override: { chainId?: number; initialDate: Date }) => {
    const connection = await hre.network.create({ network, override });
    const finality = { confirmations };
    const chain = await toFabricChain(name, { network, finality, maxSettleAge: undefined }, connection);
    return { connection, chain };
  };
  const now = new Date();
  const firstId = EMBEDDED_NETWORKS.parleyAlpha.chainId ?? 0;
  const opening = await Promise.allSettled([
    open("l1", settlement, { initialDate: genesisDate(now) }),
    ...names.map((name, place) => open(name, networkOf(place), { chainId: firstId + place, initialDate: now })),
  ]);
  const opened = opening.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(opened.map(({ connection }) => connection.close()));
  };
  const failure = opening.find((one) => one.status === "rejected");
  const [l1, ...rollups] = opened;
  if (failure !== undefined || l1 === undefined) {
    await close();
    throw failure?.reason;
  }
  return { l1, rollups, close };
}

function requireSimulated({ config }: Hre, networks: readonly string[]): void {
  // Without the plugin the config lacks its entry, whatever its type says.
  if (!("parley" in config)) {
    throw new ParleyError(
      "devnet/no-plugin",
      "The project's Hardhat config has no Parley plugin.",
      'Add it: `import hardhatParley from "hardhat-parley"` and `plugins: [hardhatParley]` in hardhat.config.ts.',
    );
  }
  const others = [...new Set(networks)].filter((name) => config.networks[name]?.type !== "edr-simulated");
  if (others.length === 0) return;
  throw new ParleyError(
    "devnet/not-simulated",
    `The project's Hardhat config makes another network of ${others.join(", ")}, which a devnet starts itself.`,
    'Leave these names to the plugin, or give them the type "edr-simulated".',
  );
}
