/** Chains that are served, a fabric on them, and what keeps them going. */
import { setTimeout as sleep } from "node:timers/promises";

import hre from "hardhat";

import { run } from "../../src/agents/loop.ts";
import { planPorts } from "../../src/devnet/ports.ts";
import { startFabric, type Fabric, type FabricMember } from "../../src/testing/fabric.ts";
import { Branches } from "../../src/testing/faults/index.ts";
import { devnetChains } from "../../tasks/config/devnetChains.ts";
import { resolveParley } from "../../tasks/config/resolve.ts";
import { serveChains } from "../../tasks/servedChains.ts";
import { CONFIRMATIONS, OPERATORS, ROLLUPS } from "./plan.ts";

/** Milliseconds between blocks that nobody asked for. */
const BLOCK = 150;

/** A rollup of the soak. */
export interface SoakRollup {
  readonly member: FabricMember;
  readonly url: string;
  readonly branches: Branches;
}

export interface SoakChains {
  readonly fabric: Fabric;
  readonly urls: ReadonlyMap<string, string>;
  readonly rollups: readonly SoakRollup[];
  close(): Promise<void>;
}

/** Starts the chains; from then on they have blocks, and bridges carry. */
export async function startChains(): Promise<SoakChains> {
  const parley = resolveParley({ operators: OPERATORS });
  const chains = await serveChains(
    hre,
    devnetChains(parley, { rollups: ROLLUPS, confirmations: CONFIRMATIONS }),
    planPorts(0, ROLLUPS),
  );
  const fabric = await startFabric({ ...chains, operators: OPERATORS, quorumBps: parley.quorum });
  const [, ...members] = fabric.members;
  const urls = new Map([chains.l1, ...chains.rollups].map(({ name, url }) => [name, url]));
  const rollups = members.map((member): SoakRollup => ({
    member,
    url: urls.get(member.name) ?? "",
    branches: new Branches(member.provider),
  }));
  const ended = new AbortController();
  const carrying = run(
    async () => {
      // What was carried cannot be taken back at one end alone.
      if ((await fabric.derive()) > 0) for (const { branches } of rollups) branches.forget();
      const [l1] = fabric.members;
      await l1.provider.request({ method: "hardhat_mine", params: ["0x1"] });
      for (const { branches } of rollups) await branches.mine(1);
    },
    { intervalMs: BLOCK, signal: ended.signal },
  );
  return {
    fabric,
    urls,
    rollups,
    close: async () => {
      ended.abort();
      await carrying;
      await Promise.race([chains.close(), sleep(2_000, undefined, { ref: false })]);
    },
  };
}
