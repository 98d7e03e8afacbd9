/** Relayers that are killed: in this process by steps that never end, and for good by SIGKILL in processes of their own. */
import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { RELAYER_STEPS, type RelayerStep } from "../../../src/agents/index.ts";
import { SharedRelayer } from "../../../src/agents/sharedRelayer.ts";
import { chance, integer } from "../../../src/testing/faults/chance.ts";
import { relayedMembers } from "../../../src/testing/fabricAgents.ts";
import { openDatabase } from "../../../src/store/index.ts";
import type { Database } from "../../../src/store/database.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { emptyPglite } from "../../support/databases.ts";
import { SEED, someOf } from "../../support/kills.ts";
import { useServed } from "../../tasks/served.ts";
import { RELAY_AND_DIE, relay, type Order, type Word } from "./killedRelayer.ts";
import { executed, KillingStory, sendOnEachLane, TIMES } from "./killingStory.ts";

/** Every step at which a relayer may be killed while it delivers, but for those of its senders. */
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
  const served = useServed({
    rollups: {
      // Messages of alpha are read before they are final.
      alpha: { network: "parleyAlpha", finality: { confirmations: 2 } },
      beta: { network: "parleyBeta" },
    },
  });
  let account: string;
  before(async () => {
    const [l1] = served.fabric.members;
    account = ((await l1.provider.request({ method: "eth_accounts", params: [] })) as string[])[7]!;
  });

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
    /** Ends what halted: it would keep its leases, and this process alive. */
    const halted: ((reason: Error) => void)[] = [];
    for (const fatal of STEPS) {
      ids.push(...(await sendOnEachLane(served)));
      await served.fabric.finalize();
      await new Promise<void>((resolve) => {
        const killed = relayer(database, (step) => {
          if (step !== fatal) return undefined;
          resolve();
          return new Promise<void>((_, reject) => halted.push(reject));
        });
        void killed.step().catch(() => undefined);
      });
      // As time does.
      await database.query("UPDATE leases SET expires = now()");
      await database.query("UPDATE pauses SET until = now()");
      await database.query("DELETE FROM relayers");
      await relayer(database).step();
      expect((await executed(served)).sort(), fatal).to.deep.equal([...ids].sort());
    }
    for (const end of halted) end(new Error("killed"));
  });

  /** Relays in this process until the story is over; answers the steps in their order. */
  async function relayToTheEnd(story: KillingStory, open: Parameters<typeof relay>[1]): Promise<RelayerStep[]> {
    const steps: RelayerStep[] = [];
    const onStep = async (step: RelayerStep): Promise<void> => {
      steps.push(step);
      if (step === "sender:replacing") await story.blocksCome();
    };
    const onIdle = (database: Database): Promise<boolean> => story.goOnToTheEnd(database);
    await relay({ file: served.file, account }, open, { onStep, onIdle });
    return steps;
  }

  async function expectDone(story: KillingStory): Promise<void> {
    const { executed: arrived, sent, nonces, used } = await story.outcome(account);
    expect(arrived, "each message once").to.deep.equal(sent);
    expect(used, "no nonce waits for another").to.deep.equal(nonces);
    expect(await story.fillers(account), "nonces that were left out").to.equal(0);
  }

  it("pass every step in the story in which they are killed", async () => {
    const story = new KillingStory(served);
    try {
      await story.begin();
      const steps = await relayToTheEnd(story, emptyPglite);
      for (const step of RELAYER_STEPS) {
        expect(steps.filter((one) => one === step).length, step).to.be.at.least(Math.max(1, TIMES[step]));
      }
      await expectDone(story);
    } finally {
      await story.blocksCome();
    }
  });

  /** How a process ended that went through the story up to its death. */
  const run = (order: Order, story: KillingStory): Promise<string> =>
    new Promise((resolve, reject) => {
      const child = fork(fileURLToPath(new URL("killedRelayer.ts", import.meta.url)), [RELAY_AND_DIE], {
        execArgv: ["--import", import.meta.resolve("tsx")],
        stdio: ["ignore", "ignore", "pipe", "ipc"],
      });
      let stderr = "";
      child.stderr?.on("data", (data: Buffer) => (stderr += data.toString()));
      const answer = async (word: Word): Promise<void> => {
        if (word === "no-block") await story.blocksCome();
        else child.send(await story.goOn());
      };
      child.on("message", (word) => {
        answer(word as Word).catch((error: unknown) => {
          child.kill("SIGKILL");
          reject(error instanceof Error ? error : new Error(String(error)));
        });
      });
      child.once("close", (code, signal) => resolve(signal ?? `${code} ${stderr}`));
      child.send(order);
    });

  for (const fatal of someOf(RELAYER_STEPS, 2, "relayer")) {
    const time = integer(1, TIMES[fatal], SEED, "time", fatal);
    it(`by SIGKILL at ${fatal}, time ${time}, leave what another needs to go on: nothing is lost, done twice, or left out`, async function () {
      this.timeout(120_000); // processes start, and leases have to end
      const folder = await mkdtemp(path.join(os.tmpdir(), "parley-kills-"));
      const directory = path.join(folder, "db");
      const story = new KillingStory(served);
      try {
        await story.begin();
        expect(await run({ file: served.file, directory, account, fatal, time }, story)).to.equal("SIGKILL");
        // What it left without a block is in one before the next relayer comes, or is found by it without.
        if (chance(SEED, "blocks", fatal) < 0.5) await story.blocksCome();
        await relayToTheEnd(story, (fabric) => openDatabase({ directory }, fabric));
        await expectDone(story);
      } finally {
        await story.blocksCome();
        await rm(folder, { recursive: true, force: true });
      }
    });
  }
});
