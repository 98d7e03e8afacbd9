import { expect } from "chai";
import { id } from "ethers";

import { RelayerMonitor, type RelayerSight } from "../../../../src/agents/relaying/relayerMonitor.ts";
import type { SharedStepReport } from "../../../../src/agents/sharedRelayer.ts";
import { createLogger, Metrics } from "../../../../src/service/index.ts";
import { Level, wordOf, type Hex } from "../../../../src/wire/index.ts";

const ALPHA = { id: id("alpha"), name: "alpha" };
const BETA = { id: id("beta"), name: "beta" };
const LANE = { source: "alpha", destination: "beta" };
const BY_ID = { source: ALPHA.id, destination: BETA.id };
const STARTED = 1_700_000_000_000;
const INTERVAL = 1_000;
/** Milliseconds after which a relayer counts as silent: five intervals and a minute. */
const SILENCE = 5 * INTERVAL + 60_000;
const ALARM_AGE = 900;

const NOTHING: SharedStepReport = {
  published: [],
  revoked: [],
  pushed: [],
  delivered: [],
  failed: [],
  uncertified: [],
  problems: [],
  heartbeats: [],
  carriedUp: [],
  lanes: 0,
};
const EMPTY: RelayerSight = { backlog: [], failing: [], paused: [], tables: [], oldestSentAt: [] };
const PROBLEM = { subject: "alpha", code: "node/failed", reason: "its node does not answer" };
const txHash = id("transaction");

