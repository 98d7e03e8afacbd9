/** How many signatures an operator makes in a second, each durable in its store before it leaves. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { id, SigningKey, toBeHex, ZeroHash } from "ethers";

import { FileSigningStore } from "../../src/agents/fileSigningStore.ts";
import { operatorSigner, type OperatorKey } from "../../src/agents/operatorSigner.ts";
import { GuardedSigner } from "../../src/agents/signing/guardedSigner.ts";
import {
  Bn254Key,
  checkpointTree,
  genesis,
  Level,
  next,
  type Checkpoint,
  type LaneWord,
} from "../../src/wire/index.ts";

export interface OperatorRate {
  readonly keyType: "ecdsa" | "bn254";
  /** Requests at once. */
  readonly concurrency: number;
  /** Checkpoints under each signature. */
  readonly checkpoints: number;
  readonly signaturesPerSecond: number;
  readonly checkpointsPerSecond: number;
}

export interface OperatorRatesOptions {
  /** Signatures made for each figure. */
  readonly signatures: number;
}

const DOMAIN = { settlementChainId: 1n, serviceManager: `0x${"5e".repeat(20)}` };
const KEYS: Readonly<Record<OperatorRate["keyType"], () => OperatorKey>> = {
  ecdsa: () => new SigningKey(id("bench operator")),
  bn254: () => new Bn254Key(toBeHex(7_786n, 32)),
};

/** Measures both kinds of keys, alone and with many requests at once, with one checkpoint a signature and with many. */
export async function measureOperatorRates({ signatures }: OperatorRatesOptions): Promise<OperatorRate[]> {
  const rates: OperatorRate[] = [];
  for (const keyType of ["ecdsa", "bn254"] as const) {
    for (const [concurrency, checkpoints] of [
      [1, 1],
      [16, 1],
      [16, 32],
    ] as const) {
      rates.push(await measure({ keyType, concurrency, checkpoints }, signatures));
    }
  }
  return rates;
}

async function measure(
  what: Pick<OperatorRate, "keyType" | "concurrency" | "checkpoints">,
  signatures: number,
): Promise<OperatorRate> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-bench-"));
  const store = await FileSigningStore.open(path.join(folder, "signed.jsonl"));
  try {
    const guard = new GuardedSigner({ signer: operatorSigner(KEYS[what.keyType]()), domain: DOMAIN, store });
    const lanes = Array.from({ length: what.concurrency * what.checkpoints }, (_, place) => new BenchLane(place));
    const started = performance.now();
    let left = signatures;
    const work = async (worker: number): Promise<void> => {
      while (left-- > 0) {
        const own = lanes.slice(worker * what.checkpoints, (worker + 1) * what.checkpoints);
        const vouched = own.map((lane) => lane.grow());
        await guard.sign(checkpointTree(vouched.map(({ checkpoint }) => checkpoint)).root, vouched);
      }
    };
    await Promise.all(Array.from({ length: what.concurrency }, (_, worker) => work(worker)));
    const perSecond = signatures / ((performance.now() - started) / 1_000);
    return {
      ...what,
      signaturesPerSecond: Math.round(perSecond),
      checkpointsPerSecond: Math.round(perSecond * what.checkpoints),
    };
  } finally {
    await store.close();
    await rm(folder, { recursive: true });
  }
}

/** A lane that grows by a message at each look. */
class BenchLane {
  readonly #ends: Pick<Checkpoint, "source" | "destination">;
  readonly #words: LaneWord[];

  constructor(place: number) {
    this.#ends = { source: id(`source ${place}`), destination: id("destination") };
    this.#words = [genesis(this.#ends.source, this.#ends.destination)];
  }

  grow(): { checkpoint: Checkpoint; fold: (count: bigint) => LaneWord | undefined } {
    const last = this.#words.at(-1);
    if (last === undefined) throw new Error("a lane has its first word");
    const laneWord = next(last, id(`message ${this.#words.length}`));
    this.#words.push(laneWord);
    const checkpoint = { ...this.#ends, laneWord, reachedBy: 1n, level: Level.final, blockHash: ZeroHash };
    return { checkpoint, fold: (count) => this.#words[Number(count)] };
  }
}
