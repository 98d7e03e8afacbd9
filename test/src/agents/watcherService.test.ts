import { expect } from "chai";

import { Watcher } from "../../../src/agents/index.ts";
import { runWatcher } from "../../../src/agents/watching/watcherService.ts";
import { formatEvidence } from "../../../src/evidence/index.ts";
import { createLogger } from "../../../src/service/index.ts";
import { ZERO_WORD, type Statement } from "../../../src/wire/index.ts";
import { useWorld } from "./fixture.ts";
import { finalOf, inventedWord, signedBy } from "./watching/lies.ts";

/** Milliseconds between steps. */
const INTERVAL = 5;

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

describe("watcher:run, the service", () => {
  const world = useWorld();
  const tokens: string[] = [];
  let end: AbortController;
  let running: Promise<void>;
  let url: string;
  let lines: string[];
  /** Put in the place of the watcher's step. */
  let step: (() => ReturnType<Watcher["step"]>) | undefined;

  beforeEach(async () => {
    lines = [];
    step = undefined;
    end = new AbortController();
    const { l1, members, fabric } = world;
    const { settlement, serviceManager } = fabric.contracts;
    const { chainId, signer } = l1;
    const watcher = new Watcher({
      settlement: { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock },
      members,
    });
    url = await new Promise((resolve, reject) => {
      running = runWatcher({
        watcher: {
          hear: (checkpoints, signature) => watcher.hear(checkpoints, signature),
          hearEvidence: (evidence) => watcher.hearEvidence(evidence),
          step: () => step?.() ?? watcher.step(),
        },
        at: { host: "127.0.0.1", port: 0 },
        intervalMs: INTERVAL,
        log: createLogger({ service: "watcher", stream: { write: (line) => lines.push(line) } }),
        signal: end.signal,
        tokens,
        onListening: resolve,
      });
      running.catch(reject);
    });
  });
  afterEach(async () => {
    end.abort();
    await running;
    tokens.length = 0;
  });

  const read = async (path: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { headers });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const post = async (path: string, body: string): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };

  /** What `/status` says once that is so; fails with what it said last. */
  async function statusOnce(isSo: (status: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> {
    let last: Record<string, unknown> = {};
    for (let attempt = 0; attempt < 200; ++attempt) {
      last = (await read("/status")).body;
      if (isSo(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, INTERVAL));
    }
    throw new Error(`It is not so: ${JSON.stringify(last)}`);
  }

  const say = async (name: string): Promise<Statement> =>
    signedBy(
      world,
      await finalOf(world.alpha, world.beta, inventedWord(world.alpha, world.beta, name, 1)),
      world.fabric.operators.slice(0, 1),
    );
  const answerOf = ({ checkpoint, certificate }: Statement): string =>
    JSON.stringify({
      checkpoints: [{ ...checkpoint, reachedBy: String(checkpoint.reachedBy) }],
      signature: `0x${certificate.slice(4)}`,
    });

  it("R24: convicts of two answers that were handed over, and shows it in its status, metrics and log", async () => {
    const [liar] = world.fabric.operators;
    for (const name of ["one", "other"]) {
      const { status, body } = await post("/v1/statements", answerOf(await say(name)));
      expect([status, body]).to.deep.equal([202, { accepted: 1 }]);
    }
    const { convicted, statements } = await statusOnce((one) => (one["convicted"] as unknown[]).length > 0);
    expect(convicted).to.have.lengthOf(1);
    expect((convicted as { operator: string }[])[0]!.operator).to.equal(liar!.address);
    expect(statements).to.equal(2);
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.contain('parley_watcher_convictions_total{offence="equivocation"} 1');
    expect(lines.filter((line) => line.includes("convicted an operator"))).to.have.lengthOf(1);
    expect(await read("/health")).to.deep.equal({ status: 200, body: { healthy: true, problems: [] } });
  });

  it("R24: convicts by evidence that was handed over", async () => {
    const evidence = formatEvidence({ a: await say("one"), b: await say("other"), from: ZERO_WORD, messageHashes: [] });
    expect(await post("/v1/evidence", evidence)).to.deep.equal({ status: 202, body: { accepted: 2 } });
    const { convicted } = await statusOnce((one) => (one["convicted"] as unknown[]).length > 0);
    expect(convicted).to.have.lengthOf(1);
  });

  it("refuses what is no statement and no evidence, says what is wrong with it, and goes on", async () => {
    const good = JSON.parse(answerOf(await say("one"))) as { checkpoints: object[] };
    for (const [path, body] of [
      ["/v1/statements", "{"],
      ["/v1/statements", "[]"],
      ["/v1/statements", JSON.stringify({ ...good, signature: "0x12" })],
      ["/v1/statements", JSON.stringify({ ...good, checkpoints: [{ ...good.checkpoints[0], level: 7 }] })],
      ["/v1/statements", "[".repeat(100_000)],
      ["/v1/evidence", JSON.stringify({ version: 1, evidence: "0x1234" })],
      ["/v1/evidence", JSON.stringify({ version: 2, evidence: "0x" })],
    ] as const) {
      const { status, body: refusal } = await post(path, body);
      expect([status, refusal["code"]], body.slice(0, 60)).to.deep.equal([400, "watcher/bad-request"]);
    }
    const { status, body } = await post("/v1/statements", `"${"x".repeat(5 * 1_024 * 1_024)}"`);
    expect([status, body["code"]]).to.deep.equal([413, "watcher/too-large"]);
    expect((await read("/health")).status).to.equal(200);
  });

  it("asks to come again where more waits than a step takes", async () => {
    let release: () => void = () => undefined;
    const blocked = new Promise<void>((resolve) => (release = resolve));
    const entered = new Promise<void>((resolve) => {
      step = async () => {
        resolve();
        await blocked;
        throw new Error("not this time");
      };
    });
    await entered;
    const one = JSON.parse(answerOf(await say("one"))) as { checkpoints: object[]; signature: string };
    const many = JSON.stringify({ ...one, checkpoints: Array(4_096).fill(one.checkpoints[0]) });
    const answers: Answer[] = [];
    for (let request = 0; request < 13; ++request) answers.push(await post("/v1/statements", many));
    release();
    expect(answers.filter(({ status }) => status === 202)).to.have.lengthOf(12);
    expect(answers.at(-1)).to.deep.include({ status: 503 });
    expect(answers.at(-1)!.body["code"]).to.equal("watcher/busy");
  });

  it("is ill while a step fails or a chain cannot be read, says why, and tells each problem once", async () => {
    const report = { statements: 0, contradicted: [], convicted: [], slashed: [], revoked: [], unseen: [] };
    const problems = [{ subject: "alpha", code: "watcher/unreadable", reason: "connection refused" }];
    step = async () => ({ ...report, problems });
    await statusOnce((one) => (one["problems"] as unknown[]).length > 0);
    await statusOnce((one) => Number(one["steps"]) > 5);
    expect(await read("/health")).to.deep.equal({
      status: 503,
      body: { healthy: false, problems: ["alpha: connection refused [watcher/unreadable]"] },
    });
    step = async () => Promise.reject(new Error("out of memory"));
    await new Promise((resolve) => setTimeout(resolve, 5 * INTERVAL));
    expect((await read("/health")).body["problems"]).to.include("the last step failed: out of memory");
    step = async () => ({ ...report, problems: [] });
    await statusOnce((one) => (one["problems"] as unknown[]).length === 0);
    expect((await read("/health")).status).to.equal(200);
    expect(lines.filter((line) => line.includes("connection refused"))).to.have.lengthOf(1);
    expect(lines.filter((line) => line.includes("is well again"))).to.have.lengthOf(1);
  });

  it("finishes the step that has begun before it ends", async () => {
    let finished = false;
    const entered = new Promise<void>((resolve) => {
      step = async () => {
        resolve();
        await new Promise((done) => setTimeout(done, 30));
        finished = true;
        return {
          statements: 0,
          contradicted: [],
          convicted: [],
          slashed: [],
          revoked: [],
          unseen: [],
          problems: [],
        };
      };
    });
    await entered;
    end.abort();
    await running;
    expect(finished).to.equal(true);
    expect(lines.at(-1)).to.contain('"msg":"ended"');
  });

  describe("with tokens", () => {
    before(() => tokens.push("t0ken"));

    it("shows its health to everybody, and the rest to those who name one", async () => {
      expect((await read("/health")).status).to.equal(200);
      expect((await read("/status")).status).to.equal(401);
      expect((await read("/status", { authorization: "Bearer t0ken" })).status).to.equal(200);
      expect((await post("/v1/statements", "{}")).status).to.equal(401);
    });
  });
});