describe("What shows from outside how a relayer is", () => {
  const lines: string[] = [];
  let now: number;
  let metrics: Metrics;
  let monitor: RelayerMonitor;

  beforeEach(() => {
    lines.length = 0;
    now = STARTED;
    metrics = new Metrics("relayer");
    monitor = new RelayerMonitor({
      log: createLogger({ service: "relayer", level: "debug", stream: { write: (line) => lines.push(line) } }),
      metrics,
      members: [ALPHA, BETA],
      intervalMs: INTERVAL,
      alarmAge: ALARM_AGE,
      now: () => now,
    });
  });

  const took = (report: Partial<SharedStepReport> = {}): void => monitor.took({ ...NOTHING, ...report }, 0.1);
  const logged = (): (readonly unknown[])[] =>
    lines.map((line) => {
      const { level, msg } = JSON.parse(line) as Record<string, unknown>;
      return [level, msg];
    });

  /** A lane on which a message waits that was sent so many seconds ago; unknown when if undefined. */
  const waiting = (message: Hex, age: number | undefined): RelayerSight => ({
    ...EMPTY,
    backlog: [{ ...BY_ID, messages: 3, due: 2, oldest: { id: message, nonce: 7n, blockNumber: 1 } }],
    oldestSentAt: [age === undefined ? undefined : BigInt(now / 1_000 - age)],
  });

  it("is well from its start on, and ill once no step has ended for long", () => {
    expect([monitor.health(), monitor.status().lastStepAt]).to.deep.equal([[], null]);
    now += SILENCE;
    expect(monitor.health()).to.deep.equal([]);
    now += 1;
    expect(monitor.health()).to.deep.equal(["no step has ended for 65 seconds"]);
    took();
    expect(monitor.health()).to.deep.equal([]);
    const { startedAt, lastStepAt, steps } = monitor.status();
    expect([Date.parse(startedAt), Date.parse(lastStepAt!), steps]).to.deep.equal([STARTED, now, 1]);
    now += SILENCE + 1;
    expect(monitor.health()).to.have.length(1);
  });

  it("is ill while its steps fail, until one ends", () => {
    monitor.failed(new Error("the database is gone"));
    expect(monitor.health()).to.deep.equal(["the last step failed: the database is gone"]);
    expect(logged()).to.deep.equal([["error", "a step failed; it is tried again"]]);
    took();
    expect(monitor.health()).to.deep.equal([]);
  });

  it("names what could not be done, and says so once when it begins and once when it is over", async () => {
    const checkpoint = {
      ...{ ...BY_ID, laneWord: wordOf(`0x${"ab".repeat(27)}`, 1n), reachedBy: 1n },
      ...{ level: Level.final, blockHash: id("block") },
    };
    const uncertified = { ...LANE, checkpoint, weight: 2n, totalWeight: 5n, quorumBps: 6_667n, answers: [] };
    took({ problems: [PROBLEM], uncertified: [uncertified] });
    took({ problems: [{ ...PROBLEM, reason: "it still does not answer" }], uncertified: [uncertified] });
    expect(monitor.health()).to.deep.equal([
      "alpha: it still does not answer [node/failed]",
      "alpha → beta: operators with weight 2 of 5 would sign [relayer/no-quorum]",
    ]);
    expect(monitor.status().problems.map(({ code }) => code)).to.deep.equal(["node/failed", "relayer/no-quorum"]);
    const text = await metrics.text();
    expect(text).to.contain("parley_relayer_problems 2").and.to.contain("parley_relayer_uncertified 1");
    took({ problems: [PROBLEM] });
    took();
    expect(monitor.health()).to.deep.equal([]);
    expect(logged()).to.deep.equal([
      ["warn", "its node does not answer"],
      ["warn", "operators with weight 2 of 5 would sign"],
      ["info", "is well again"],
      ["info", "is well again"],
    ]);
  });

  it("counts messages, and a transaction's gas once however many it delivered", async () => {
    const message = { ...LANE, level: Level.final, txHash, gasUsed: 500_000n, batchSize: 2 };
    const other = { ...message, txHash: id("another one"), gasUsed: 90_000n, level: Level.fast, batchSize: 1 };
    took({
      delivered: [
        { ...message, id: id("a"), nonce: 0n },
        { ...message, id: id("b"), nonce: 1n },
        { ...other, id: id("c"), nonce: 2n },
      ],
      failed: [
        { ...LANE, id: id("d"), nonce: 3n, reason: "Refused()", txHash },
        { ...LANE, id: id("e"), nonce: 4n, reason: "Refused()", txHash: undefined },
      ],
    });
    const { delivered, gasUsed } = monitor.status();
    expect([delivered, gasUsed]).to.deep.equal([3, "590000"]);
    const text = await metrics.text();
    const lane = 'source="alpha",destination="beta"';
    for (const line of [
      `delivered_total{${lane},level="final"} 2`,
      `delivered_total{${lane},level="fast"} 1`,
      `failed_total{${lane}} 1`,
      'gas_used_total{member="beta"} 590000',
    ]) {
      expect(text).to.contain(`parley_relayer_${line}\n`);
    }
    const messages = lines.map((line) => JSON.parse(line) as { level: string; msg: string; messages?: number });
    expect(messages.flatMap(({ msg, messages: count }) => (msg === "delivered" ? [count] : []))).to.deep.equal([2, 1]);
    expect(logged()).to.deep.include.members([
      ["warn", "a recipient refused a message"],
      ["debug", "left alone: its recipient refuses it"],
    ]);
  });

  it("is ill while a message waits for longer than it may, unless its recipient refuses it", async () => {
    const message = id("message");
    took();
    monitor.saw(waiting(message, ALARM_AGE));
    expect(monitor.health()).to.deep.equal([]);
    monitor.saw(waiting(message, undefined));
    expect([monitor.health(), monitor.status().lanes[0]?.oldestSeconds]).to.deep.equal([[], null]);
    const late = waiting(message, ALARM_AGE + 1);
    monitor.saw(late);
    expect(monitor.health()).to.deep.equal([`alpha → beta: message ${message} has waited for 901 seconds`]);
    expect(monitor.status().lanes).to.deep.equal([
      { ...LANE, messages: 3, due: 2, oldest: message, oldestSeconds: ALARM_AGE + 1 },
    ]);
    const labels = 'source="alpha",destination="beta"';
    expect(await metrics.text()).to.contain(`oldest_message_age_seconds{${labels}} 901`);
    const failing = { ...BY_ID, id: message, nonce: 7n, attempts: 4, failedAt: 1_600_000_000n, reason: "0x12" as Hex };
    monitor.saw({ ...late, failing: [failing] });
    expect(monitor.health()).to.deep.equal([]);
    monitor.saw(EMPTY);
    expect(await metrics.text()).to.not.contain(`backlog_messages{${labels}}`);
  });

  it("shows which messages fail and when they are due, which lanes it leaves alone, and how old tables are", async () => {
    const [due, pausing] = [id("due"), id("pausing")];
    const failing = { ...BY_ID, nonce: 2n ** 60n, attempts: 4, failedAt: 1_600_000_000n, reason: "0x12" as Hex };
    const pause = { attempts: 2, seconds: 30, code: "message/failed", reason: "it failed" };
    const lane = { ...pause, subject: `lane:${ALPHA.id}:${BETA.id}` };
    monitor.saw({
      ...EMPTY,
      failing: [
        { ...failing, id: due },
        { ...failing, id: pausing, source: id("of nobody") },
      ],
      paused: [{ ...pause, subject: pausing }, lane],
      tables: [{ member: "beta", snapshot: BigInt(STARTED / 1_000 - 60), expiry: BigInt(STARTED / 1_000 + 60) }],
    });
    const status = monitor.status();
    const shown = { destination: "beta", nonce: String(2n ** 60n), attempts: 4, reason: "0x12" };
    const failedAt = "2020-09-13T12:26:40.000Z";
    expect(status.failing).to.deep.equal([
      { ...shown, failedAt, id: due, source: "alpha", pausedSeconds: null },
      { ...shown, failedAt, id: pausing, source: id("of nobody"), pausedSeconds: 30 },
    ]);
    expect(status.paused).to.deep.equal([lane]);
    expect(status.tables).to.deep.equal([
      { member: "beta", takenAt: "2023-11-14T22:12:20.000Z", expiresAt: "2023-11-14T22:14:20.000Z" },
    ]);
    const text = await metrics.text();
    expect(text).to.contain("parley_relayer_failing_messages 2").and.to.contain("parley_relayer_paused_lanes 1");
    expect(text).to.contain('table_age_seconds{member="beta"} 60');
    expect(text).to.contain(`table_expiry_timestamp_seconds{member="beta"} ${STARTED / 1_000 + 60}`);
  });
});
