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

const ROLLUPS = Object.values(EMBEDDED_FABRIC.rollups).map(({ network }) => network);

/** The embedded network that the rollup of this place is one of: an op chain first, then generic ones. */
const networkOf = (place: number): string => ROLLUPS[place] ?? EMBEDDED_FABRIC.rollups.beta.network;

type Hre = Pick<HardhatRuntimeEnvironment, "config" | "network">;

/** Starts L1 and rollups of these names. Throws `deploy/no-account`. */
export async function openChains(
  hre: Hre,
  { names, confirmations }: { readonly names: readonly string[]; readonly confirmations: number },
): Promise<OpenedChains> {
  const open = async (name: string, network: string, override: { chainId?: number; initialDate: Date }) => {
    const connection = await hre.network.create({ network, override });
    const finality = { confirmations };
    const chain = await toFabricChain(name, { network, finality, maxSettleAge: undefined }, connection);
    return { connection, chain };
  };
  const now = new Date();
  const firstId = EMBEDDED_NETWORKS.parleyAlpha.chainId ?? 0;
  // With the first chain of a process Hardhat reads all that the project has built, to tell stack traces by. That takes seconds, and
  // chains that are opened before it is done read it all again: the others wait.
  const l1 = await open("l1", EMBEDDED_FABRIC.settlement.network, { initialDate: genesisDate(now) });
  const opening = await Promise.allSettled(
    names.map((name, place) => open(name, networkOf(place), { chainId: firstId + place, initialDate: now })),
  );
  const rollups = opening.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all([l1, ...rollups].map(({ connection }) => connection.close()));
  };
  const failure = opening.find((one) => one.status === "rejected");
  if (failure !== undefined) {
    await close();
    throw failure.reason;
  }
  return { l1, rollups, close };
}

/** Throws `devnet/no-plugin`, `devnet/not-simulated` unless the project's config lets so many rollups be started. */
export function requireParley({ config }: Pick<Hre, "config">, rollups: number): void {
  // Without the plugin the config lacks its entry, whatever its type says.
  if (!("parley" in config)) {
    throw new ParleyError(
      "devnet/no-plugin",
      "The project's Hardhat config has no Parley plugin.",
      'Add it: `import hardhatParley from "hardhat-parley"` and `plugins: [hardhatParley]` in hardhat.config.ts.',
    );
  }
  const networks = [
    EMBEDDED_FABRIC.settlement.network,
    ...Array.from({ length: rollups }, (_, place) => networkOf(place)),
  ];
  const others = [...new Set(networks)].filter((name) => config.networks[name]?.type !== "edr-simulated");
  if (others.length === 0) return;
  throw new ParleyError(
    "devnet/not-simulated",
    `The project's Hardhat config makes another network of ${others.join(", ")}, which a devnet starts itself.`,
    'Leave these names to the plugin, or give them the type "edr-simulated".',
  );
}
