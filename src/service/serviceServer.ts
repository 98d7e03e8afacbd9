/** The HTTP side that services have in common: `/health`, `/status`, `/metrics`, limits, and errors as JSON, `{code, message}`. */
import rateLimit from "@fastify/rate-limit";
import { fastify, type FastifyError, type FastifyInstance } from "fastify";

import { ParleyError } from "../errors.ts";
import { BearerTokens } from "./bearerTokens.ts";
import { listenError } from "./listenError.ts";

/** How much a server takes on. */
export interface ServiceLimits {
  /** Bytes of a request's body. */
  readonly bodyBytes: number;
  /** Milliseconds in which a request, head and body, must have come. */
  readonly requestMs: number;
  /** Connections at once; more are closed. */
  readonly connections: number;
  /** Requests a minute of one address; 0: as many as come. */
  readonly requestsPerMinute: number;
}

export const SERVICE_LIMITS: ServiceLimits = {
  bodyBytes: 65_536,
  requestMs: 10_000,
  connections: 256,
  requestsPerMinute: 1_200,
};

export interface ServiceServerOptions {
  /** Of errors' codes: `operator/bad-request`. */
  readonly service: string;
  readonly limits?: Partial<ServiceLimits>;
  /** What is wrong now, for people; nothing if all is well. `/health` answers 200 then, and 503 otherwise. */
  readonly health?: () => readonly string[];
  /** What `/status` answers, as JSON; bigints become decimal strings. */
  readonly status?: () => unknown;
  /** What `/metrics` answers. */
  readonly metrics?: { text(): Promise<string> };
  /** If there are any, whoever asks for anything but health names one: `Authorization: Bearer …`. */
  readonly tokens?: readonly string[];
  /** The service's own paths. What they throw is answered by {@link statuses}. */
  readonly routes?: (server: FastifyInstance) => void;
  /** HTTP status of errors' codes; others are answered 500, and who asked is not told what they are. */
  readonly statuses?: Readonly<Record<string, number>>;
  /** Paths that need no token, beside `/health`. */
  readonly openPaths?: readonly string[];
  /** Hears what failed inside. */
  readonly onError?: (path: string, error: unknown) => void;
}

/** A server that listens. */
export interface ServiceServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves a service. Throws `service/port-in-use`, `service/port-refused`.
 * @param at Port 0 is one that the system gives.
 */
export async function serve(
  options: ServiceServerOptions,
  at: { readonly host: string; readonly port: number },
): Promise<ServiceServer> {
  const { service, health, status, metrics } = options;
  const limits = { ...SERVICE_LIMITS, ...options.limits };
  const { requestMs } = limits;
  const server = fastify({
    bodyLimit: limits.bodyBytes,
    requestTimeout: requestMs,
    connectionTimeout: 3 * requestMs, // silent in both directions: who does not read its answer
    keepAliveTimeout: requestMs,
    maxRequestsPerSocket: 10_000,
    http: {
      headersTimeout: requestMs,
      requestTimeout: requestMs,
      connectionsCheckingInterval: Math.min(1_000, requestMs),
    },
    forceCloseConnections: true,
  });
  server.server.maxConnections = limits.connections;
  server.setErrorHandler((error: Partial<FastifyError>, request, reply) => {
    const { status: code, ...body } = refusalOf(error, options);
    if (code === 500) options.onError?.(request.url, error);
    return reply.code(code).send(body);
  });
  if (limits.requestsPerMinute > 0) {
    await server.register(rateLimit, { max: limits.requestsPerMinute, timeWindow: 60_000 });
  }
  requireTokens(server, options);
  const unknown = { preHandler: limits.requestsPerMinute > 0 ? [server.rateLimit()] : [] };
  server.setNotFoundHandler(unknown, (request, reply) =>
    reply.code(404).send({ code: `${service}/unknown-path`, message: `There is no ${request.method} ${request.url}.` }),
  );

  if (health !== undefined) {
    server.get("/health", (_, reply) => {
      const problems = health();
      return reply.code(problems.length === 0 ? 200 : 503).send({ healthy: problems.length === 0, problems });
    });
  }
  if (status !== undefined) {
    server.get("/status", async (_, reply) => reply.type("application/json").send(toJson(await status())));
  }
  if (metrics !== undefined) {
    server.get("/metrics", async (_, reply) => reply.type("text/plain; version=0.0.4").send(await metrics.text()));
  }
  options.routes?.(server);
  const url = await server.listen(at).catch(async (cause: unknown) => {
    await server.close();
    throw listenError(service, at, cause);
  });
  return { url, close: () => server.close() };
}

/** Answers 401 to whoever names no token. */
function requireTokens(
  server: FastifyInstance,
  { service, tokens = [], openPaths = [] }: Pick<ServiceServerOptions, "service" | "tokens" | "openPaths">,
): void {
  if (tokens.length === 0) return;
  const known = new BearerTokens(tokens);
  const open = new Set(["/health", ...openPaths]);
  // After the limit on the rate, before the body is read.
  server.addHook("preParsing", async (request, reply) => {
    if (open.has(request.routeOptions.url ?? "") || known.accepts(request.headers.authorization)) return;
    const message = "Name a token that this service knows: Authorization: Bearer <token>.";
    await reply
      .code(401)
      .header("www-authenticate", "Bearer")
      .send({ code: `${service}/unauthorized`, message });
  });
}

interface Refused {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** What is told of an error: what is wrong with the request, but nothing of what is wrong inside. */
function refusalOf(error: Partial<FastifyError>, { service, statuses = {} }: ServiceServerOptions): Refused {
  const { code = "", statusCode = 500, message = "" } = error;
  if (error instanceof ParleyError) {
    const status = Object.hasOwn(statuses, code) ? statuses[code] : undefined;
    if (status !== undefined) return { status, code, message };
  } else if (statusCode === 413) return { status: 413, code: `${service}/too-large`, message };
  else if (statusCode === 429) return { status: 429, code: `${service}/too-many-requests`, message };
  else if (statusCode >= 400 && statusCode < 500) return { status: 400, code: `${service}/bad-request`, message };
  return { status: 500, code: `${service}/failed`, message: `The ${service} failed; its own log says why.` };
}

const toJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === "bigint" ? String(inner) : inner));
