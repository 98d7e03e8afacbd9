import type { ContractTransactionResponse } from "ethers";

import { decodeCallError } from "../chain/decodeFailure.ts";
import { EIGENLAYER_INTERFACE } from "../chain/eigenlayer.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";

const ABIS = Object.values(EIGENLAYER_INTERFACE).map(({ fragments }) => fragments);

/** Sends a transaction and waits until it is in a block. Throws `operator/step-failed` with the contract's own reason. */
export async function transact(step: string, call: () => Promise<ContractTransactionResponse>): Promise<Hex> {
  try {
    const receipt = await (await call()).wait();
    if (receipt === null) throw new Error("the node has no receipt of the transaction");
    return receipt.hash;
  } catch (cause) {
    throw new ParleyError(
      "operator/step-failed",
      `The step "${step}" failed: ${decodeCallError(cause, ABIS).text}`,
      "What was done before stays done: put this right, and run the command again.",
      { cause },
    );
  }
}
