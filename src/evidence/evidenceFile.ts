/** Evidence in a file: statements that contradict each other, or what is settled, with their signatures. */
import { readFile } from "node:fs/promises";

import { z } from "zod";

import { ParleyError } from "../errors.ts";
import {
  decodeEquivocation,
  decodeEquivocationEvidence,
  decodeFalsehoodEvidence,
  encodeEquivocation,
  encodeFalsehoodEvidence,
  type Equivocation,
  type FalsehoodEvidence,
} from "../wire/index.ts";

const FileSchema = z.strictObject({
  version: z.literal(1),
  /** As a Gateway's `revokeTable` takes it, or the Slasher's `convict` of a falsehood (docs/PROTOCOL.md, Evidence). */
  evidence: z.string().regex(/^0x[0-9a-f]*$/i),
});

/** Evidence of an equivocation, or of a statement that its source settles otherwise. */
export type Evidence = Equivocation | FalsehoodEvidence;

export const isFalsehood = (evidence: Evidence): evidence is FalsehoodEvidence => "statement" in evidence;

/** The content of an evidence file. */
export const formatEvidence = (evidence: Evidence): string =>
  `${JSON.stringify({ version: 1, evidence: encode(evidence) } satisfies z.infer<typeof FileSchema>, null, 2)}\n`;

const encode = (evidence: Evidence): string =>
  isFalsehood(evidence) ? encodeFalsehoodEvidence(evidence) : encodeEquivocation(evidence);

/** Reads an evidence file. Throws `evidence/unreadable`, `evidence/malformed`. */
export async function readEvidence(file: string): Promise<Evidence> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new ParleyError("evidence/unreadable", `${file} cannot be read: ${String(cause)}`, "Name another file.", {
      cause,
    });
  }
  try {
    return parseEvidence(text);
  } catch (cause) {
    throw new ParleyError(
      "evidence/malformed",
      `${file} holds no evidence: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Write {"version":1,"evidence":"0x…"}, or the bytes alone: what revokeTable of a Gateway, or convict of the Slasher, takes.',
      { cause },
    );
  }
}

/** Evidence in any of the forms in which it is found: this file's, or the bytes that contracts take, as hex. */
export function parseEvidence(text: string): Evidence {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith("0x") ? trimmed : FileSchema.parse(JSON.parse(trimmed)).evidence;
  const forms: readonly ((bytes: string) => Evidence)[] = [
    (one) => decodeEquivocationEvidence(one).equivocation,
    decodeFalsehoodEvidence,
  ];
  try {
    return decodeEquivocation(bytes);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    for (const decode of forms) {
      try {
        return decode(bytes);
      } catch (other) {
        if (!(other instanceof ParleyError)) throw other;
      }
    }
    throw error;
  }
}
