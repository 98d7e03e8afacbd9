import type { Provider } from "ethers";

import { amplyEstimated } from "../chain/amplyEstimated.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { classifyRefusal } from "./refusals.ts";
import type { AccountRef } from "./pendingTransactions.ts";
import { noFunds, wouldRevert } from "./sendingErrors.ts";
import type { Call } from "./transactionSender.ts";

/**
 * Tries a call out on the latest block; a quarter more gas than it takes. Throws `sending/would-revert` with the decoded reason,
 * `sending/no-funds`.
 */
export async function tryOut(provider: Provider, account: AccountRef, call: Call): Promise<bigint> {
  const { to, data, value = 0n } = call;
  try {
    return await amplyEstimated(provider, { from: account.address, to, data, value });
  } catch (error) {
    const refusal = classifyRefusal(error);
    if (refusal.kind === "insufficient-funds") throw noFunds(call.key, account, refusal);
    if (refusal.kind === "unavailable") throw error;
    throw wouldRevert(call.key, decodeCallError(error).text, error);
  }
}
