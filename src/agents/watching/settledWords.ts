import { contractAt } from "../../chain/contractAt.ts";
import { ISettlement__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { readBlock } from "../../chain/blocks.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { countOf, laneWord, type Hex, type LaneWord } from "../../wire/index.ts";
import type { SettlementAccess } from "../relaying/types.ts";
import { laneKey, type LaneRef } from "../signingStore.ts";

/** A word that a source settled; with the latest time at which it was the lane's current word, 0 if it is not said to have been. */
export type SettledWord = { readonly word: LaneWord; readonly currentTime: bigint };

/** What was settled of a lane, by the words' counts. */
export type SettledLane = ReadonlyMap<bigint, SettledWord>;

type Settling = LaneRef & { readonly word: LaneWord; readonly currentTime: bigint; readonly blockNumber: number };

/** Blocks that are asked for at once: more than this many are refused by some nodes. */
const RANGE = 10_000;
/** Blocks that are read again each time, in case L1 was reorganised. */
const OVERLAP = 64;

/** Reads every word that was ever settled, and later only the new ones. */
export class SettledWords {
  readonly #settlement: SettlementAccess;
  #settled: readonly Settling[] = [];
  #next: number;

  constructor(settlement: SettlementAccess) {
    this.#settlement = settlement;
    this.#next = settlement.startBlock;
  }

  /** All lanes of which anything is settled, by `laneKey`. Throws as the provider does. */
  async read(): Promise<ReadonlyMap<string, SettledLane>> {
    const { settlement: address, signer, startBlock } = this.#settlement;
    const settlement = contractAt(ISettlement__factory, address, signer);
    const reader = readerOf(signer);
    const { number: last } = await readBlock(reader, "latest");
    const found: Settling[] = [];
    for (let from = this.#next; from <= last; from += RANGE) {
      const logs = await settlement.queryFilter(
        settlement.filters.WordSettled(),
        from,
        Math.min(last, from + RANGE - 1),
      );
      for (const { args, blockNumber, blockHash } of logs) {
        const { source, destination, word, time, current } = args;
        const now = current ? (await readBlock(reader, blockHash)).timestamp : 0n;
        const currentTime = time < now ? time : now;
        found.push({ source, destination, word: laneWord(word), currentTime, blockNumber });
      }
    }
    this.#settled = [...this.#settled.filter(({ blockNumber }) => blockNumber < this.#next), ...found];
    this.#next = Math.max(startBlock, last + 1 - OVERLAP);
    return lanesOf(this.#settled);
  }

  /** What a falsehood about a source costs now, of 1e18; 0 if nobody can be convicted of one. Throws as the provider does. */
  async wadOf(source: Hex, reachedBy: bigint): Promise<bigint> {
    const settlement = contractAt(ISettlement__factory, this.#settlement.settlement, this.#settlement.signer);
    return (await this.isFaulted(source)) ? 0n : await settlement.falsehoodWad(source, reachedBy);
  }

  /** Whether a source settled words that contradict each other: it proves nothing then (R28). Throws as the provider does. */
  async isFaulted(source: Hex): Promise<boolean> {
    const settlement = contractAt(ISettlement__factory, this.#settlement.settlement, this.#settlement.signer);
    return (await settlement.member(source)).isFaulted;
  }
}

function lanesOf(settled: readonly Settling[]): Map<string, Map<bigint, SettledWord>> {
  const lanes = new Map<string, Map<bigint, SettledWord>>();
  for (const { word, currentTime, ...lane } of settled) {
    const words = lanes.get(laneKey(lane)) ?? new Map<bigint, SettledWord>();
    lanes.set(laneKey(lane), words);
    // Settlement keeps the first word of a count; it tells of no other.
    const before = words.get(countOf(word))?.currentTime ?? 0n;
    words.set(countOf(word), { word, currentTime: before > currentTime ? before : currentTime });
  }
  return lanes;
}
