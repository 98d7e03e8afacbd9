/** Serves operators over HTTP: what `HttpOperator` is the client of. Whoever asks is not trusted with anything but to be answered. */
import type { FastifyInstance } from "fastify";
import { ZodError } from "zod";

import { ParleyError } from "../../errors.ts";
import {
  serve,
  type ServiceLimits,
  type ServiceServer,
  type ServiceServerOptions,
} from "../../service/serviceServer.ts";
import type { Checkpoint } from "../../wire/index.ts";
import type { Certification, OperatorClient } from "../operatorClient.ts";
import { formatAnswer, MAX_CHECKPOINTS, parseRequest } from "./certifyMessages.ts";

/** How much a server takes on. */
export interface OperatorServerLimits extends ServiceLimits {
  /** Requests that one operator works on at once; those beyond are refused, not kept waiting. */
  readonly concurrency: number;
}

export const DEFAULT_LIMITS: OperatorServerLimits = {
  bodyBytes: MAX_CHECKPOINTS * 512, // a checkpoint has some 350 bytes of JSON
  requestMs: 10_000,
  requestsPerMinute: 0,
  concurrency: 16,
  connections: 256,
};

/** An operator, and where on the server it is. */
export interface ServedOperator {
  /** Before the path of each request: `/operators/1`, or the empty string. */
  readonly path: string;
  readonly operator: OperatorClient;
}

/** Health, status, metrics, tokens and errors as of any service. */
export interface OperatorServerOptions extends Pick<
  ServiceServerOptions,
  "health" | "status" | "metrics" | "tokens" | "onError"
> {
  readonly operators: readonly ServedOperator[];
  /** Milliseconds of `requestMs` are those, too, in which the operator must have answered. */
  readonly limits?: Partial<OperatorServerLimits>;
  /** Hears what became of each request to certify: the status of its answer, and how long it took. */
  readonly onCertified?: (answer: Certification | ParleyError, checkpoints: number, seconds: number) => void;
}

export type OperatorServer = ServiceServer;

/** What errors are answered with. */
const STATUSES = { "operator/bad-request": 400, "operator/busy": 503, "operator/timeout": 503 };

/**
 * Serves `POST <path>/v1/certify` and `GET <path>/v1/health` for each operator. Errors are answered as JSON, `{code, message}`.
 * Rejects as Node's `listen` does.
 * @param at Port 0 is one that the system gives.
 */
export async function serveOperators(
  { operators, limits, ...options }: OperatorServerOptions,
  at: { readonly host: string; readonly port: number },
): Promise<OperatorServer> {
  const all = { ...DEFAULT_LIMITS, ...limits };
  return await serve(
    {
      ...options,
      service: "operator",
      limits: all,
      statuses: STATUSES,
      openPaths: operators.map(({ path }) => `${path}/v1/health`),
      routes: (server) => {
        for (const { path, operator } of operators) addOperator(server, path, operator, { ...options, limits: all });
      },
    },
    at,
  );
}

function addOperator(
  server: FastifyInstance,
  path: string,
  operator: OperatorClient,
  { limits, onCertified }: Pick<OperatorServerOptions, "onCertified"> & { readonly limits: OperatorServerLimits },
): void {
  const { concurrency, requestMs } = limits;
  let working = 0;
  const certify = async (checkpoints: readonly Checkpoint[]): Promise<Certification> => {
    if (working >= concurrency) {
      throw new ParleyError("operator/busy", `It works on ${working} requests already.`, "Ask again later.");
    }
    working++; // until it is done, be it that nobody waits for it any more
    return await operator.certify(checkpoints).finally(() => working--);
  };
  server.post(`${path}/v1/certify`, async ({ body }, reply) => {
    const started = performance.now();
    const tell = (answer: Certification | ParleyError, count: number): void =>
      onCertified?.(answer, count, (performance.now() - started) / 1_000);
    let checkpoints: Checkpoint[] = [];
    try {
      checkpoints = checkpointsOf(body);
      const answer = await within(requestMs, certify(checkpoints));
      tell(answer, checkpoints.length);
      return await reply.type("application/json").send(formatAnswer(answer));
    } catch (error) {
      if (error instanceof ParleyError) tell(error, checkpoints.length);
      throw error;
    }
  });
  server.get(`${path}/v1/health`, () => ({ status: "ok", address: operator.address }));
}

/** What the work gives, unless it takes too long. Throws `operator/timeout` then. */
async function within<Result>(milliseconds: number, work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new ParleyError("operator/timeout", "The operator has not answered in time.", "Ask again later."));
    }, milliseconds);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The checkpoints that are asked about. Throws `operator/bad-request`. */
function checkpointsOf(body: unknown): Checkpoint[] {
  try {
    return parseRequest(body);
  } catch (cause) {
    const issues = cause instanceof ZodError ? cause.issues : [];
    const texts = issues.slice(0, 3).map(({ path, message }) => `${path.join(".") || "body"}: ${message}`);
    throw new ParleyError(
      "operator/bad-request",
      texts.length === 0 ? String(cause) : texts.join("; "),
      "See docs/PROTOCOL.md for what checkpoints are.",
      { cause },
    );
  }
}
