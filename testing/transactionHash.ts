import { isHexString } from "ethers";

import { ParleyError } from "../src/errors.ts";
import type { Hex } from "../src/wire/index.ts";

/** A transaction as tests have it: what a contract's method answers, its receipt, or its hash. */
export type TransactionLike = Hex | { readonly hash: Hex };

/** A transaction's hash. Throws `devnet/no-transaction`. */
export function hashOf(transaction: unknown): Hex {
  const hash =
    typeof transaction === "object" && transaction !== null && "hash" in transaction ? transaction.hash : transaction;
  if (isHexString(hash, 32)) return hash.toLowerCase();
  throw new ParleyError(
    "devnet/no-transaction",
    `${String(transaction)} is no transaction.`,
    "Give what a contract's method answers, a receipt, or a transaction's hash.",
  );
}
