import { keccak256, toUtf8Bytes } from "ethers";
import { z } from "zod";

import { ParleyError } from "../errors.ts";
import { Level, toCheckpoint, type Hex } from "../wire/index.ts";
import { laneWord } from "../wire/lane.ts";
import { signedWord, type SignedWord } from "./signingStore.ts";

/**
 * The text of a signing store: one word a line, in JSON, each with a check sum over itself and the sum before it, so that
 * no line can change, vanish or be inserted unseen, but for lines at the end.
 */
export type SigningLog = {
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

/** The lines of these words behind a line with the sum `before`. */
export function formatWords(words: readonly SignedWord[], before: Hex = START): { text: string; sum: Hex } {
  let sum = before;
  const lines = words.map((word) => {
    sum = sumOf(word, sum);
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
  const words: SignedWord[] = [];
  let sum = START;
  for (const [place, line] of whole.split("\n").slice(0, -1).entries()) {
    const word = parseLine(line, sum, place + 1);
    sum = sumOf(word, sum);
    words.push(word);
  }
  return { words, sum, length: Buffer.byteLength(whole) };
}

function parseLine(line: string, before: Hex, number: number): SignedWord {
  try {
    const { sum, ...fields } = Line.parse(JSON.parse(line));
    const checkpoint = toCheckpoint({ ...fields, laneWord: laneWord(fields.laneWord), reachedBy: 0n });
    const word = signedWord(checkpoint);
    if (sum !== sumOf(word, before)) throw new Error(`its sum is ${sum} instead of ${sumOf(word, before)}`);
    return word;
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

const sumOf = (word: SignedWord, before: Hex): Hex =>
  keccak256(toUtf8Bytes(`${before}${JSON.stringify(fieldsOf(word))}`)).slice(0, 2 + 2 * 8);
