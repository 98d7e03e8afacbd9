import { decodeCallError } from "../chain/decodeFailure.ts";
import { feesNow } from "../chain/feesNow.ts";
import { senderOf, type Payer } from "../agents/relaying/types.ts";
import { ParleyError } from "../errors.ts";
import type { StackCall } from "../stacks/index.ts";
import type { Hex } from "../wire/index.ts";

/** A quarter more gas than was estimated. */
const MARGIN = [5n, 4n] as const;

/**
 * Sends a transaction and waits until it is in a block. Throws `settle/refused` where the chain would refuse it, `account/no-funds`,
 * `settle/not-sent`.
 */
export async function sendCall(call: StackCall, payer: Payer): Promise<Hex> {
  const { at, title, to, data, value, estimateAs } = call;
  const account = await payer.signer.getAddress();
  await requireFunds(at, account, value);
  const gas = await at.provider
    .estimateGas({ from: estimateAs ?? account, to, data, value })
    .catch((cause: unknown) => {
      const reason = decodeCallError(cause).text;
      if (/funds/i.test(reason)) throw noFunds(at.name, account, value);
      throw new ParleyError(
        "settle/refused",
        `On ${at.name} "${title}" would be refused: ${reason}`,
        "Nothing was sent. Run this again: it reads anew what is to be done.",
        { cause },
      );
    });
  try {
    const gasLimit = (gas * MARGIN[0]) / MARGIN[1];
    // What a stack asks for follows from the price of gas.
    const fees = value === 0n ? {} : { fees: await feesNow(at.provider) };
    const key = `${at.name}: ${title}`;
    const { hash } = await senderOf(payer).send({ key, to, data, value, gasLimit, ...fees });
    return hash;
  } catch (cause) {
    const reason = decodeCallError(cause).text;
    if (/funds/i.test(reason)) throw noFunds(at.name, account, value);
    throw new ParleyError(
      "settle/not-sent",
      `On ${at.name} "${title}" failed: ${reason}`,
      "Run this again: it goes on from what the chains show, and sends nothing twice.",
      { cause },
    );
  }
}

/** Throws `account/no-funds` if an account cannot even send a value. */
export async function requireFunds(
  { provider, name }: Pick<StackCall["at"], "provider" | "name">,
  account: string,
  value: bigint,
): Promise<void> {
  if ((await provider.getBalance(account)) <= value) throw noFunds(name, account, value);
}

const noFunds = (chain: string, account: string, value: bigint): ParleyError =>
  new ParleyError(
    "account/no-funds",
    `${account} has too little on ${chain}: the transaction takes ${value} wei, and gas.`,
    "Send it some, or name another account with --account; then run this again.",
  );
