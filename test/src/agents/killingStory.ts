/** What happens on chains while relayers die: everything that brings a relayer to each of its steps. */
import { setTimeout as sleep } from "node:timers/promises";

import type { RelayerStep } from "../../../src/agents/index.ts";
import { branchPoint, reorganise, type BranchPoint } from "../../../src/testing/reorganise.ts";
import { relayedMembers } from "../../../src/testing/fabricAgents.ts";
import type { Database } from "../../../src/store/database.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.js";
import type { Served } from "../../tasks/served.ts";
import { recorderOn, send } from "./fixture.ts";

/** How often a relayer that nobody kills gets to each step in the story, at least. */
export const TIMES: Readonly<Record<RelayerStep, number>> = {
  "index:page-read": 4,
  "index:page-stored": 4,
  "index:taken-back": 1,
  "relayer:claimed": 3,
  "relayer:certified": 2,
  "relayer:advanced": 2,
  "relayer:delivering": 5,
  "relayer:delivered": 5,
  "sender:numbered": 5,
  "sender:recorded": 6,
  /** What replaces a transaction comes late: blocks came before. */
  "sender:handed": 5,
  "sender:mined": 5,
  "sender:replacing": 1,
  "sender:forgotten": 4,
  "relayer:paused": 3,
  "relayer:released": 3,
  "relayer:tables": 1,
  "relayer:heartbeat": 1,
  "relayer:carried-up": 1,
};

/** Milliseconds between looks whether all has arrived. */
const LOOK = 50;

/**
 * Messages on each lane to and from L1, of which those to beta find no block until a relayer replaces its transaction; then, once
 * they have arrived, one on alpha that a relayer reads and a reorganisation takes back, with another in its place.
 */
export class KillingStory {
  readonly #served: Served;
  /** Messages that are to arrive, each once. */
  readonly #ids: Hex[] = [];
  /** What is still to happen, each once a relayer has delivered all there is and taken another step. */
  readonly #ahead = [() => this.#sendInVain(), () => this.#reorganise()];
  #recorder = "";
  #point: BranchPoint | undefined;

  constructor(served: Served) {
    this.#served = served;
  }

  async begin(): Promise<void> {
    const { fabric } = this.#served;
    this.#ids.push(...(await sendOnEachLane(this.#served)));
    this.#recorder = await recorderOn(this.#members()[0]!);
    await fabric.finalize();
    await this.#onBeta("evm_setAutomine", [false]);
  }

  /** Has beta make blocks again, if it did not. */
  async blocksCome(): Promise<void> {
    await this.#onBeta("evm_setAutomine", [true]);
    await this.#onBeta("evm_mine", []);
  }

  /** Once all there is was delivered, has happen what comes next; whether a relayer is to take another step. */
  async goOn(): Promise<boolean> {
    if ((await executed(this.#served)).length < this.#ids.length) {
      await sleep(LOOK);
      return true;
    }
    const next = this.#ahead.shift();
    await next?.();
    return next !== undefined;
  }

  /** The same; and at the end waits until the relayer has seen all that its account sent become final. */
  async goOnToTheEnd(database: Database): Promise<boolean> {
    if (await this.goOn()) return true;
    await this.#served.fabric.finalize();
    for (;;) {
      const rows = await database.query("SELECT nonce FROM pending_transactions");
      if (rows.length === 0) return false;
      await sleep(LOOK);
    }
  }

  /** What the story came to, against what it had to. */
  async outcome(account: string): Promise<{ executed: Hex[]; sent: Hex[]; nonces: Nonces[]; used: Nonces[] }> {
    const nonces: Nonces[] = [];
    const used: Nonces[] = [];
    for (const { name, provider } of this.#served.fabric.members) {
      const count = async (at: string): Promise<number> =>
        Number(await provider.request({ method: "eth_getTransactionCount", params: [account, at] }));
      nonces.push({ name, nonces: await count("pending") });
      used.push({ name, nonces: await count("latest") });
    }
    return { executed: (await executed(this.#served)).sort(), sent: [...this.#ids].sort(), nonces, used };
  }

  /** How often an account sent nothing to itself: what a sender does with a nonce that was left out. */
  async fillers(account: string): Promise<number> {
    let found = 0;
    for (const { provider } of this.#served.fabric.members) {
      const head = Number(await provider.request({ method: "eth_blockNumber", params: [] }));
      for (let number = head; number >= 0 && number > head - RECENT; --number) {
        const params = [`0x${number.toString(16)}`, true];
        const block = (await provider.request({ method: "eth_getBlockByNumber", params })) as Block;
        found += block.transactions.filter(({ from, to }) => isSame(from, account) && isSame(to, account)).length;
      }
    }
    return found;
  }

  async #sendInVain(): Promise<void> {
    const [l1, alpha] = this.#members();
    this.#point = await branchPoint(this.#served.alpha.provider);
    await send(alpha!, l1!, this.#recorder, { payload: "0x01" });
  }

  async #reorganise(): Promise<void> {
    const [l1, alpha] = this.#members();
    await reorganise(this.#point!, async () => {
      this.#ids.push(await send(alpha!, l1!, this.#recorder, { payload: "0x02" }));
    });
    await this.#served.fabric.finalize();
  }

  #members(): ReturnType<typeof relayedMembers> {
    return relayedMembers(this.#served.fabric);
  }

  async #onBeta(method: string, params: readonly unknown[]): Promise<void> {
    await this.#served.beta.provider.request({ method, params });
  }
}

/** How many nonces of an account a member's chain gave out or used. */
export type Nonces = { readonly name: string; readonly nonces: number };

type Block = { readonly transactions: readonly { readonly from: string; readonly to: string | null }[] };

const isSame = (one: string | null, other: string): boolean => one?.toLowerCase() === other.toLowerCase();

/** More blocks than the story makes. */
const RECENT = 40;

/** Sends on each lane to and from L1; answers the ids. */
export async function sendOnEachLane({ fabric }: Served): Promise<Hex[]> {
  const [l1, ...rollups] = relayedMembers(fabric);
  const ids: Hex[] = [];
  for (const rollup of rollups) {
    for (const [from, to] of [
      [l1!, rollup],
      [rollup, l1!],
    ] as const)
      ids.push(await send(from, to, await recorderOn(to)));
  }
  return ids;
}

/** Ids that Gateways executed, as often as they did. */
export async function executed({ fabric }: Served): Promise<Hex[]> {
  const found = await Promise.all(
    relayedMembers(fabric).map(async ({ gateway, signer }) => {
      const contract = IGateway__factory.connect(gateway, signer);
      return await contract.queryFilter(contract.filters.MessageDelivered(), 0);
    }),
  );
  return found.flat().map(({ args }) => args.id);
}
