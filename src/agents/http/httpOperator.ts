import { ParleyError } from "../../errors.ts";
import type { Checkpoint } from "../../wire/index.ts";
import type { Certification, OperatorClient } from "../operatorClient.ts";
import { formatRequest, parseAnswer } from "./certifyMessages.ts";
import { readAnswer } from "./readAnswer.ts";

const TIMEOUT = 10_000;

/** An operator that is asked over HTTP. What it answers is not trusted: who uses a signature recovers its signer. */
export class HttpOperator implements OperatorClient {
  readonly address: string;
  readonly url: string;

  /** @param url Of its interface, without the path of a request: `http://127.0.0.1:8600/operators/1`. */
  constructor({ address, url }: { readonly address: string; readonly url: string }) {
    this.address = address;
    this.url = url.replace(/\/+$/, "");
  }

  /** Rejects with `operator/unreachable` or `operator/bad-answer`. */
  async certify(checkpoints: readonly Checkpoint[]): Promise<Certification> {
    const { status, text } = await this.#post("/v1/certify", formatRequest(checkpoints));
    try {
      if (status !== 200) throw new Error(text.slice(0, 200));
      return parseAnswer(JSON.parse(text));
    } catch (cause) {
      throw new ParleyError(
        "operator/bad-answer",
        `The operator at ${this.url} answers with status ${status} and nothing of use: ${messageOf(cause)}`,
        "Check that the URL is that of an operator of this version.",
        { cause },
      );
    }
  }

  async #post(path: string, body: string): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(`${this.url}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body,
        // Whoever was named answers, and nobody to whom it points.
        redirect: "error",
        signal: AbortSignal.timeout(TIMEOUT),
      });
      return { status: response.status, text: await readAnswer(response) };
    } catch (cause) {
      throw new ParleyError(
        "operator/unreachable",
        `The operator at ${this.url} does not answer: ${messageOf(cause)}`,
        "Start it, or correct its URL.",
        { cause },
      );
    }
  }
}

/** What went wrong; `fetch` hides it in the cause. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}
