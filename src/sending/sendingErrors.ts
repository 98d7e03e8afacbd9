import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import type { AccountRef, PendingTransaction } from "./pendingTransactions.ts";
import type { NodeRefusal } from "./refusals.ts";

const AGAIN = "Ask again: what is still to be done is read from the chain.";

/** The call would revert now, so it was not sent. */
export const wouldRevert = (key: string, reason: string, cause: unknown): ParleyError =>
  new ParleyError("sending/would-revert", `${key} would revert: ${reason}`, `Nothing was sent. ${AGAIN}`, { cause });

/** It is in a block, and reverted there. */
export const reverted = (key: string, hash: Hex): ParleyError =>
  new ParleyError(
    "sending/reverted",
    `${key}: transaction ${hash} reverted, although it did not when it was tried out`,
    AGAIN,
  );

/** The account cannot pay for it. */
export const noFunds = (key: string, { chainId, address }: AccountRef, refusal: NodeRefusal): ParleyError =>
  new ParleyError(
    "sending/no-funds",
    `${key}: ${address} has too little on chain ${chainId}: ${refusal.text}`,
    "Send it some; what waits is sent then.",
  );

/** The chain asks for more than the account may pay. */
export const tooDear = (key: string, price: bigint, ceiling: bigint | undefined): ParleyError =>
  new ParleyError(
    "sending/fee-ceiling",
    `${key}: the chain asks for ${price} wei a unit of gas, and at most ${ceiling ?? 0n} is to be paid`,
    "Wait until gas is cheaper, or raise the ceiling.",
  );

/** Something else used its nonce, so it will never be in a block. */
export const displaced = (key: string, { address }: AccountRef, { nonce }: PendingTransaction): ParleyError =>
  new ParleyError(
    "sending/displaced",
    `${key}: another transaction of ${address} took nonce ${nonce}`,
    `Use the account for one process alone. ${AGAIN}`,
  );

/** The node will not take it. */
export const refused = (key: string, { kind, text }: NodeRefusal): ParleyError =>
  new ParleyError("sending/refused", `${key}: the node refuses it (${kind}): ${text}`, AGAIN);

/** It was sent and is in no block yet; it is looked after further. */
export const stillPending = (key: string, seconds: number): ParleyError =>
  new ParleyError(
    "sending/pending",
    `${key}: it is in no block after ${seconds} s`,
    "It stays on its way, and pays more as time goes by, up to the ceiling. Look at the chain and at the ceiling.",
  );

/** No more is sent. */
export const stopped = (key: string): ParleyError =>
  new ParleyError("sending/stopped", `${key}: this process is stopping, and sends nothing more`, "Start it again.");
