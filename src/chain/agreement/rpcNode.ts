import { z } from "zod";

import { ParleyError } from "../../errors.ts";
import { readWithin } from "./readWithin.ts";

/** What a node says at most: more than any answer that is asked for here. */
const MAX_ANSWER = 64 * 1_024 * 1_024;

const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string() }).optional(),
});

/** A node that is asked JSON-RPC, one question a request. */
export interface RpcNode {
  /** Where it is, for people: nothing secret of its URL. */
  readonly at: string;
  /** Rejects with `node/failed` if it does not answer in time, or answers with an error. */
  ask(method: string, params: readonly unknown[]): Promise<unknown>;
}

export interface HttpNodeOptions {
  /** With user and password in it if the node wants them. */
  readonly url: string;
  /** What its answers count for. A node of another chain fails, whatever it is asked. */
  readonly chainId: bigint;
  /** Milliseconds in which it must answer. */
  readonly timeoutMs: number;
}

/** A node behind a URL. */
export class HttpNode implements RpcNode {
  readonly at: string;
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #chainId: bigint;
  readonly #timeoutMs: number;
  #isRightChain: Promise<void> | undefined;
  #asked = 0;

  constructor({ url, chainId, timeoutMs }: HttpNodeOptions) {
    const parsed = new URL(url);
    const { username, password } = parsed;
    parsed.username = parsed.password = "";
    this.at = parsed.origin;
    this.#url = parsed.href;
    this.#headers = {
      "content-type": "application/json",
      ...(username === "" ? {} : { authorization: `Basic ${basic(username, password)}` }),
    };
    this.#chainId = chainId;
    this.#timeoutMs = timeoutMs;
  }

  async ask(method: string, params: readonly unknown[]): Promise<unknown> {
    this.#isRightChain ??= this.#checkChain();
    try {
      await this.#isRightChain;
    } catch (error) {
      this.#isRightChain = undefined; // it may be mended by the next question
      throw error;
    }
    return await this.#ask(method, params);
  }

  async #checkChain(): Promise<void> {
    const chainId = await this.#ask("eth_chainId", []);
    if (typeof chainId === "string" && /^0x[0-9a-f]{1,64}$/i.test(chainId) && BigInt(chainId) === this.#chainId) return;
    throw failed(this.at, `it is one of chain ${JSON.stringify(chainId)}, not ${this.#chainId}`);
  }

  async #ask(method: string, params: readonly unknown[]): Promise<unknown> {
    const { result, error } = await this.#post(method, params);
    if (error !== undefined) throw failed(this.at, `${method}: ${error.message.slice(0, 200)} (${error.code})`);
    if (result === undefined) throw failed(this.at, `${method}: it answers neither a result nor an error`);
    return result;
  }

  async #post(method: string, params: readonly unknown[]): Promise<z.infer<typeof Answer>> {
    const body = JSON.stringify({ jsonrpc: "2.0", id: ++this.#asked, method, params });
    try {
      const signal = AbortSignal.timeout(this.#timeoutMs);
      // A node that sends one elsewhere is not the one that was named.
      const response = await fetch(this.#url, {
        method: "POST",
        headers: this.#headers,
        body,
        signal,
        redirect: "error",
      });
      return Answer.parse(JSON.parse(await readWithin(response, MAX_ANSWER)));
    } catch (cause) {
      throw failed(this.at, `${method}: ${textOf(cause, this.#timeoutMs)}`);
    }
  }
}

const basic = (user: string, password: string): string =>
  Buffer.from(`${decodeURIComponent(user)}:${decodeURIComponent(password)}`).toString("base64");

/** What went wrong, without the URL: it may hold a key. `fetch` hides the reason in the cause. */
function textOf(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return `no answer within ${timeoutMs} ms`;
  if (error instanceof z.ZodError || error instanceof SyntaxError) return "its answer is no JSON-RPC";
  return error.cause instanceof Error && "code" in error.cause ? String(error.cause.code) : error.name;
}

const failed = (at: string, reason: string): ParleyError =>
  new ParleyError("node/failed", `the node at ${at} fails: ${reason}`, "Start it, or correct its URL.");
