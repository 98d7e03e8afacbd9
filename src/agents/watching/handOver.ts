/** The watcher's own HTTP paths: what operators answered, and evidence, is handed over there by whoever has it. */
import type { FastifyInstance } from "fastify";
import { z, ZodError } from "zod";

import { ParleyError } from "../../errors.ts";
import { isFalsehood, parseEvidence } from "../../evidence/evidenceFile.ts";
import { parseRequest } from "../http/certifyMessages.ts";
import type { Watcher } from "../watcher.ts";

/** Bytes of a request: an operator's answer to as many checkpoints as there may be in one. */
export const HAND_OVER_BYTES = 4 * 1_024 * 1_024;

/** Statements that may wait for the next step; beyond that who hands over is asked to come again. */
const MAX_WAITING = 50_000;

/** HTTP status of what these paths throw. */
export const HAND_OVER_STATUSES = { "watcher/bad-request": 400, "watcher/busy": 503 } as const;

const Signature = z.object({ signature: z.string().regex(/^0x([0-9a-f]{128}|[0-9a-f]{130}|[0-9a-f]{512})$/i) });

export type Hearer = Pick<Watcher, "hear" | "hearEvidence">;

/** Counts what waits for the next step. */
export class HandOver {
  readonly #watcher: Hearer;
  #waiting = 0;

  constructor(watcher: Hearer) {
    this.#watcher = watcher;
  }

  /** A step has begun: it takes what waits. */
  begin(): void {
    this.#waiting = 0;
  }

  /** Adds `POST /v1/statements` and `POST /v1/evidence`; both answer 202 with how many statements there were. */
  addTo(server: FastifyInstance): void {
    server.post("/v1/statements", ({ body }, reply) => reply.code(202).send(this.#statements(body)));
    server.post("/v1/evidence", ({ body }, reply) => reply.code(202).send(this.#evidence(body)));
  }

  /** `{checkpoints, signature}`: what an operator was asked, and answered. */
  #statements(body: unknown): { accepted: number } {
    const { checkpoints, signature } = reading(() => {
      const { signature: signed } = Signature.parse(body);
      const asked = typeof body === "object" && body !== null && "checkpoints" in body ? body.checkpoints : undefined;
      return { checkpoints: parseRequest({ checkpoints: asked }), signature: signed };
    });
    this.#take(checkpoints.length);
    this.#watcher.hear(checkpoints, signature);
    return { accepted: checkpoints.length };
  }

  /** `{version, evidence}`, as an evidence file holds it. */
  #evidence(body: unknown): { accepted: number } {
    const found = reading(() => parseEvidence(JSON.stringify(body)));
    this.#take(2);
    const heard = isFalsehood(found)
      ? { a: found.statement, b: found.statement, from: found.from, messageHashes: found.messageHashes }
      : found;
    reading(() => this.#watcher.hearEvidence(heard)); // its certificates were not looked at yet
    return { accepted: isFalsehood(found) ? 1 : 2 };
  }

  #take(statements: number): void {
    if (this.#waiting + statements > MAX_WAITING) {
      throw new ParleyError("watcher/busy", `${this.#waiting} statements wait already.`, "Come again in a minute.");
    }
    this.#waiting += statements;
  }
}

function reading<Read>(read: () => Read): Read {
  try {
    return read();
  } catch (cause) {
    const issues = cause instanceof ZodError ? cause.issues : [];
    const texts = issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ParleyError(
      "watcher/bad-request",
      texts.length === 0 ? reason : texts.join("; "),
      "See docs/OPERATIONS.md for what the watcher takes.",
      { cause },
    );
  }
}
