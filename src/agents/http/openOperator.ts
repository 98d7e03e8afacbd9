import { isAddress } from "ethers";
import { z } from "zod";

import { ParleyError } from "../../errors.ts";
import { HttpOperator } from "./httpOperator.ts";
import { readAnswer } from "./readAnswer.ts";

const TIMEOUT = 5_000;

const Health = z.object({ address: z.string().refine((value): boolean => isAddress(value), "is no address") });

/**
 * The operator at a URL, by the address that it says is its own; whoever uses its signatures recovers their signer. Throws
 * `operator/unreachable`, `operator/bad-answer`.
 */
export async function openOperator(url: string): Promise<HttpOperator> {
  const base = url.replace(/\/+$/, "");
  const text = await fetchText(`${base}/v1/health`, url);
  try {
    return new HttpOperator({ ...Health.parse(JSON.parse(text)), url: base });
  } catch (cause) {
    throw new ParleyError(
      "operator/bad-answer",
      `What answers at ${url} is no operator of this version.`,
      "Give the URL of an operator, as the addresses file of a devnet names them.",
      { cause },
    );
  }
}

async function fetchText(address: string, url: string): Promise<string> {
  try {
    return await readAnswer(await fetch(address, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT) }));
  } catch (cause) {
    throw new ParleyError(
      "operator/unreachable",
      `The operator at ${url} does not answer.`,
      "Start it, or correct its URL.",
      { cause },
    );
  }
}
