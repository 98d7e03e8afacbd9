import type { Signer, TransactionReceipt } from "ethers";

import type { Fees } from "../chain/feesNow.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";

/** A call to be made by a transaction. */
export type Call = {
  /** What it is for. While one with this key is on its way no second is sent: whoever asks gets the first one's outcome. */
  readonly key: string;
  /** Ids of the things it does, by which others see that they are on their way. */
  readonly covers?: readonly string[];
  readonly to: string;
  readonly data: Hex;
  /** Wei; none by default. */
  readonly value?: bigint;
  /** Where the caller has tried the call out and knows; by default it is tried out, and gets a quarter more than that takes. */
  readonly gasLimit?: bigint;
  /** Fees with which the value was reckoned; what sees to fees itself may name others. */
  readonly fees?: Fees;
};

/** Makes calls by transactions of one account on one chain. */
export interface TransactionSender {
  /** How many transactions it has on their way at once. */
  readonly width: number;
  /**
   * Answers once the transaction is in a block. Rejects with what the node says, or a `ParleyError`, if it will not be, or
   * reverted there.
   */
  send(call: Call): Promise<TransactionReceipt>;
  /** Ids of the things that transactions on their way do. */
  onTheirWay(): ReadonlySet<string>;
}

/**
 * One transaction after the other through a signer, which sees to nonces and fees itself: for simulated chains and single
 * commands. A process that runs for long takes a `Sender`.
 */
export function directSender(signer: Signer): TransactionSender {
  return {
    width: 1,
    onTheirWay: () => new Set(),
    send: async ({ to, data, value, gasLimit, fees }) => {
      const response = await signer.sendTransaction({
        ...{ to, data },
        ...(value === undefined ? {} : { value }),
        ...(gasLimit === undefined ? {} : { gasLimit }),
        ...(fees ?? {}),
      });
      const receipt = await response.wait();
      if (receipt === null) throw noReceipt(response.hash);
      return receipt;
    },
  };
}

const noReceipt = (hash: Hex): ParleyError =>
  new ParleyError(
    "sending/no-receipt",
    `the node has no receipt of ${hash}`,
    "Look at the node, then run this again: it reads from the chain what is still to be done.",
  );
