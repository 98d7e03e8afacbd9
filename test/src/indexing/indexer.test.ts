import { expect } from "chai";
import type { Filter } from "ethers";

import { followArrivals } from "../../../src/chain/arrivals.ts";
import { readBlock } from "../../../src/chain/blocks.ts";
import { followLanes } from "../../../src/chain/lanes.ts";
import type { RelayedMember } from "../../../src/agents/index.ts";
import type { ParleyError } from "../../../src/errors.ts";
import { Indexer, type IndexerPlan } from "../../../src/indexing/indexer.ts";
import { IndexedHistory } from "../../../src/indexing/indexedHistory.ts";
import { LogStore } from "../../../src/indexing/logStore.ts";
import { prune } from "../../../src/indexing/prune.ts";
import type { Database } from "../../../src/store/database.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";
import { Level } from "../../../src/wire/index.ts";
import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.js";
import { aside, FABRIC, onBothDatabases } from "../../support/databases.ts";
import { deployed, mine, recorderOn, relayerOf, requestOn, send, through, useWorld } from "../agents/fixture.ts";

const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "nothing",
    (error: unknown) => (error as ParleyError).code,
  );

/** Everything that is stored of logs, but for the blocks up to which they were read. */
async function dump(database: Database): Promise<Record<string, object[]>> {
  const tables = ["lanes", "messages", "deliveries", "failures", "settled_words", "certified_sources"];
  const rows = await Promise.all(
    tables.map((table) => database.query(`SELECT * FROM ${table} ORDER BY ${table}::text`)),
  );
  return Object.fromEntries(tables.map((table, place) => [table, rows[place]!]));
}

