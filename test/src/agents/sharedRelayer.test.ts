import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { SharedRelayer, type SharedRelayerOptions } from "../../../src/agents/sharedRelayer.ts";
import type { OperatorClient, RelayedMember, RelayerStep } from "../../../src/agents/index.ts";
import type { Database } from "../../../src/store/database.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.js";
import { onBothDatabases } from "../../support/databases.ts";
import {
  ALPHA_CONFIRMATIONS,
  deadOperator,
  deployed,
  idsOf,
  mine,
  operatorsOf,
  passTime,
  recorderOn,
  requestOn,
  send,
  through,
  transactionsSent,
  useWorld,
} from "./fixture.ts";

describe("SharedRelayer", () => {
  const world = useWorld();

  onBothDatabases((empty) => {
    let database: Database;
    let names = 0;
    beforeEach(async () => {
      const { settlement } = world.fabric.contracts;
      database = await empty({ chainId: world.l1.chainId, settlement });
    });
    afterEach(() => database.close());

    const relayer = (options: Partial<SharedRelayerOptions> = {}): SharedRelayer => {
      const { settlement, serviceManager } = world.fabric.contracts;
      const { chainId, signer } = world.l1;
      return new SharedRelayer({
        settlement: { chainId, settlement, serviceManager, signer, startBlock: world.fabric.startBlock },
        members: world.members.map((member, place) => ({
          ...member,
          startBlock: world.fabric.members[place]!.startBlock,
        })),
        operators: operatorsOf(world),
        database,
        name: `relayer ${++names}`,
        ...options,
      });
    };

    /** Ends the pauses of lanes and messages, as time does. */
    const unpause = (): Promise<object[]> => database.query("UPDATE pauses SET until = now()");

    it("delivers what was sent on every lane, and then has nothing to do", async () => {
      const ids: Hex[] = [];
      for (const to of world.members) {
        const recorder = await recorderOn(to);
        for (const from of world.members) {
          if (from !== to) ids.push(await send(from, to, recorder, { payload: "0x1234" }));
        }
      }
      await mine(world, world.alpha, ALPHA_CONFIRMATIONS);
      const one = relayer();
      const report = await one.step();
      expect(report.problems).to.deep.equal([]);
      expect(idsOf(report.delivered)).to.have.members(ids);
      const sent = await transactionsSent(world);
      // The clocks of these chains may be ahead of this machine's.
      for (const again of [one, relayer({ keepSeconds: -86_400 }), relayer()]) {
        expect(await again.step()).to.deep.include({ lanes: 0, delivered: [], failed: [], problems: [] });
      }
      expect(await transactionsSent(world)).to.equal(sent);
      const kept = await database.query("SELECT FROM messages WHERE payload IS NOT NULL");
      expect(kept).to.deep.equal([]);
    });

    it("reaches the same from an empty database: what is delivered is known, what is not is delivered", async () => {
      const { beta, l1 } = world;
      const flaky = await (await deployed(new Flaky__factory(l1.signer).deploy())).getAddress();
      const recorder = await recorderOn(l1);
      const failing = await send(beta, l1, flaky);
      await send(beta, l1, recorder);
      const first = await relayer({ maxBatch: 1 }).step();
      expect(idsOf(first.failed)).to.deep.equal([failing]);
      await relayer().step();
      const before = await relayer().overview();
      expect(before.failing.map(({ id, attempts }) => [id, attempts])).to.deep.equal([[failing, 1]]);
      await send(beta, l1, recorder);
      for (const table of [
        "blocks",
        "lanes",
        "messages",
        "deliveries",
        "failures",
        "settled_words",
        "certified_sources",
        "leases",
        "pauses",
      ]) {
        await database.query(`DELETE FROM ${table}`);
      }
      const anew = relayer();
      const second = await anew.step();
      expect(second.delivered).to.have.lengthOf(1);
      expect(second.failed.map(({ id, txHash }) => [id, txHash])).to.deep.equal([[failing, undefined]]);
      await anew.step();
      const after = await anew.overview();
      expect(after.failing).to.deep.equal(before.failing);
      expect(after.backlog.map(({ oldest }) => oldest)).to.deep.equal(before.backlog.map(({ oldest }) => oldest));
    });

    it("shares lanes with others: each lane is worked on by one at a time, and nothing is sent twice", async () => {
      const lanes: Hex[] = [];
      const recorders = new Map<RelayedMember, string>();
      for (const to of world.members) recorders.set(to, await recorderOn(to));
      for (const from of world.members) {
        for (const to of world.members) {
          for (let count = 0; from !== to && count < 3; ++count) lanes.push(await send(from, to, recorders.get(to)!));
        }
      }
      await mine(world, world.alpha, ALPHA_CONFIRMATIONS);
      let claims = 0;
      // Each waits with its lanes until the other has taken its own.
      const onStep = async (step: RelayerStep): Promise<void> => {
        if (step !== "relayer:claimed") return;
        claims += 1;
        while (claims < 2) await sleep(1);
      };
      await database.query("INSERT INTO relayers VALUES ('one of yesterday', now() - interval '1 hour')");
      const [one, other] = [relayer({ onStep }), relayer({ onStep })];
      await database.query("INSERT INTO relayers SELECT 'relayer ' || $1, now()", [names]);
      const sent = await transactionsSent(world);
      const reports = await Promise.all([one.step(), other.step()]);
      expect(reports.map(({ lanes: count }) => count)).to.deep.equal([3, 3]);
      expect(reports.flatMap(({ delivered }) => idsOf(delivered))).to.have.members(lanes);
      const transactions = new Set(reports.flatMap(({ delivered }) => delivered.map(({ txHash }) => txHash)));
      const published = reports.reduce((sum, report) => sum + report.published.length, 0);
      expect(await transactionsSent(world)).to.be.at.most(sent + transactions.size + published + 3);
    });

    it("another takes over what one held that is gone, but not before its lease is over", async () => {
      const { beta, l1 } = world;
      const id = await send(beta, l1, await recorderOn(l1));
      const hung = new Promise<void>(() => undefined);
      let claimed: () => void;
      const isClaimed = new Promise<void>((resolve) => (claimed = resolve));
      const gone = relayer({
        leaseSeconds: 3_600,
        onStep: (step) => {
          if (step !== "relayer:claimed") return;
          claimed();
          return hung;
        },
      });
      void gone.step();
      await isClaimed;
      const next = relayer();
      expect(await next.step()).to.deep.include({ lanes: 0, delivered: [] });
      await database.query("UPDATE leases SET expires = now() WHERE name LIKE 'lane:%'");
      expect(idsOf((await next.step()).delivered)).to.deep.equal([id]);
    });

    it("sends nothing on a lane that another took over while it slept", async () => {
      const { beta, l1 } = world;
      const id = await send(beta, l1, await recorderOn(l1));
      const steal = async (step: RelayerStep): Promise<void> => {
        if (step === "relayer:advanced") {
          await database.query("UPDATE leases SET holder = 'another', expires = now() + interval '1 hour'");
        }
      };
      const sent = await transactionsSent(world);
      expect((await relayer({ onStep: steal }).step()).delivered).to.deep.equal([]);
      expect(await transactionsSent(world)).to.equal(sent);
      await database.query("UPDATE leases SET expires = now()");
      await unpause();
      expect(idsOf((await relayer().step()).delivered)).to.deep.equal([id]);
    });

    it("leaves alone what fails, each time for longer, and delivers what comes after it", async () => {
      const { beta, l1 } = world;
      const flaky = await deployed(new Flaky__factory(l1.signer).deploy());
      const recorder = await recorderOn(l1);
      const failing: Hex[] = [];
      for (let count = 0; count < 21; ++count) failing.push(await send(beta, l1, await flaky.getAddress()));
      const good = await send(beta, l1, recorder);
      // Of a window of twenty messages, failing ones would hold up all others for ever.
      const one = relayer({ maxBatch: 2 });
      await one.step();
      expect(idsOf((await one.step()).delivered)).to.deep.equal([good]);
      await one.step();
      const { backlog, failing: known, paused } = await one.overview();
      expect(backlog.map(({ messages, due }) => [messages, due])).to.deep.equal([[21, 0]]);
      expect(idsOf(known)).to.have.members(failing);
      expect(paused.map(({ subject }) => subject)).to.have.members(failing);
      expect(paused.every(({ seconds }) => seconds <= 15)).to.equal(true);
      const before = await transactionsSent(world);
      await unpause();
      await one.step();
      expect(await transactionsSent(world)).to.equal(before);
      expect((await one.overview()).paused.every(({ seconds, attempts }) => attempts === 2 && seconds > 15)).to.equal(
        true,
      );
      await flaky.setMended(true);
      for (let step = 0; step < 4; ++step) {
        await unpause();
        await one.step();
      }
      expect(await one.overview()).to.deep.equal({ backlog: [], failing: [], paused: [] });
    });

    it("a lane without a quorum, or whose chain is dead, is left alone for a while, and says why", async () => {
      const { alpha, beta, l1 } = world;
      const id = await send(beta, l1, await recorderOn(l1));
      const silent = operatorsOf(world).map(deadOperator);
      let operators: OperatorClient[] = silent;
      const asked = operatorsOf(world).map(({ address }, place): OperatorClient => ({
        address,
        certify: (checkpoints) => operators[place]!.certify(checkpoints),
      }));
      const dead = (): Promise<never> => Promise.reject(new Error("connection refused"));
      const one = relayer({ operators: asked, members: [l1, through(alpha, { getBlock: dead }), beta] });
      const report = await one.step();
      expect(report.uncertified).to.have.lengthOf(1);
      expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.include([
        "alpha",
        "relayer/unreadable",
      ]);
      const { paused } = await one.overview();
      expect(paused.map(({ code, attempts }) => [code, attempts])).to.deep.equal([["relayer/no-quorum", 1]]);
      expect(paused[0]!.reason).to.contain("connection refused");
      operators = operatorsOf(world);
      expect(await one.step()).to.deep.include({ lanes: 0, delivered: [] });
      await unpause();
      expect(idsOf((await one.step()).delivered)).to.deep.equal([id]);
      expect((await one.overview()).paused).to.deep.equal([]);
    });

    it("delivers again what a reorganised destination forgot, and what a source sent anew", async () => {
      const { beta, l1 } = world;
      const recorder = await recorderOn(l1);
      const before = await requestOn(world, l1, "evm_snapshot", []);
      const source = await requestOn(world, beta, "evm_snapshot", []);
      const id = await send(beta, l1, recorder);
      const one = relayer();
      expect(idsOf((await one.step()).delivered)).to.deep.equal([id]);
      await requestOn(world, l1, "evm_revert", [before]);
      expect(idsOf((await one.step()).delivered)).to.deep.equal([id]);
      await requestOn(world, beta, "evm_revert", [source]);
      // The Inbox has executed a message in the first one's place: no other ever will be there, and nobody pays for trying again.
      const taken = await send(beta, l1, recorder, { payload: "0x02" });
      const other = await send(beta, l1, recorder, { payload: "0x03" });
      // Operators that signed the other branch would not sign this one.
      const anew = relayer();
      expect(idsOf((await anew.step()).delivered)).to.deep.equal([other]);
      const sent = await transactionsSent(world);
      await unpause();
      for (let step = 0; step < 2; ++step) {
        const { failed } = await anew.step();
        expect(failed.map(({ id: failing, txHash }) => [failing, txHash])).to.deep.equal([[taken, undefined]]);
        await unpause();
      }
      expect(await transactionsSent(world)).to.equal(sent);
    });

    it("publishes tables and has silent sources settle from time to time, and one of several alone", async () => {
      await passTime(world, 86_400);
      let beats = 0;
      const settled = [{ source: "beta", destination: "l1", txHash: "0x" }];
      const heartbeats = { step: async () => ({ settled: ++beats === 1 ? settled : [], problems: [] }) };
      const [one, other] = [relayer({ heartbeats }), relayer({ heartbeats, upkeepSeconds: 0 })];
      const report = await one.step();
      expect(report.problems).to.deep.equal([]);
      expect(report.published.map(({ member }) => member)).to.have.members(["l1", "alpha", "beta"]);
      expect(report.heartbeats).to.deep.equal(settled);
      expect(await other.step()).to.deep.include({ published: [], heartbeats: [] });
      await one.step();
      expect(beats).to.equal(2);
      await database.query(
        "UPDATE leases SET holder = 'another', expires = now() + interval '1 hour' WHERE name = 'upkeep'",
      );
      await other.step();
      expect(beats).to.equal(2);
    });

    it("brings on towards L1 what bridges sent, at most every ten minutes, and tells of what it could not", async () => {
      const sent = [{ member: "beta", title: "finalize the withdrawal", at: "l1", txHash: "0x" }];
      const problems = [{ subject: "alpha", code: "settle/no-method", reason: "a node without proofs" }];
      let calls = 0;
      const carryUp = async () => ({ sent: ++calls === 1 ? sent : [], problems });
      const one = relayer({ carryUp, upkeepSeconds: 0 });
      expect(await one.step()).to.deep.include({ carriedUp: sent, problems });
      expect(await one.step()).to.deep.include({ carriedUp: [], problems: [] });
      expect(calls).to.equal(1);
    });
  });
});
