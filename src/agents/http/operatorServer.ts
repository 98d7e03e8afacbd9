/** Serves operators over HTTP: what `HttpOperator` is the client of. Whoever asks is not trusted with anything but to be answered. */
import { fastify, type FastifyError, type FastifyInstance } from "fastify";
import { ZodError } from "zod";

import { ParleyError } from "../../errors.ts";
import type { Checkpoint } from "../../wire/index.ts";
import type { Certification, OperatorClient } from "../operatorClient.ts";
import { formatAnswer, MAX_CHECKPOINTS, parseRequest } from "./certifyMessages.ts";

/** How much a server takes on. */
export interface OperatorServerLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Milliseconds in which a request must have come, and in which the operator must have answered it. */
  readonly requestMs: number;
  /** Requests that one operator works on at once; those beyond are refused, not kept waiting. */
  readonly concurrency: number;
  /** Connections at once. */
  readonly connections: number;
}

export const DEFAULT_LIMITS: OperatorServerLimits = {
  bodyBytes: MAX_CHECKPOINTS * 512, // a checkpoint has some 350 bytes of JSON
  requestMs: 10_000,
  concurrency: 16,
  connections: 256,
};

/** An operator, and where on the server it is. */
export interface ServedOperator {
  /** Before the path of each request: `/operators/1`, or the empty string. */
  readonly path: string;
  readonly operator: OperatorClient;
}

export interface OperatorServerOptions {
  readonly operators: readonly ServedOperator[];
  readonly limits?: Partial<OperatorServerLimits>;
  /** Hears why an operator failed; who asked is told only that it did. */
  readonly onError?: (path: string, error: unknown) => void;
}

/** A server that listens. */
export interface OperatorServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves `POST <path>/v1/certify` and `GET <path>/v1/health` for each operator. Errors are answered as JSON, `{code, message}`.
 * Rejects as Node's `listen` does.
 * @param at Port 0 is one that the system gives.
 */
export async function serveOperators(
  options: OperatorServerOptions,
  at: { readonly host: string; readonly port: number },
): Promise<OperatorServer> {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const server = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: limits.requestMs,
    http: { connectionsCheckingInterval: 1_000 },
    forceCloseConnections: true,
  });
  server.server.maxConnections = limits.connections;
  server.setErrorHandler((error: Partial<FastifyError>, request, reply) => {
    const { status, ...body } = refusalOf(error);
    if (status === 500) options.onError?.(request.url, error);
    return reply.code(status).send(body);
  });
  server.setNotFoundHandler((request, reply) =>
    reply.code(404).send({ code: "operator/unknown-path", message: `There is no ${request.method} ${request.url}.` }),
  );
  for (const { path, operator } of options.operators) addOperator(server, path, operator, limits);
  const url = await server.listen(at);
  return { url, close: () => server.close() };
}

function addOperator(
  server: FastifyInstance,
  path: string,
  operator: OperatorClient,
  { concurrency, requestMs }: OperatorServerLimits,
): void {
  let working = 0;
  const certify = async (checkpoints: readonly Checkpoint[]): Promise<Certification> => {
    if (working >= concurrency) {
      throw new ParleyError("operator/busy", `It works on ${working} requests already.`, "Ask again later.");
    }
    working++; // until it is done, be it that nobody waits for it any more
    return await operator.certify(checkpoints).finally(() => working--);
  };
  server.post(`${path}/v1/certify`, async ({ body }, reply) => {
    const answer = await within(requestMs, certify(checkpointsOf(body)));
    return reply.type("application/json").send(formatAnswer(answer));
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

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What is told of an error: what is wrong with the request, but nothing of what is wrong inside. */
function refusalOf({ code, statusCode = 500, message = "" }: Partial<FastifyError>): Refused {
  if (code === "operator/bad-request") return { status: 400, code, message };
  if (code === "operator/busy" || code === "operator/timeout") return { status: 503, code, message };
  if (statusCode === 413) return { status: 413, code: "operator/too-large", message };
  if (statusCode >= 400 && statusCode < 500) return { status: 400, code: "operator/bad-request", message };
  return { status: 500, code: "operator/failed", message: "The operator failed; its own log says why." };
}
