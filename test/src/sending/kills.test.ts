import { expect } from "chai";
import fc from "fast-check";
import { id, Wallet } from "ethers";

import { MemoryPendingTransactions, Sender, type PendingTransactions } from "../../../src/sending/index.ts";
import { checkAsync } from "../../support/property.ts";
import { FakeChain, nodeError } from "./fakeChain.ts";

const KEY = id("parley kills test");
const TO = `0x${"22".repeat(20)}`;
const CONFIRMATIONS = 2;

/** What happens, one after the other. */
type Happening =
  | { readonly kind: "send" | "look" | "forget" | "refuse" | "timeOut" }
  | { readonly kind: "mine" | "reorganise"; readonly count: number }
  /** The process dies at its so manieth step from here on. */
  | { readonly kind: "kill"; readonly steps: number };

const happening: fc.Arbitrary<Happening> = fc.oneof(
  fc.constantFrom<Happening>({ kind: "send" }, { kind: "send" }, { kind: "look" }, { kind: "forget" }),
  fc.constantFrom<Happening>({ kind: "refuse" }, { kind: "timeOut" }),
  fc.record({ kind: fc.constant("mine" as const), count: fc.integer({ min: 0, max: 3 }) }),
  fc.record({ kind: fc.constant("reorganise" as const), count: fc.integer({ min: 1, max: CONFIRMATIONS }) }),
  fc.record({ kind: fc.constant("kill" as const), steps: fc.integer({ min: 0, max: 5 }) }),
);

/** A process that sends through a store that outlives it, and may die at any step. */
class Process {
  readonly chain: FakeChain;
  readonly #store: PendingTransactions;
  #isDead = false;
  #stepsLeft = Infinity;
  sender: Sender | undefined;
  static now = 1_000_000;
  /** Of all processes; what is in them would keep the one they are all in. */
  static readonly senders: Sender[] = [];

  constructor(chain: FakeChain, store: PendingTransactions) {
    this.chain = chain;
    this.#store = store;
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  dieIn(steps: number): void {
    this.#stepsLeft = steps;
  }

  async open(): Promise<void> {
    const provider = this.chain.provider(() => this.#isDead);
    const alive = <T>(action: () => Promise<T>): Promise<T> =>
      this.#isDead ? Promise.reject(new Error("the process is gone")) : action();
    this.sender = await Sender.open({
      ...{ chainId: 7n, signer: new Wallet(KEY, provider), provider, confirmations: CONFIRMATIONS },
      store: {
        load: (account) => alive(() => this.#store.load(account)),
        put: (account, transaction) => alive(() => this.#store.put(account, transaction)),
        remove: (account, nonce) => alive(() => this.#store.remove(account, nonce)),
      },
      clock: () => Process.now,
      settings: { lookEvery: 1_000_000, replaceAfter: 60_000, displacedAfter: 0 },
      onStep: () => {
        if (this.#stepsLeft-- > 0) return;
        this.#isDead = true;
        throw new Error("killed");
      },
    });
    Process.senders.push(this.sender);
  }

  /** Sends, and waits as long as that can be under way without a block. */
  async send(key: string): Promise<void> {
    void this.sender?.send({ key, to: TO, data: id(key) }).catch(() => undefined);
    for (let turn = 0; turn < 30; ++turn) await new Promise((resolve) => setImmediate(resolve));
  }

  async look(): Promise<void> {
    await this.sender?.look().catch(() => undefined);
  }
}

describe("Sender, killed between any two steps", () => {
  after(() => {
    for (const sender of Process.senders) sender.close();
  });

  it("neither loses nor doubles: whatever happens, each thing is done once, and no nonce is left out", async () => {
    await checkAsync(
      fc.asyncProperty(fc.array(happening, { minLength: 5, maxLength: 30 }), async (happenings) => {
        const chain = new FakeChain();
        const store = new MemoryPendingTransactions();
        const wanted: string[] = [];
        let process = new Process(chain, store);
        await process.open();
        const isDone = (key: string): boolean => chain.mined.some(({ data }) => data === id(key));
        /** As a relayer does: asks for whatever the chain does not show as done. */
        const restart = async (): Promise<void> => {
          process = new Process(chain, store);
          await process.open();
          for (const key of wanted) if (!isDone(key)) await process.send(key);
        };
        for (const happens of happenings) {
          Process.now += 20_000;
          switch (happens.kind) {
            case "send":
              wanted.push(`call ${wanted.length}`);
              await process.send(wanted.at(-1)!);
              break;
            case "look":
              await process.look();
              break;
            case "mine":
              chain.mine(happens.count);
              break;
            case "reorganise":
              chain.reorganise(happens.count);
              break;
            case "forget":
              chain.pool.clear();
              break;
            case "refuse":
              chain.refusals.push(() => nodeError("transaction underpriced"));
              break;
            case "timeOut":
              chain.refusals.push(() => nodeError("request timed out"));
              break;
            case "kill":
              process.dieIn(happens.steps);
              break;
          }
          if (process.isDead) await restart();
        }
        process.dieIn(Infinity);
        await restart();
        for (let round = 0; round < 6; ++round) {
          Process.now += 20_000;
          await process.look();
          chain.mine();
        }
        await process.look();
        const account = { chainId: 7n, address: new Wallet(KEY).address.toLowerCase() };
        expect(await store.load(account)).to.deep.equal([]);
        expect(chain.mined.filter(({ data }) => data !== "0x").map(({ data }) => data)).to.have.members(
          wanted.map((key) => id(key)),
        );
        expect(chain.mined.map(({ nonce }) => nonce)).to.deep.equal(chain.mined.map((_, place) => place));
        process.sender?.close();
      }),
      60,
    );
  });
});
