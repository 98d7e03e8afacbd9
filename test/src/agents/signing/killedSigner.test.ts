import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import fc from "fast-check";

import { OPERATOR_STEPS } from "../../../../src/agents/index.ts";
import { integer } from "../../../../src/testing/faults/chance.ts";
import { isWhole, SEED } from "../../../support/kills.ts";
import { checkAsync } from "../../../support/property.ts";
import { countOf, Level, type Checkpoint } from "../../../../src/wire/index.ts";
import { canConvict, pairs, type Statement } from "../histories.ts";
import { foldOf, LANE, signed, type Branch } from "../statements.ts";
import { FORK, openGuard, OWN, requests, SIGN_AND_DIE, signs, type Order } from "./killedSigner.ts";

/** What an operator is asked for in a sample; the seed of `npm run test:kills` chooses otherwise. */
const FIRST = isWhole ? integer(0, 1_000_000, SEED, "operator") : 4_711;

describe("R23: an operator that is killed", () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-killed-"));
  });
  after(() => rm(folder, { recursive: true }));

  /** The requests to which a process that was killed had answered with a signature. */
  async function leftBy(order: Order): Promise<Checkpoint[]> {
    const child = fork(fileURLToPath(new URL("./killedSigner.ts", import.meta.url)), [SIGN_AND_DIE], {
      execArgv: ["--import", import.meta.resolve("tsx")],
    });
    const left: number[] = [];
    child.on("message", (place) => left.push(place as number));
    child.send(order);
    const [, signal] = (await once(child, "close")) as [number | null, string | null];
    expect(signal, order.step).to.equal("SIGKILL");
    const asked = requests(order.seed, OWN);
    return left.map((place) => asked[place]!);
  }

  for (const [place, step] of OPERATOR_STEPS.entries()) {
    it(`at ${step} has signed nothing that it forgot, and signs nothing after it that contradicts it`, async () => {
      const file = path.join(folder, `${place}.jsonl`);
      const seed = FIRST + place;
      const left = await leftBy({ file, step, times: step.includes("halt") ? place % 2 : 1 + (seed % 3), seed });
      const statements: Statement[] = left.map((checkpoint) => ({ checkpoint, messages: OWN }));

      const { guard, store } = await openGuard(file);
      for (const { checkpoint } of statements) expect(store.all()).to.deep.include(signed(checkpoint));
      for (const messages of [FORK, OWN, FORK] as const satisfies Branch[]) {
        for (const checkpoint of requests(seed + 1, messages)) {
          if (await signs(guard, checkpoint, messages)) statements.push({ checkpoint, messages });
        }
      }
      await store.close();
      expect(statements).to.not.deep.equal([]);
      for (const [a, b] of pairs(statements)) expect(canConvict(a, b)).to.equal(false);

      // What was final behind the fork stopped the lane, and did so for the next process, too.
      const isForked = store.all().some(({ level, laneWord }) => level === Level.final && countOf(laneWord) > 3n);
      const again = await openGuard(file);
      if (isForked) await again.guard.compare(LANE, foldOf(FORK.slice(0, 2)));
      expect(again.guard.halted).to.have.length(guard.halted.length);
      await again.store.close();
    });
  }

  it("and one that is asked by many at once, on changing branches, signs nothing convictable", async () => {
    let runs = 0;
    const asking = fc.array(fc.record({ onFork: fc.boolean(), seed: fc.nat(1_000) }), { minLength: 2, maxLength: 6 });
    await checkAsync(
      fc.asyncProperty(asking, fc.scheduler(), async (askers, scheduler) => {
        const file = path.join(folder, `many-${runs++}.jsonl`);
        const { guard, store } = await openGuard(file);
        const statements: Statement[] = [];
        await scheduler.waitFor(
          Promise.all(
            askers.map(async ({ onFork, seed }) => {
              const messages = onFork ? FORK : OWN;
              for (const checkpoint of requests(seed, messages).slice(0, 4)) {
                await scheduler.schedule(Promise.resolve());
                if (await signs(guard, checkpoint, messages)) statements.push({ checkpoint, messages });
              }
            }),
          ),
        );
        await store.close();
        for (const { checkpoint } of statements) expect(store.all()).to.deep.include(signed(checkpoint));
        for (const [a, b] of pairs(statements)) expect(canConvict(a, b)).to.equal(false);
      }),
      15,
    );
  });
});
