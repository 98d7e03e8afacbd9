import { expect } from "chai";
import { Wallet, id } from "ethers";

import {
  MemoryPendingTransactions,
  Sender,
  type PendingTransactions,
  type SenderOptions,
} from "../../../src/sending/index.ts";
import { Gateway__factory } from "../../../types/ethers-contracts/factories/Gateway__factory.ts";
import { FakeChain, nodeError } from "./fakeChain.ts";

const KEY = id("parley sending test");
const ACCOUNT = { chainId: 7n, address: new Wallet(KEY).address.toLowerCase() };
const TO = `0x${"22".repeat(20)}`;

describe("Sender", () => {
  let chain: FakeChain;
  let store: PendingTransactions;
  let now: number;
  const opened: Sender[] = [];

  beforeEach(() => {
    chain = new FakeChain();
    store = new MemoryPendingTransactions();
    now = 1_000_000;
  });

  afterEach(() => {
    for (const sender of opened.splice(0)) sender.close();
  });

  const open = async (settings: SenderOptions["settings"] = {}, more: Partial<SenderOptions> = {}): Promise<Sender> => {
    const provider = chain.provider();
    const sender = await Sender.open({
      ...{ chainId: 7n, signer: new Wallet(KEY, provider), provider, confirmations: 2, store },
      ...{ clock: () => now, settings: { lookEvery: 1_000_000, ...settings } },
      ...more,
    });
    opened.push(sender);
    return sender;
  };
  /** Begins to send; waits until the node had it `times` times. */
  const begin = async (sender: Sender, key: string, data = id(key)): Promise<{ outcome: Promise<unknown> }> => {
    const outcome = sender.send({ key, to: TO, data, covers: [`message ${key}`] }).catch((error: unknown) => error);
    for (let turn = 0; turn < 50 && !chain.handed.some((one) => one.data === data); ++turn) await tick();
    return { outcome };
  };
  const tick = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
  const codeOf = (outcome: unknown): unknown => (outcome as { code?: unknown }).code;
  const nonces = (): number[] => [...chain.pool.keys()].sort((a, b) => a - b);

  it("has several transactions on their way, with nonces without a gap, and answers when each is in a block", async () => {
    chain.mineForeign();
    const sender = await open();
    const { outcome: a } = await begin(sender, "a");
    const { outcome: b } = await begin(sender, "b");
    expect(nonces()).to.deep.equal([1, 2]);
    expect([...sender.onTheirWay()]).to.deep.equal(["message a", "message b"]);
    expect(sender.status()).to.include({ onTheirWay: 2, oldest: now, refusal: undefined });
    chain.mine(1);
    await sender.look();
    expect(await a).to.include({ status: 1, blockNumber: 2 });
    expect([...sender.onTheirWay()]).to.deep.equal(["message b"]);
    chain.mine();
    await sender.look();
    expect(await b).to.include({ status: 1, blockNumber: 3 });
    expect(await store.load(ACCOUNT)).to.have.length(2);
    for (let block = 0; block < 2; ++block) chain.mine();
    await sender.look();
    expect(await store.load(ACCOUNT)).to.deep.equal([]);
  });

  it("sends once what is asked for twice under one key", async () => {
    const sender = await open();
    const sending = [1, 2].map(() => sender.send({ key: "a", to: TO, data: "0x01" }));
    for (let turn = 0; turn < 20; ++turn) await tick();
    sending.push(sender.send({ key: "a", to: TO, data: "0x01" }));
    chain.mine();
    await sender.look();
    const receipts = await Promise.all(sending);
    expect(new Set(receipts.map(({ hash }) => hash)).size).to.equal(1);
    expect(chain.handed).to.have.length(1);
  });

  it("waits for room where the node takes only so many of an account", async () => {
    const sender = await open({ maxInFlight: 2 });
    await Promise.all(["a", "b"].map((key) => begin(sender, key)));
    const third = sender.send({ key: "c", to: TO, data: "0x0c" });
    for (let turn = 0; turn < 20; ++turn) await tick();
    expect(nonces()).to.deep.equal([0, 1]);
    chain.mine();
    await sender.look();
    for (let turn = 0; turn < 20; ++turn) await tick();
    expect(nonces()).to.deep.equal([2]);
    chain.mine();
    await sender.look();
    expect(await third).to.include({ status: 1 });
  });

  it("pays an eighth more when a transaction waits too long, up to the ceiling, and says when it cannot", async () => {
    const sender = await open({ replaceAfter: 10_000, ceiling: 24n });
    const { outcome: a } = await begin(sender, "a");
    chain.baseFee = 22n;
    const prices = (): (bigint | null)[] => chain.handed.map(({ maxFeePerGas }) => maxFeePerGas);
    await sender.look();
    expect(prices()).to.deep.equal([21n]);
    now += 10_000;
    await sender.look();
    expect(prices()).to.deep.equal([21n, 24n]);
    expect(nonces()).to.deep.equal([0]);
    now += 10_000;
    await sender.look();
    expect(sender.status().capped).to.deep.equal([0]);
    expect(prices()).to.have.length(2);
    chain.mine();
    await sender.look();
    expect(await a).to.include({ hash: chain.handed[1]?.hash });
    expect(sender.status().capped).to.deep.equal([]);
  });

  it("takes the receipt of whichever attempt is in a block", async () => {
    const sender = await open({ replaceAfter: 10_000 });
    const { outcome: a } = await begin(sender, "a");
    const first = chain.pool.get(0)!;
    now += 10_000;
    await sender.look();
    expect(chain.pool.get(0)?.hash).not.to.equal(first.hash);
    chain.pool.set(0, first);
    chain.mine();
    await sender.look();
    expect(await a).to.include({ hash: first.hash });
  });

  it("names one price on a chain of legacy fees", async () => {
    chain.isLegacy = true;
    const sender = await open({ replaceAfter: 10_000 });
    await begin(sender, "a");
    now += 10_000;
    await sender.look();
    expect(chain.handed.map(({ type, gasPrice }) => [type, gasPrice])).to.deep.equal([
      [0, 11n],
      [0, 13n],
    ]);
  });

  it("sends nothing while the chain asks for more than the ceiling", async () => {
    const sender = await open({ ceiling: 10n });
    expect(codeOf(await (await begin(sender, "a")).outcome)).to.equal("sending/fee-ceiling");
    expect([chain.handed, await store.load(ACCOUNT)]).to.deep.equal([[], []]);
  });

  it("tries a call out first, and says why it would revert", async () => {
    const sender = await open();
    const data = Gateway__factory.createInterface().encodeErrorResult("WordNotHeld", [id("source"), 1, id("word")]);
    chain.wouldRevert = Object.assign(new Error("execution reverted"), { info: { error: { data } } });
    const outcome = await (await begin(sender, "a")).outcome;
    expect(codeOf(outcome)).to.equal("sending/would-revert");
    expect(String(outcome)).to.match(/WordNotHeld/);
    expect(chain.handed).to.deep.equal([]);
    chain.wouldRevert = nodeError("insufficient funds for transfer");
    expect(codeOf(await (await begin(sender, "a")).outcome)).to.equal("sending/no-funds");
  });

  it("says that a transaction reverted in its block", async () => {
    const sender = await open();
    chain.reverting.add(id("a"));
    const { outcome: a } = await begin(sender, "a");
    chain.mine();
    await sender.look();
    expect(codeOf(await a)).to.equal("sending/reverted");
  });

  it("hands over again what the node forgot, and what a reorganisation undid", async () => {
    const sender = await open();
    const { outcome: a } = await begin(sender, "a");
    chain.pool.clear();
    await sender.look();
    expect(nonces()).to.deep.equal([0]);
    chain.mine();
    await sender.look();
    await a;
    chain.reorganise(1);
    expect(chain.mined).to.deep.equal([]);
    await sender.look();
    expect(nonces()).to.deep.equal([0]);
    expect(new Set(chain.handed.map(({ hash }) => hash)).size).to.equal(1);
  });

  describe("takes a refusal for what it is:", () => {
    it("nonce too low: it learns the next nonce from the chain", async () => {
      const sender = await open();
      chain.mineForeign();
      const { outcome: a } = await begin(sender, "a");
      for (let turn = 0; turn < 20; ++turn) await tick();
      expect(nonces()).to.deep.equal([1]);
      chain.mine();
      await sender.look();
      expect(await a).to.include({ status: 1 });
    });

    it("nonce too high, behind nothing of ours: the chain went back", async () => {
      chain.mineForeign();
      const sender = await open();
      chain.reorganise(1);
      chain.refusals.push(({ nonce }) =>
        nonce > 0 ? nodeError("Nonce too high. Expected nonce to be 0 but got 1.") : undefined,
      );
      await begin(sender, "a");
      for (let turn = 0; turn < 20; ++turn) await tick();
      expect(nonces()).to.deep.equal([0]);
    });

    it("already known: it is on its way", async () => {
      const sender = await open();
      chain.refusals.push((transaction) => (chain.pool.set(0, transaction), nodeError("already known")));
      const { outcome: a } = await begin(sender, "a");
      chain.mine();
      await sender.look();
      expect(await a).to.include({ status: 1 });
      expect(chain.handed).to.have.length(1);
    });

    it("replacement underpriced: another process's transaction has the nonce", async () => {
      const sender = await open();
      const other = await new Wallet(KEY).signTransaction({
        ...{ to: TO, nonce: 0, chainId: 7n, gasLimit: 21_000n },
        ...{ maxFeePerGas: 99n, maxPriorityFeePerGas: 9n },
      });
      await chain.provider().broadcastTransaction(other);
      const { outcome: a } = await begin(sender, "a");
      for (let turn = 0; turn < 20; ++turn) await tick();
      expect(nonces()).to.deep.equal([0, 1]);
      chain.mine();
      await sender.look();
      expect(await a).to.include({ status: 1 });
    });

    it("underpriced: it asks for the fees anew", async () => {
      const sender = await open();
      chain.refusals.push(() => ((chain.baseFee = 50n), nodeError("max fee per gas less than block base fee")));
      await begin(sender, "a");
      for (let turn = 0; turn < 20; ++turn) await tick();
      expect(chain.pool.get(0)?.maxFeePerGas).to.equal(101n);
    });

    it("insufficient funds: nothing is on its way, and no nonce is lost", async () => {
      const sender = await open();
      chain.balance = 0n;
      const outcome = await (await begin(sender, "a")).outcome;
      expect(codeOf(outcome)).to.equal("sending/no-funds");
      expect(await store.load(ACCOUNT)).to.deep.equal([]);
      chain.balance = 10n ** 18n;
      await begin(sender, "b");
      expect(nonces()).to.deep.equal([0]);
    });

    it("invalid, or in words nobody knows: the same", async () => {
      const sender = await open();
      for (const words of ["exceeds block gas limit", "some other words"]) {
        chain.refusals.push(() => nodeError(words));
        expect(codeOf(await (await begin(sender, words)).outcome), words).to.equal("sending/refused");
      }
      expect(await store.load(ACCOUNT)).to.deep.equal([]);
    });

    it("no answer: it keeps its nonce, and is handed over again", async () => {
      const sender = await open();
      chain.refusals.push(() => Object.assign(new Error("timeout"), { code: "TIMEOUT" }));
      const { outcome: a } = await begin(sender, "a");
      await begin(sender, "b");
      expect(nonces()).to.deep.equal([1]);
      expect(sender.status().onTheirWay).to.equal(2);
      await sender.look();
      expect(nonces()).to.deep.equal([0, 1]);
      chain.mine();
      await sender.look();
      expect(await a).to.include({ status: 1 });
    });
  });

  it("uses the nonce for nothing when a node that had a transaction will never take it again", async () => {
    const sender = await open();
    const { outcome: a } = await begin(sender, "a");
    const { outcome: b } = await begin(sender, "b");
    chain.pool.delete(0);
    chain.refusals.push(() => nodeError("exceeds block gas limit"));
    await sender.look();
    expect(codeOf(await a)).to.equal("sending/refused");
    expect(chain.pool.get(0)?.data).to.equal("0x");
    chain.mine();
    await sender.look();
    expect(await b).to.include({ status: 1 });
  });

  it("says that something else took a nonce, but not while receipts only lag behind", async () => {
    const sender = await open({ displacedAfter: 5_000 });
    const { outcome: a } = await begin(sender, "a");
    const { outcome: b } = await begin(sender, "b");
    chain.hidesReceipts = true;
    chain.mine(1);
    await sender.look();
    now += 4_999;
    await sender.look();
    chain.hidesReceipts = false;
    await sender.look();
    expect(await a).to.include({ status: 1 });
    chain.pool.clear();
    chain.mineForeign();
    await sender.look();
    now += 5_000;
    await sender.look();
    expect(codeOf(await b)).to.equal("sending/displaced");
    await begin(sender, "c");
    expect(nonces()).to.deep.equal([2]);
  });

  it("fills a gap that a forgotten transaction of nobody left", async () => {
    const lost = await new Wallet(KEY).signTransaction({
      ...{ to: TO, nonce: 0, chainId: 7n, gasLimit: 21_000n },
      ...{ maxFeePerGas: 99n, maxPriorityFeePerGas: 9n },
    });
    await chain.provider().broadcastTransaction(lost);
    const sender = await open({ displacedAfter: 5_000 });
    const { outcome: a } = await begin(sender, "a");
    expect(nonces()).to.deep.equal([0, 1]);
    chain.pool.delete(0);
    await sender.look();
    expect(nonces()).to.deep.equal([1]);
    now += 5_000;
    await sender.look();
    expect(chain.pool.get(0)).to.include({ data: "0x", value: 0n });
    chain.mine();
    await sender.look();
    expect(await a).to.include({ status: 1 });
  });

  it("tells whoever waits too long that the transaction is pending, and goes on with it", async () => {
    const sender = await open({ patience: 1 });
    const { outcome: a } = await begin(sender, "a");
    expect(codeOf(await a)).to.equal("sending/pending");
    expect([...sender.onTheirWay()]).to.deep.equal(["message a"]);
    expect(nonces()).to.deep.equal([0]);
  });

  it("goes on after a restart with what it had begun, and attaches whoever asks for it again", async () => {
    const first = await open();
    await begin(first, "a");
    first.close();
    chain.pool.clear();
    const second = await open();
    expect(nonces()).to.deep.equal([0]);
    const { outcome: again } = await begin(second, "a");
    for (let turn = 0; turn < 5; ++turn) await tick();
    chain.mine();
    await second.look();
    expect(await again).to.include({ status: 1 });
    expect(chain.mined.map(({ nonce }) => nonce)).to.deep.equal([0]);
  });

  it("drains: takes nothing more, and waits for what is on its way up to a limit", async () => {
    const sender = await open();
    const { outcome: a } = await begin(sender, "a");
    const draining = sender.drain(60_000);
    expect(codeOf(await sender.send({ key: "b", to: TO, data: "0x" }).catch((error: unknown) => error))).to.equal(
      "sending/stopped",
    );
    chain.mine();
    await sender.look();
    expect(await draining).to.equal(0);
    expect(await a).to.include({ status: 1 });

    const hasty = await open();
    const { outcome: c } = await begin(hasty, "c");
    expect(await hasty.drain(1)).to.equal(1);
    expect(codeOf(await c)).to.equal("sending/stopped");
    expect(await store.load(ACCOUNT)).to.have.length(2);
  });
});
