/** What an operator's HTTP interface takes and answers: `POST /v1/certify`, JSON. Integers that may be large are decimal strings. */
import { z } from "zod";

import { BN254_SIGNATURE_LENGTH, laneWord, toLevel, type Checkpoint, type Hex } from "../../wire/index.ts";
import type { Certification } from "../operatorClient.ts";

const hex = (bytes: number): z.ZodType<Hex> =>
  z.custom<Hex>(
    (value) => typeof value === "string" && new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, "i").test(value),
    `is not ${bytes} bytes in hex`,
  );

/** Most checkpoints of a request. */
export const MAX_CHECKPOINTS = 4_096;

const CertifyRequest = z.strictObject({
  checkpoints: z
    .array(
      z.strictObject({
        source: hex(32),
        destination: hex(32),
        laneWord: hex(32),
        reachedBy: z.string().regex(/^\d{1,20}$/, "is no integer"),
        level: z.number().int().nonnegative(),
        blockHash: hex(32),
      }),
    )
    .min(1)
    .max(MAX_CHECKPOINTS),
});

const CertifyAnswer = z.strictObject({
  root: hex(32).optional(),
  signature: z.union([hex(64), hex(BN254_SIGNATURE_LENGTH)]).optional(),
  refused: z.array(z.strictObject({ index: z.number().int().nonnegative(), code: z.string(), reason: z.string() })),
});

/** The request's body. */
export function formatRequest(checkpoints: readonly Checkpoint[]): string {
  return JSON.stringify({
    checkpoints: checkpoints.map((checkpoint) => ({ ...checkpoint, reachedBy: String(checkpoint.reachedBy) })),
  } satisfies z.input<typeof CertifyRequest>);
}

/** The checkpoints of a request's body, parsed from JSON. Throws zod's errors, and `wire/level`. */
export function parseRequest(body: unknown): Checkpoint[] {
  return CertifyRequest.parse(body).checkpoints.map((checkpoint) => ({
    ...checkpoint,
    laneWord: laneWord(checkpoint.laneWord),
    reachedBy: BigInt(checkpoint.reachedBy),
    level: toLevel(checkpoint.level, "level"),
  }));
}

/** The answer's body. */
export function formatAnswer(certification: Certification): string {
  return JSON.stringify(certification);
}

/** What an answer's body says, parsed from JSON. Throws zod's errors. */
export function parseAnswer(body: unknown): Certification {
  const { root, signature, refused } = CertifyAnswer.parse(body);
  return { root, signature, refused };
}
