import { expect } from "chai";
import { concat, ZeroAddress, type Filter, type Log, type Provider } from "ethers";

import { followArrivals } from "../../../src/chain/arrivals.ts";
import { readFinalBlock } from "../../../src/chain/blocks.ts";
import { followLanes, foldLanes, wordAt, type Lanes } from "../../../src/chain/lanes.ts";
import type { MemberNode } from "../../../src/chain/memberNode.ts";
import { readDelivered } from "../../../src/chain/readDelivered.ts";
import { readHeld } from "../../../src/chain/readHeld.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import { readTableInForce } from "../../../src/chain/readTableInForce.ts";
import { ParleyError } from "../../../src/errors.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";
import {
  genesis,
  laneWord,
  Level,
  MAX_GAS_LIMIT,
  packOptions,
  tableId,
  unpackOptions,
  ZERO_WORD,
  type Hex,
} from "../../../src/wire/index.ts";
import { MessageRecorder__factory } from "../../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import { adoptTable, createChains, resetChains, settle, type Chain } from "../../fixtures/gateways.ts";
import { deliver, heldProof, send, type Draft, type Sent } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { install } from "../../fixtures/recipients.ts";

const RECIPIENT = "0x00000000000000000000000000000000000000aa";
const operators = makeOperators(4);

const nodeOf = (chain: Chain, fields: Partial<MemberNode> = {}): MemberNode => ({
  name: `chain ${chain.chainId}`,
  id: chain.id,
  chainId: chain.chainId,
  gateway: chain.gateway,
  provider: chain.ethers.provider,
  confirmations: 0,
  startBlock: 0,
  ...fields,
});

async function refusal(promise: Promise<unknown>): Promise<string> {
  const error: unknown = await promise.then(
    () => expect.fail("nothing was refused"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ParleyError)) throw error;
  expect(error.hint).to.not.equal("");
  return error.code;
}

