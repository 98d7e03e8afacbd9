/** What an operator signed, as a file that other machines and other versions read: docs/OPERATIONS.md describes it. */
import { z } from "zod";

import { ParleyError } from "../../errors.ts";
import { laneWord, Level, toCheckpoint } from "../../wire/index.ts";
import { laneKey, signedWord, type LaneRef, type SignedWord, type SigningStore } from "../signingStore.ts";
import type { Halt } from "./halts.ts";
import { requireSameIdentity, type SigningIdentity } from "./identity.ts";

const FORMAT = "parley-signing-history";

const LEVELS = { fast: Level.fast, final: Level.final } as const;

const Interchange = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  settlementChainId: z.string().regex(/^\d{1,78}$/),
  serviceManager: z.string().regex(/^0x[0-9a-f]{40}$/i),
  keyId: z.string().regex(/^0x[0-9a-f]{40}$/i),
  words: z.array(
    z.strictObject({
      source: z.string(),
      destination: z.string(),
      level: z.enum(["fast", "final"]),
      blockHash: z.string(),
      laneWord: z.string(),
    }),
  ),
  halted: z.array(
    z.strictObject({
      source: z.string(),
      destination: z.string(),
      signed: z.string(),
      seen: z.string(),
      since: z.string().datetime(),
    }),
  ),
});

/** Everything an operator has to remember. */
export type SigningRecord = {
  readonly identity: SigningIdentity;
  readonly words: readonly SignedWord[];
  readonly halted: readonly Halt[];
};

/** The file's text. */
export function formatInterchange({ identity, words, halted }: SigningRecord): string {
  const { settlementChainId, serviceManager, keyId } = identity;
  const file: z.input<typeof Interchange> = {
    format: FORMAT,
    version: 1,
    settlementChainId: String(settlementChainId),
    serviceManager,
    keyId,
    words: words.map(({ source, destination, level, blockHash, laneWord: word }) => ({
      source,
      destination,
      level: level === Level.fast ? "fast" : "final",
      blockHash,
      laneWord: word,
    })),
    halted: halted.map(({ source, destination, signed, seen, since }) => ({
      source,
      destination,
      signed,
      seen,
      since,
    })),
  };
  return `${JSON.stringify(file, null, 1)}\n`;
}

/** Reads the file's text. Throws `signing/not-interchange`. */
export function parseInterchange(text: string): SigningRecord {
  try {
    const { settlementChainId, serviceManager, keyId, words, halted } = Interchange.parse(JSON.parse(text));
    return {
      identity: { settlementChainId: BigInt(settlementChainId), serviceManager, keyId },
      words: words.map(({ level, laneWord: word, ...fields }) =>
        signedWord(toCheckpoint({ ...fields, level: LEVELS[level], laneWord: laneWord(word), reachedBy: 0n })),
      ),
      halted: halted.map(({ signed, seen, ...fields }) => ({
        ...fields,
        signed: laneWord(signed),
        seen: laneWord(seen),
      })),
    };
  } catch (cause) {
    throw new ParleyError(
      "signing/not-interchange",
      `this is no record of what an operator signed: ${cause instanceof Error ? cause.message.slice(0, 200) : String(cause)}`,
      "Name a file that operator:export wrote. Nothing was taken from this one.",
      { cause },
    );
  }
}

/** What an import brought. */
export type Imported = {
  /** Words that were not known before. */
  readonly added: number;
  readonly known: number;
};

/**
 * Adds to a store what it does not have: nothing that is in it is forgotten or changed, so that afterwards it forbids whatever
 * either of them forbade. Resolves once it is durable. Throws `signing/other-operator`, `signing/other-domain`, and what the store
 * throws.
 */
export async function importRecord(
  { identity, words }: SigningRecord,
  own: SigningIdentity,
  store: SigningStore,
): Promise<Imported> {
  requireSameIdentity(identity, own, "what is to be imported");
  const lanes = new Map<string, LaneRef>(words.map((word) => [laneKey(word), word]));
  let added = 0;
  await store.plan([...lanes.values()], (history) => {
    const seen = new Set([...history.values()].flat().map(keyOf));
    const news = words.filter((word) => {
      const isNew = !seen.has(keyOf(word));
      seen.add(keyOf(word));
      return isNew;
    });
    added = news.length;
    return news;
  });
  return { added, known: words.length - added };
}

const keyOf = ({ source, destination, level, blockHash, laneWord: word }: SignedWord): string =>
  [source, destination, level, blockHash, word].join();
