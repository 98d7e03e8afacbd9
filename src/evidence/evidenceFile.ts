/** Evidence in a file: two statements that contradict each other, with their signatures. */
import { readFile } from "node:fs/promises";

import { z } from "zod";

import { ParleyError } from "../errors.ts";
import {
  decodeEquivocation,
  decodeEquivocationEvidence,
  encodeEquivocation,
  type Equivocation,
} from "../wire/index.ts";

const FileSchema = z.strictObject({
  version: z.literal(1),
  /** As a Gateway's `revokeTable` takes it (docs/PROTOCOL.md, Evidence). */
  evidence: z.string().regex(/^0x[0-9a-f]*$/i),
});

/** The content of an evidence file. */
export const formatEvidence = (equivocation: Equivocation): string =>
  `${JSON.stringify({ version: 1, evidence: encodeEquivocation(equivocation) } satisfies z.infer<typeof FileSchema>, null, 2)}\n`;

/** Reads an evidence file. Throws `evidence/unreadable`, `evidence/malformed`. */
export async function readEvidence(file: string): Promise<Equivocation> {
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
export function parseEvidence(text: string): Equivocation {
  const trimmed = text.trim();
  const bytes = trimmed.startsWith("0x") ? trimmed : FileSchema.parse(JSON.parse(trimmed)).evidence;
  try {
    return decodeEquivocation(bytes);
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    try {
      return decodeEquivocationEvidence(bytes).equivocation;
    } catch {
      throw error;
    }
  }
}