describe("Reading a member's chain", () => {
  let a: Chain;
  let b: Chain;
  before(async () => {
    [a, b] = await createChains([4001n, 4002n]);
  });
  beforeEach(async () => {
    await resetChains([a, b]);
    for (const chain of [a, b]) await adoptTable(chain, { members: [a, b], operators });
  });

  describe("followLanes", () => {
    it("invariant 4: rebuilds every lane from the logs: nonces, words, ids and hashes as the Outbox made them", async () => {
      const sent = [
        await send(a, b, { recipient: RECIPIENT }),
        await send(a, b, {
          recipient: RECIPIENT,
          payload: "0x1234",
          options: { gasLimit: 7n, minFinality: Level.fast },
        }),
      ];
      const { state, block } = await followLanes(nodeOf(a)).final();
      expect(block.number).to.equal(await a.ethers.provider.getBlockNumber());
      const lane = state.get(b.id)!;
      expect(lane).to.include({ source: a.id, destination: b.id, destinationChainId: b.chainId, isOpen: true });
      expect(lane.genesis).to.equal(genesis(a.id, b.id));
      expect(lane.word).to.equal(await readLaneTo(nodeOf(a), b.chainId));
      expect(
        lane.messages.map(({ id, nonce, hash, before, after }) => ({ id, nonce, messageHash: hash, before, after })),
      ).to.deep.equal(
        sent.map(({ id, nonce, messageHash, before, after }) => ({ id, nonce, messageHash, before, after })),
      );
      expect(lane.messages[1]!.options).to.equal(packOptions({ gasLimit: 7n, minFinality: Level.fast }));
      expect([0n, 1n, 2n, 3n].map((count) => wordAt(lane, count))).to.deep.equal([
        lane.genesis,
        sent[0]!.after,
        sent[1]!.after,
        undefined,
      ]);
    });

    describe("incident: Messina 2026: events of a look-alike contract", () => {
      /** Emits what the Gateway emitted for a message, byte for byte. */
      async function imitate(txHash: string): Promise<void> {
        const receipt = await a.ethers.provider.getTransactionReceipt(txHash);
        const log = receipt!.logs.find(({ address }) => address === a.gateway)!;
        const [event, sendId] = log.topics as [Hex, Hex];
        // Logs its calldata: CALLDATASIZE PUSH0 PUSH0 CALLDATACOPY PUSH32 sendId PUSH32 event CALLDATASIZE PUSH0 LOG2
        const address = await install(a, concat(["0x365f5f377f", sendId, "0x7f", event, "0x365fa2"]));
        const imitation = await (await a.user.sendTransaction({ to: address, data: log.data })).wait();
        const { topics, data } = imitation!.logs[0]!;
        expect([topics, data]).to.deep.equal([log.topics, log.data]);
      }

      const sentBy = async (): Promise<string> => {
        await send(a, b, { recipient: RECIPIENT, payload: "0x01" });
        return (await a.ethers.provider.getBlock("latest"))!.transactions[0]!;
      };

      it("are no messages: the lane has what its own Gateway emitted", async () => {
        await imitate(await sentBy());
        const { state } = await followLanes(nodeOf(a)).final();
        expect(state.get(b.id)!.messages).to.have.lengthOf(1);
        expect(state.get(b.id)!.word).to.equal(await readLaneTo(nodeOf(a), b.chainId));
      });

      it("are refused where a node hands them out for the Gateway's", async () => {
        await imitate(await sentBy());
        const { provider } = nodeOf(a);
        const careless = new Proxy(provider, {
          get: (target, name: keyof Provider) => {
            const value: unknown = Reflect.get(target, name, target);
            if (name !== "getLogs") return typeof value === "function" ? (value.bind(target) as unknown) : value;
            return async ({ address: _, ...filter }: Filter) => await provider.getLogs(filter);
          },
        });
        expect(await refusal(followLanes(nodeOf(a, { provider: careless })).final())).to.equal(
          "chain/log-does-not-fold",
        );
      });
    });

    it("R7: reads a message of every form that the Outbox accepts, and fails on none", async () => {
      const gasLimits = [undefined, 1n, 200_000n, 0xffffn, MAX_GAS_LIMIT];
      const levels = [undefined, Level.fast, Level.final, Level.settled];
      const drafts: Draft[] = gasLimits.flatMap((gasLimit) =>
        levels.map((minFinality) => ({
          recipient: RECIPIENT,
          options: {
            ...(gasLimit === undefined ? {} : { gasLimit }),
            ...(minFinality === undefined ? {} : { minFinality }),
          },
        })),
      );
      drafts.push(
        { recipient: ZeroAddress },
        { recipient: a.gateway, payload: "0x00" },
        { recipient: RECIPIENT, payload: `0x${"ff".repeat(16_384)}`, options: { gasLimit: MAX_GAS_LIMIT } },
      );
      const sent: Sent[] = [];
      for (const draft of drafts) sent.push(await send(a, b, draft));
      const lane = (await followLanes(nodeOf(a)).final()).state.get(b.id)!;
      expect(lane.word).to.equal(await readLaneTo(nodeOf(a), b.chainId));
      expect(lane.messages.map(({ id, options, payload }) => ({ id, options, payload }))).to.deep.equal(
        sent.map(({ id, item: { options, payload } }) => ({ id, options, payload })),
      );
      expect(lane.messages.map(({ options }) => unpackOptions(options))).to.deep.equal(
        drafts.map(({ options }) => options ?? {}),
      );
    });

    it("reads up to the final block alone, and on from there", async () => {
      const lanes = followLanes(nodeOf(a, { confirmations: 2 }));
      await send(a, b, { recipient: RECIPIENT });
      const countNow = async (): Promise<number> => (await lanes.final()).state.get(b.id)?.messages.length ?? 0;
      expect(await countNow()).to.equal(0);
      expect((await lanes.latest()).state.get(b.id)!.messages).to.have.lengthOf(1);
      await a.helpers.mine(2);
      expect(await countNow()).to.equal(1);
      await send(a, b, { recipient: RECIPIENT });
      await send(a, b, { recipient: RECIPIENT });
      await a.helpers.mine(1);
      expect(await countNow()).to.equal(2);
    });

    it("reads no block twice once it is final", async () => {
      const ranges: unknown[] = [];
      const { provider } = nodeOf(a);
      const spy = new Proxy(provider, {
        get: (target, name: keyof Provider) => {
          const value: unknown = Reflect.get(target, name, target);
          if (name !== "getLogs") return typeof value === "function" ? (value.bind(target) as unknown) : value;
          return async (filter: { fromBlock: number; toBlock: number }) => {
            ranges.push([filter.fromBlock, filter.toBlock]);
            return await provider.getLogs(filter);
          };
        },
      });
      const lanes = followLanes(nodeOf(a, { provider: spy }));
      const first = (await lanes.final()).block.number;
      await lanes.final();
      await a.helpers.mine(25_000);
      await lanes.final();
      expect(ranges).to.deep.equal([
        [0, first],
        [first + 1, first + 10_000],
        [first + 10_001, first + 20_000],
        [first + 20_001, first + 25_000],
      ]);
    });

    it("begins anew where the chain went back behind a block that was final", async () => {
      const lanes = followLanes(nodeOf(a));
      await lanes.final();
      const before = await a.helpers.takeSnapshot();
      await send(a, b, { recipient: RECIPIENT, payload: "0x01" });
      await lanes.final();
      await before.restore();
      const other = await send(a, b, { recipient: RECIPIENT, payload: "0x02" });
      await a.helpers.mine(3);
      expect((await lanes.final()).state.get(b.id)!.messages.map(({ id }) => id)).to.deep.equal([other.id]);
    });

    it("says so where the chain is reorganised while it is read, and reads the new branch when asked again", async () => {
      const point = await branchPoint(a.provider);
      await send(a, b, { recipient: RECIPIENT, payload: "0x01" });
      let happens: (() => Promise<unknown>) | undefined;
      const { provider } = nodeOf(a);
      const node = new Proxy(provider, {
        get: (target, name: keyof Provider) => {
          const value: unknown = Reflect.get(target, name, target);
          if (name !== "getLogs") return typeof value === "function" ? (value.bind(target) as unknown) : value;
          return async (filter: Filter) => {
            const logs = await provider.getLogs(filter);
            await happens?.();
            happens = undefined;
            return logs;
          };
        },
      });
      const lanes = followLanes(nodeOf(a, { provider: node }));
      await lanes.final();
      await a.helpers.mine();
      // The lane's word comes out the same, so nothing but the block tells.
      happens = () => reorganise(point, () => send(a, b, { recipient: RECIPIENT, payload: "0x01" }));
      expect(await refusal(lanes.final())).to.equal("chain/reorganised");
      const { state, block } = await lanes.final();
      expect(block.hash).to.equal((await provider.getBlock("latest"))!.hash);
      expect(state.get(b.id)!.word).to.equal(await readLaneTo(nodeOf(a), b.chainId));
    });

    it("R2: keeps the lane to a member whose place another took, and follows the new one from its own genesis", async () => {
      const old = await send(a, b, { recipient: RECIPIENT });
      const successor = { chainId: b.chainId, gateway: RECIPIENT };
      await adoptTable(a, { members: [a, successor], operators });
      const [listed] = (await a.contract.queryFilter(a.contract.filters.MemberListed())).slice(-1);
      const next = listed!.args.member;
      await a.contract.connect(a.owner).acceptMember(next);
      await send(a, b, { recipient: RECIPIENT });
      const { state } = await followLanes(nodeOf(a)).final();
      expect(state.get(b.id)).to.include({ isOpen: false, word: old.after });
      expect(state.get(next)).to.include({ isOpen: true, genesis: genesis(a.id, next) });
      expect(state.get(next)!.messages.map(({ nonce }) => nonce)).to.deep.equal([0n]);
      expect(state.get(next)!.word).to.equal(await readLaneTo(nodeOf(a), b.chainId));
    });

    it("refuses a Gateway of another member, and one that is not there", async () => {
      expect(await refusal(followLanes(nodeOf(a, { id: b.id })).final())).to.equal("chain/wrong-member");
      expect(await refusal(followLanes(nodeOf(a, { chainId: 1n })).final())).to.equal("chain/wrong-member");
      expect(await refusal(followLanes(nodeOf(a, { gateway: RECIPIENT })).final())).to.equal("chain/wrong-member");
    });

    it("refuses logs from after the lane's first message on", async () => {
      await send(a, b, { recipient: RECIPIENT });
      const startBlock = await a.ethers.provider.getBlockNumber();
      expect(await refusal(followLanes(nodeOf(a, { startBlock })).final())).to.equal("chain/log-does-not-fold");
    });
  });

  describe("foldLanes", () => {
    let logs: Log[];
    const fold = (changed: readonly Log[]): Lanes => foldLanes(a, new Map(), changed);
    beforeEach(async () => {
      for (const payload of ["0x01", "0x02"]) await send(a, b, { recipient: RECIPIENT, payload });
      const topics = ["LaneOpened", "MessageSent"].map(
        (name) => a.contract.interface.getEvent(name as "LaneOpened").topicHash,
      );
      logs = await a.ethers.provider.getLogs({ address: a.gateway, topics: [topics], fromBlock: 0 });
      expect(fold(logs).get(b.id)!.messages).to.have.lengthOf(2);
    });

    const refused = (changed: readonly Log[]): string | undefined => {
      try {
        fold(changed);
        return undefined;
      } catch (error) {
        if (!(error instanceof ParleyError)) throw error;
        return error.code;
      }
    };
    const altered = (log: Log, from: string, to: string): Log =>
      Object.create(log, {
        data: { value: log.data.replace(from, to) },
        topics: { value: log.topics.map((topic) => topic.replace(from, to)) },
      }) as Log;

    it("refuses messages that are missing, moved, doubled, or sent before the lane was opened", () => {
      const [opened, first, second] = logs as [Log, Log, Log];
      for (const changed of [
        [opened, second],
        [opened, second, first],
        [opened, first, first],
        [first, second],
      ]) {
        expect(refused(changed)).to.equal("chain/log-does-not-fold");
      }
    });

    it("refuses a message with another id, sender, recipient or payload", () => {
      const [opened, first] = logs as [Log, Log];
      const sender = a.user.address.slice(2).toLowerCase();
      for (const [from, to] of [
        [first.topics[1]!.slice(2, 10), "00000000"],
        [sender, "11".repeat(20)],
        [RECIPIENT.slice(2), "11".repeat(20)],
        [`01${"00".repeat(31)}`, `03${"00".repeat(31)}`],
      ] as const) {
        const changed = altered(first, from, to);
        expect([changed.data, changed.topics], `${from} is in the log`).to.not.deep.equal([first.data, first.topics]);
        expect(refused([opened, changed])).to.equal("chain/log-does-not-fold");
      }
    });
  });

  it("readFinalBlock: the block with so many on it, never below the first", async () => {
    const latest = await a.ethers.provider.getBlockNumber();
    const numbers = await Promise.all(
      [0, 1, latest, latest + 5].map(
        async (confirmations) => (await readFinalBlock(nodeOf(a, { confirmations }))).number,
      ),
    );
    expect(numbers).to.deep.equal([latest, latest - 1, 0, 0]);
    expect((await readFinalBlock(nodeOf(a, { confirmations: "finalized" }))).number).to.be.at.most(latest);
  });

  it("sees what arrived: delivered and failed messages, held and delayed words, the table in force", async () => {
    const node = nodeOf(b);
    const arrivals = followArrivals(node);
    const recorder = await (await new MessageRecorder__factory(b.admin).deploy()).getAddress();
    const good = await send(a, b, { recipient: recorder });
    const bad = await send(a, b, { recipient: RECIPIENT });
    expect((await arrivals.latest()).state.settledCounts.size).to.equal(0);

    await settle(b, a.id, bad.after);
    await deliver(b, a, good.before, [good.item, bad.item], heldProof(Level.settled));
    const failedIn = await b.ethers.provider.getBlockNumber();
    const { state } = await arrivals.latest();
    expect([...state.delivered]).to.deep.equal([good.id]);
    expect([...state.failed]).to.deep.equal([[bad.id, { attempts: 1, blockNumber: failedIn, reason: "0x" }]]);
    expect(state.settledCounts.get(a.id)).to.deep.equal(new Set([2n]));
    expect([...(await readDelivered(node, a.id, [0n, 1n, 2n]))]).to.deep.equal([0n]);
    expect(await readHeld(node, a.id, [1n, 2n])).to.deep.equal([{ level: Level.settled, word: bad.after }]);

    await b.contract.connect(b.owner).delaySettled(a.id, 3_600);
    const late = await send(a, b, { recipient: RECIPIENT });
    await settle(b, a.id, late.after);
    expect((await arrivals.latest()).state.settledCounts.get(a.id)).to.deep.equal(new Set([2n, 3n]));
    expect(await readHeld(node, a.id, [3n])).to.deep.equal([]);
    await b.helpers.time.increase(3_600);
    expect(await readHeld(node, a.id, [3n])).to.deep.equal([{ level: Level.settled, word: late.after }]);

    const { item, table } = await adoptTable(b, { members: [a, b], operators });
    expect(await readTableInForce(node)).to.deep.equal({
      id: tableId(item),
      snapshot: table.snapshot,
      expiry: table.expiry,
    });
    expect(laneWord(await b.contract.laneTo(9_999))).to.equal(ZERO_WORD);
    expect(await readLaneTo(node, 9_999n)).to.equal(ZERO_WORD);
  });
});
