/** Relayers that are killed: in this process by steps that never end, and for good by SIGKILL in processes of their own. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { SharedRelayer, type RelayerStep } from "../../../src/agents/sharedRelayer.ts";
import { relayedMembers } from "../../../src/testing/fabricAgents.ts";
import type { Database } from "../../../src/store/database.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.js";
import { emptyPglite } from "../../support/databases.ts";
import { useServed } from "../../tasks/served.ts";
import { recorderOn, send } from "./fixture.ts";

/** Every step at which a relayer may be killed while it delivers. */
const STEPS: readonly RelayerStep[] = [
  "index:page-read",
  "index:page-stored",
  "relayer:tables",
  "relayer:claimed",
  "relayer:certified",
  "relayer:advanced",
  "relayer:delivering",
  "relayer:delivered",
  "relayer:paused",
  "relayer:released",
];

describe("Relayers that are killed", () => {
  const served = useServed();

  /** Sends on each lane to and from L1; answers the ids. */
  const sendSome = async (): Promise<Hex[]> => {
    const [l1, ...rollups] = relayedMembers(served.fabric);
    const ids: Hex[] = [];
    for (const rollup of rollups) {
      for (const [from, to] of [
        [l1!, rollup],
        [rollup, l1!],
      ] as const)
        ids.push(await send(from, to, await recorderOn(to)));
    }
    return ids;
  };
  /** Ids that Gateways executed, as often as they did. */
  const executed = async (): Promise<Hex[]> => {
    const found = await Promise.all(
      relayedMembers(served.fabric).map(async ({ gateway, signer }) => {
        const contract = IGateway__factory.connect(gateway, signer);
        return await contract.queryFilter(contract.filters.MessageDelivered(), 0);
      }),
    );
    return found.flat().map(({ args }) => args.id);
  };
  const relayer = (database: Database, onStep?: (step: RelayerStep) => Promise<void> | undefined): SharedRelayer => {
    const [l1] = served.fabric.members;
    const { contracts, startBlock } = served.fabric;
    const { settlement, serviceManager } = contracts;
    return new SharedRelayer({
      settlement: { chainId: l1.chainId, settlement, serviceManager, signer: l1.signer, startBlock },
      members: relayedMembers(served.fabric),
      operators: served.operators,
      database,
      name: String(Math.random()),
      ...(onStep === undefined ? {} : { onStep: (step) => onStep(step) }),
    });
  };

  it("at any step lose nothing and deliver nothing twice: another goes on once their leases are over", async () => {
    const [l1] = served.fabric.members;
    const database = await emptyPglite({ chainId: l1.chainId, settlement: served.fabric.contracts.settlement });
    const ids: Hex[] = [];
    for (const fatal of STEPS) {
      ids.push(...(await sendSome()));
      await served.fabric.finalize();
      await new Promise<void>((resolve) => {
        const killed = relayer(database, (step) => {
          if (step !== fatal) return undefined;
          resolve();
          return new Promise<void>(() => undefined);
        });
        void killed.step();
      });
      // As time does.
      await database.query("UPDATE leases SET expires = now()");
      await database.query("UPDATE pauses SET until = now()");
      await database.query("DELETE FROM relayers");
      await relayer(database).step();
      expect((await executed()).sort(), fatal).to.deep.equal([...ids].sort());
    }
  });

  it("by SIGKILL, with transactions on their way, find their database and their account as they left them", async function () {
    this.timeout(120_000); // two processes start, one after the other
    const folder = await mkdtemp(path.join(os.tmpdir(), "parley-kills-"));
    const [l1] = served.fabric.members;
    const accounts = (await l1.provider.request({ method: "eth_accounts", params: [] })) as string[];
    const tsx = createRequire(import.meta.url).resolve("tsx");
    const child = fileURLToPath(new URL("relayerChild.ts", import.meta.url));
    const run = (fatal: string): Promise<string> =>
      new Promise((resolve) => {
        const args = ["--import", tsx, child, served.file, path.join(folder, "db"), accounts[7]!, fatal];
        const process_ = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
        let stderr = "";
        process_.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
        process_.once("close", (code, signal) => resolve(signal ?? `${code} ${stderr}`));
      });
    try {
      const ids = await sendSome();
      await served.fabric.finalize();
      expect(await run("sender:handed")).to.equal("SIGKILL");
      expect(await run("none")).to.equal("0 ");
      expect((await executed()).sort()).to.deep.equal([...ids].sort());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