describe("Indexer", () => {
  const whole = useWorld();
  /** The members, known from the block on in which they were deployed. */
  const members = (): [RelayedMember, RelayedMember, RelayedMember] =>
    whole.members.map((member, place) => ({ ...member, startBlock: whole.fabric.members[place]!.startBlock })) as [
      RelayedMember,
      RelayedMember,
      RelayedMember,
    ];
  const world = new Proxy(whole, {
    get: (target, name) => {
      const [l1, alpha, beta] = members();
      const known: Record<string | symbol, unknown> = { members: [l1, alpha, beta], l1, alpha, beta };
      return known[name] ?? (Reflect.get(target, name) as unknown);
    },
  });

  onBothDatabases((empty) => {
    let database: Database;
    beforeEach(async () => (database = await empty()));
    afterEach(() => database.close());

    const indexer = (plan: Partial<IndexerPlan> = {}): Indexer =>
      new Indexer({ logs: new LogStore(database), ...plan });
    const catchUp = async (one: Indexer, members: readonly RelayedMember[] = world.members): Promise<void> => {
      for (const member of members) await one.catchUp(member);
    };
    /** What an indexer stores that begins now, with nothing. */
    const fromNothing = (): Promise<Record<string, object[]>> =>
      aside(database, FABRIC, async () => {
        await catchUp(indexer());
        return await dump(database);
      });

    it("stores what followers read: messages sent, delivered, failed", async () => {
      const { alpha, beta, l1 } = world;
      const flaky = await (await deployed(new Flaky__factory(beta.signer).deploy())).getAddress();
      const recorder = await recorderOn(beta);
      for (const recipient of [recorder, flaky, recorder]) await send(l1, beta, recipient, { payload: "0x1234" });
      await relayerOf(world, undefined, { advanceFrom: 1 }).step();
      const waiting = await send(l1, beta, recorder, { gasLimit: 300_000n, minFinality: 2 });
      await send(beta, alpha, recorder);
      await indexer({ pageBlocks: 7 }).catchUp(beta);
      await catchUp(indexer());

      for (const member of world.members) {
        const { state: lanes } = await followLanes(member).latest();
        const { state: arrivals } = await followArrivals(member).latest();
        const stored = await new LogStore(database).reached(member.id);
        expect(stored.lanes).to.deep.equal(new Map([...lanes].map(([id, lane]) => [id, { ...lane, messages: [] }])));
        for (const lane of lanes.values()) {
          const rows = await database.query<Record<string, unknown>>(
            "SELECT * FROM messages WHERE source = $1 AND destination = $2 ORDER BY nonce",
            [lane.source, lane.destination],
          );
          expect(
            rows.map(({ id, payload, options, recipient, block }) => ({ id, payload, options, recipient, block })),
          ).to.deep.equal(
            lane.messages.map(({ id, payload, options, recipient, blockNumber }) => ({
              id,
              payload,
              options: String(options),
              recipient,
              block: BigInt(blockNumber),
            })),
          );
        }
        const failures = await database.query<{ id: string; reason: string }>(
          "SELECT id, reason FROM failures WHERE member = $1",
          [member.id],
        );
        expect(failures).to.deep.equal([...arrivals.failed].map(([id, { reason }]) => ({ id, reason })));
        const delivered = await database.query<{ id: string }>("SELECT id FROM deliveries WHERE member = $1", [
          member.id,
        ]);
        expect(new Set(delivered.map(({ id }) => id))).to.deep.equal(arrivals.delivered);
        const certified = await database.query<{ source: string }>(
          "SELECT source FROM certified_sources WHERE member = $1",
          [member.id],
        );
        expect(new Set(certified.map(({ source }) => source))).to.deep.equal(arrivals.certified);
        expect([...arrivals.certified]).to.deep.equal(member.id === beta.id ? [l1.id] : []);
      }
      const open = await database.query<{ id: string }>("SELECT id FROM messages WHERE NOT is_delivered");
      expect(open).to.have.lengthOf(3).and.to.deep.include({ id: waiting });
    });

    it("goes on where another stopped, asks for no block twice, and stores once what several read at once", async () => {
      const { beta, l1 } = world;
      const recorder = await recorderOn(beta);
      await send(l1, beta, recorder);
      await catchUp(indexer());
      const asked: number[] = [];
      const watched = through(l1, {
        getLogs: (filter: Filter) => {
          asked.push(Number(filter.fromBlock));
          return l1.provider.getLogs(filter);
        },
      });
      const before = await l1.provider.getBlockNumber();
      await send(l1, beta, recorder);
      await Promise.all([1, 2, 3].map(() => indexer({ pageBlocks: 3 }).catchUp(watched)));
      await indexer().catchUp(watched);
      expect(new Set(asked)).to.deep.equal(new Set([before + 1]));
      await catchUp(indexer());
      expect(await dump(database)).to.deep.equal(await fromNothing());
    });

    it("takes back what reorganisations of depth 1 to 64 take back, of sources and destinations, across restarts", async () => {
      const { l1, beta } = world;
      const recorder = await recorderOn(beta);
      const [settlementChain, , betaChain] = world.fabric.members;
      const relayer = relayerOf(world);
      let one = indexer();
      for (const depth of [1, 2, 7, 64]) {
        await send(l1, beta, recorder);
        await catchUp(one);
        const point = await branchPoint(settlementChain.provider);
        const there = await branchPoint(betaChain!.provider);
        await send(l1, beta, recorder, { payload: "0x01" });
        await send(l1, beta, recorder, { payload: "0x02" });
        await relayer.step();
        await catchUp(one);
        for (const member of [l1, beta]) {
          for (let left = depth - 2; left > 0; left -= 9) {
            await mine(world, member, Math.min(left, 9));
            await one.catchUp(member);
          }
        }
        if (depth % 2 === 0) one = indexer();
        await reorganise(point, () => send(l1, beta, recorder, { payload: `0x${"03".repeat(depth)}` }));
        await reorganise(there);
        await catchUp(one);
        expect(await dump(database)).to.deep.equal(await fromNothing());
      }
    });

    it("keeps no payload of what was delivered long ago, and reads all anew where a reorganisation takes such a delivery back", async () => {
      const { l1, beta } = world;
      const [recorder, flaky] = [await recorderOn(beta), await deployed(new Flaky__factory(beta.signer).deploy())];
      const relayer = relayerOf(world);
      const late = await send(l1, beta, await flaky.getAddress(), { payload: "0x02" });
      await relayer.step();
      await flaky.setMended(true);
      const [, , betaChain] = world.fabric.members;
      const there = await branchPoint(betaChain!.provider);
      const prompt = await send(l1, beta, recorder, { payload: "0x01" });
      const open = await send(l1, beta, recorder, { payload: "0x03", minFinality: Level.settled });
      await relayer.step();
      await catchUp(indexer());
      const whole = await dump(database);
      const payloads = async (): Promise<Record<string, unknown>> =>
        Object.fromEntries(
          (await database.query<{ id: string; payload: string }>("SELECT id, payload FROM messages")).map((row) => [
            row.id,
            row.payload,
          ]),
        );

      expect(await prune(database, beta.id, 1n)).to.deep.equal({ payloads: 0, failures: 0 });
      expect(await dump(database)).to.deep.equal(whole);
      const { timestamp } = await readBlock(beta.provider, "latest");
      expect(await prune(database, l1.id, timestamp)).to.deep.equal({ payloads: 0, failures: 0 });
      expect(await prune(database, beta.id, timestamp)).to.deep.equal({ payloads: 2, failures: 1 });
      expect(await payloads()).to.deep.equal({ [late]: null, [prompt]: null, [open]: "0x03" });
      expect(await prune(database, beta.id, timestamp)).to.deep.equal({ payloads: 0, failures: 0 });
      const history = new IndexedHistory(database, indexer());
      const openNow = async (): Promise<string[] | undefined> => {
        await history.refresh(world.members);
        for (const member of world.members) await history.readSent(member);
        const lane = await history.openLane(
          { source: l1.id, destination: beta.id },
          { limit: 10, only: new Set([late, prompt, open]) },
        );
        return lane?.open.map(({ message: { payload } }) => payload);
      };
      expect(await openNow()).to.deep.equal(["0x03"]);

      await reorganise(there);
      for (const one of [world.members[0], world.members[1]]) await indexer().catchUp(one!);
      await indexer().catchUp(beta);
      expect(await database.query("SELECT FROM messages")).to.deep.equal([]);
      expect(await openNow()).to.deep.equal(["0x02", "0x01", "0x03"]);
      expect(await dump(database)).to.deep.equal(await fromNothing());
      await database.query("DELETE FROM blocks WHERE member = $1", [beta.id]);
      const ends = { source: l1.id, destination: beta.id };
      expect(await history.openLane(ends, { limit: 10, only: undefined })).to.equal(undefined);
    });

    it("follows a chain that went back in time, but waits for a node that may only be behind", async () => {
      const { l1, beta } = world;
      const snapshot = await requestOn(world, l1, "evm_snapshot", []);
      await catchUp(indexer());
      await send(l1, beta, await recorderOn(beta));
      await indexer().catchUp(l1);
      const ahead = await dump(database);
      await requestOn(world, l1, "evm_revert", [snapshot]);
      const patient = indexer({ patience: 3_600_000 });
      const latest = await patient.catchUp(l1);
      expect(latest.number).to.equal(await l1.provider.getBlockNumber());
      expect(await dump(database)).to.deep.equal(ahead);
      await indexer().catchUp(l1);
      expect((await dump(database))["messages"]).to.deep.equal([]);
    });

    it("stores nothing where a node withholds logs or invents them, and mends what was stored", async () => {
      const { l1, beta } = world;
      const recorder = await recorderOn(beta);
      await catchUp(indexer());
      const lying = through(l1, { getLogs: async () => [] });
      await send(l1, beta, recorder);
      const one = indexer();
      expect(await codeOf(one.catchUp(lying))).to.equal("chain/word-differs");
      // Of pages before the newest nothing is known but their logs: such a lie gets in, and comes out later.
      await mine(world, l1, 5);
      const height = await l1.provider.getBlockNumber();
      const sometimes = through(l1, {
        getLogs: async (filter: Filter) => (Number(filter.toBlock) < height ? [] : await l1.provider.getLogs(filter)),
      });
      await send(l1, beta, recorder);
      expect(await codeOf(indexer({ pageBlocks: 2 }).catchUp(sometimes))).to.equal("chain/log-does-not-fold");
      let code: unknown = "";
      for (let attempt = 0; attempt < 12 && code !== "nothing"; ++attempt) code = await codeOf(one.catchUp(l1));
      expect(await dump(database)).to.deep.equal(await fromNothing());

      const [log] = await l1.provider.getLogs({ address: l1.gateway, fromBlock: 0, toBlock: "latest" });
      const inventing = (change: object): RelayedMember =>
        through(l1, { getLogs: async () => [Object.assign(log!.toJSON() as object, change)] });
      await mine(world, l1);
      for (const change of [{ address: beta.gateway, removed: false }, { removed: true }, { blockNumber: 1 }]) {
        expect(await codeOf(one.catchUp(inventing(change)))).to.equal("chain/foreign-log");
      }
    });

    it("asks a node for less at a time that refuses many blocks, and says so of one that refuses all", async () => {
      const { l1 } = world;
      await mine(world, l1, 30);
      const from = (await l1.provider.getBlockNumber()) - 29;
      let most = 0;
      const narrow = through(l1, {
        getLogs: async (filter: Filter) => {
          const blocks = Number(filter.toBlock) - Number(filter.fromBlock) + 1;
          if (blocks > 8) throw new Error("too many blocks");
          most = Math.max(most, blocks);
          return await l1.provider.getLogs(filter);
        },
      });
      await indexer({ pageBlocks: 64 }).catchUp({ ...narrow, startBlock: from });
      expect(most).to.equal(8);
      await mine(world, l1);
      const refusing = through(l1, { getLogs: () => Promise.reject(new Error("none of it")) });
      const failure = await indexer()
        .catchUp(refusing)
        .catch((error: unknown) => error);
      expect(String(failure)).to.contain("none of it");
      expect(await codeOf(indexer().catchUp({ ...l1, id: world.beta.id }))).to.equal("chain/wrong-member");
    });
  });
});
