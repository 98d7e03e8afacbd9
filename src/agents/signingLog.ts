import { keccak256, toUtf8Bytes } from "ethers";
import { z } from "zod";

import { ParleyError } from "../errors.ts";
import { Level, toCheckpoint, type Hex } from "../wire/index.ts";
import { laneWord } from "../wire/lane.ts";
import type { SigningIdentity } from "./signing/identity.ts";
import { signedWord, type SignedWord } from "./signingStore.ts";

/**
 * The text of a signing store: in its first line whose it is, then one word a line, in JSON, each with a check sum over itself
 * and the sum before it, so that no line can change, vanish or be inserted unseen, but for lines at the end.
 */
export type SigningLog = {
  /** Undefined if the store does not say. */
  readonly identity: SigningIdentity | undefined;
  readonly words: readonly SignedWord[];
  /** The last line's sum. */
  readonly sum: Hex;
  /** Bytes up to the end of the last whole line. What is behind it was being written when the process ended. */
  readonly length: number;
};

const START: Hex = "0x";

const Line = z
  .object({
    source: z.string(),
    destination: z.string(),
    level: z.union([z.literal(Level.fast), z.literal(Level.final)]),
    blockHash: z.string(),
    laneWord: z.string(),
    sum: z.string(),
  })
  .strict();

const Identity = z.strictObject({
  settlementChainId: z.string().regex(/^\d{1,78}$/),
  serviceManager: z.string(),
  keyId: z.string(),
});

const FirstLine = z.strictObject({ version: z.literal(1), identity: Identity, sum: z.string() });

/** The first line of a store. */
export function formatIdentity(identity: SigningIdentity): { text: string; sum: Hex } {
  const sum = sumOf(fieldsOfIdentity(identity), START);
  return { text: `${JSON.stringify({ version: 1, identity: fieldsOfIdentity(identity), sum })}\n`, sum };
}

/** The lines of these words behind a line with the sum `before`. */
export function formatWords(words: readonly SignedWord[], before: Hex = START): { text: string; sum: Hex } {
  let sum = before;
  const lines = words.map((word) => {
    sum = sumOf(fieldsOf(word), sum);
    return `${JSON.stringify({ ...fieldsOf(word), sum })}\n`;
  });
  return { text: lines.join(""), sum };
}

/**
 * Reads a signing store's text. A last line without its line end is left out: what it says was not durable, so it was not
 * signed. Throws `signing/corrupt` for anything else that is not as it was written.
 */
export function parseLog(text: string): SigningLog {
  const whole = text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = whole.split("\n").slice(0, -1);
  const first = lines[0]?.startsWith('{"version":') === true ? lines[0] : undefined;
  const identity = first === undefined ? undefined : parsed(1, () => parseIdentity(first));
  const words: SignedWord[] = [];
  let sum = identity === undefined ? START : formatIdentity(identity).sum;
  for (const [place, line] of lines.entries()) {
    if (place === 0 && identity !== undefined) continue;
    const word = parsed(place + 1, () => parseWord(line, sum));
    sum = sumOf(fieldsOf(word), sum);
    words.push(word);
  }
  return { identity, words, sum, length: Buffer.byteLength(whole) };
}

function parseIdentity(line: string): SigningIdentity {
  const { identity, sum } = FirstLine.parse(JSON.parse(line));
  const { settlementChainId, ...others } = identity;
  const read = { settlementChainId: BigInt(settlementChainId), ...others };
  requireSum(sum, formatIdentity(read).sum);
  return read;
}

function parseWord(line: string, before: Hex): SignedWord {
  const { sum, ...fields } = Line.parse(JSON.parse(line));
  const checkpoint = toCheckpoint({ ...fields, laneWord: laneWord(fields.laneWord), reachedBy: 0n });
  const word = signedWord(checkpoint);
  requireSum(sum, sumOf(fieldsOf(word), before));
  return word;
}

function requireSum(found: string, sum: Hex): void {
  if (found !== sum) throw new Error(`its sum is ${found} instead of ${sum}`);
}

/** What a line says. Throws `signing/corrupt` if it cannot be read. */
function parsed<Read>(number: number, read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    throw new ParleyError(
      "signing/corrupt",
      `line ${number} of the signing store is not as it was written: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Do not sign with this key until the file is restored from a copy that is no older than the last signature.",
      { cause },
    );
  }
}

const fieldsOf = ({ source, destination, level, blockHash, laneWord: word }: SignedWord): SignedWord => ({
  source,
  destination,
  level,
  blockHash,
  laneWord: word,
});

const fieldsOfIdentity = ({ settlementChainId, serviceManager, keyId }: SigningIdentity): z.infer<typeof Identity> => ({
  settlementChainId: String(settlementChainId),
  serviceManager,
  keyId,
});

const sumOf = (fields: object, before: Hex): Hex =>
  keccak256(toUtf8Bytes(`${before}${JSON.stringify(fields)}`)).slice(0, 2 + 2 * 8);
