/**
 * Retryable tickets as ArbOS handles them (nitro, arbos/tx_processor.go, precompiles/ArbRetryableTx.go): what each submission mints,
 * takes and refunds, its first attempt, and what anyone may do with a ticket afterwards. Calls with value are not played.
 */
import { dataSlice, getAddress, toBigInt } from "ethers";

import { addressOf } from "../../../../src/testing/cheats.ts";
import type { Hex } from "../../../../src/wire/index.ts";
import type { ConnectionLike } from "../connection.ts";

/** Seconds for which a ticket can be redeemed. */
export const TICKET_LIFETIME = 7n * 86_400n;

const TX_GAS = 21_000n;
const WORD = 32;

/** Where the chain's fees go. */
const NETWORK_FEES = addressOf("parley arbitrum network fees");

/** A call that waits on the rollup. */
export interface Ticket {
  /** Number of the message that brought it. */
  readonly number: bigint;
  /** Who calls: the alias of who made the ticket. */
  readonly from: string;
  readonly to: string;
  readonly data: Hex;
  /** Who alone may cancel it. */
  readonly beneficiary: string;
  readonly feeRefund: string;
  /** Wei that came along, and what was promised of it. */
  readonly deposit: bigint;
  readonly maxSubmissionCost: bigint;
  readonly gasLimit: bigint;
  readonly maxFeePerGas: bigint;
}

/** Decodes the data of a submission as the Inbox packs it. */
export function decodeTicket(number: bigint, from: string, packed: Hex): Ticket {
  const word = (i: number): bigint => toBigInt(dataSlice(packed, i * WORD, (i + 1) * WORD));
  const address = (i: number): string => getAddress(dataSlice(packed, i * WORD + 12, (i + 1) * WORD));
  if (word(1) !== 0n) throw new Error("A ticket whose call has value: not played.");
  return {
    number,
    from: getAddress(from),
    to: address(0),
    deposit: word(2),
    maxSubmissionCost: word(3),
    feeRefund: address(4),
    beneficiary: address(5),
    gasLimit: word(6),
    maxFeePerGas: word(7),
    data: dataSlice(packed, 9 * WORD, 9 * WORD + Number(word(8))),
  };
}

/** What became of an attempt. */
export interface Attempt {
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

export class Tickets {
  /** Price of gas on the rollup, wei: Arbitrum One's least. */
  baseFee = 10_000_000n;

  /** Tickets that wait, and until when, by number. */
  readonly #waiting = new Map<bigint, { ticket: Ticket; timeout: bigint }>();

  /** Submissions that were made, by the tickets' ids: the tickets' numbers, and the block. */
  readonly #submitted = new Map<Hex, { number: bigint; block: number }>();

  constructor(private readonly rollup: ConnectionLike) {}

  /** Takes a submission, and makes the first attempt if its gas is paid for. */
  async submit(ticket: Ticket, l1BaseFee: bigint, id: Hex): Promise<Attempt | undefined> {
    const { from, feeRefund, gasLimit, maxFeePerGas } = ticket;
    let refundable = ticket.deposit;
    const refund = async (payer: string, amount: bigint): Promise<void> => {
      const taken = amount < refundable ? amount : refundable;
      refundable -= taken;
      await this.#move(payer, feeRefund, taken);
    };
    await this.#mint(from, ticket.deposit);
    const submission = (1_400n + 6n * BigInt((ticket.data.length - 2) / 2)) * l1BaseFee;
    if (ticket.maxSubmissionCost < submission)
      throw new Error("The Inbox let a submission through that is not paid for.");
    await this.#move(from, NETWORK_FEES, submission);
    refundable -= submission;
    await refund(from, ticket.maxSubmissionCost - submission);
    const timeout = BigInt(await this.rollup.networkHelpers.time.latest()) + TICKET_LIFETIME;
    this.#waiting.set(ticket.number, { ticket, timeout });
    this.#submitted.set(id, { number: ticket.number, block: await this.rollup.ethers.provider.getBlockNumber() });

    const mostGasCost = gasLimit * maxFeePerGas;
    const balance = await this.rollup.ethers.provider.getBalance(from);
    if (balance < mostGasCost || gasLimit < TX_GAS || maxFeePerGas < this.baseFee) {
      await refund(from, mostGasCost);
      return undefined;
    }
    await this.#move(from, NETWORK_FEES, gasLimit * this.baseFee);
    await refund(from, (maxFeePerGas - this.baseFee) * gasLimit);
    const attempt = await this.#attempt(ticket, gasLimit);
    // What the first attempt used was paid above; a success gives the submission's cost back too.
    refundable += submission;
    if (attempt.succeeded) await refund(NETWORK_FEES, submission);
    await refund(NETWORK_FEES, (gasLimit - attempt.gasUsed) * this.baseFee);
    return attempt;
  }

  /** Tickets that can be redeemed now. */
  async waiting(): Promise<Ticket[]> {
    const now = BigInt(await this.rollup.networkHelpers.time.latest());
    return [...this.#waiting.values()].filter(({ timeout }) => now < timeout).map(({ ticket }) => ticket);
  }

  /** The submission that made a ticket. */
  submission = (id: Hex): { number: bigint; block: number } | undefined => this.#submitted.get(id);

  /** `ArbRetryableTx.getTimeout`; undefined where that reverts. */
  async timeoutOf(id: Hex): Promise<bigint | undefined> {
    const number = this.#submitted.get(id)?.number;
    if (number === undefined || (await this.#find(number)) === undefined) return undefined;
    return this.#waiting.get(number)?.timeout;
  }

  /** `ArbRetryableTx.redeem`, which anyone may call, with the gas that is left for the attempt; nothing without such a ticket. */
  async redeem(number: bigint, gas: bigint): Promise<Attempt | undefined> {
    const ticket = await this.#find(number);
    return ticket && this.#attempt(ticket, gas);
  }

  /** `ArbRetryableTx.cancel`; answers whether the ticket is cancelled: by its beneficiary alone. */
  async cancel(number: bigint, caller: string): Promise<boolean> {
    const ticket = await this.#find(number);
    return ticket !== undefined && getAddress(caller) === ticket.beneficiary && this.#waiting.delete(number);
  }

  async #find(number: bigint): Promise<Ticket | undefined> {
    return (await this.waiting()).find((candidate) => candidate.number === number);
  }

  /** Makes a ticket's call; the ticket is gone if it succeeds. */
  async #attempt({ number, from, to, data }: Ticket, gas: bigint): Promise<Attempt> {
    const { ethers, networkHelpers } = this.rollup;
    const before = await ethers.provider.getBalance(from);
    // Gas is paid for apart, at the price that is played.
    await networkHelpers.setBalance(from, 10n ** 24n);
    await networkHelpers.impersonateAccount(from);
    const sender = await ethers.getSigner(from);
    // A failing transaction is in a block too, the last one.
    await sender.sendTransaction({ to, data, gasLimit: gas }).catch(() => undefined);
    await networkHelpers.stopImpersonatingAccount(from);
    await networkHelpers.setBalance(from, before);
    const block = await ethers.provider.getBlock("latest");
    const receipt = await ethers.provider.getTransactionReceipt(block?.transactions[0] ?? "");
    if (receipt?.from !== from) throw new Error(`The rollup did not take the attempt of ticket ${number}.`);
    const succeeded = receipt.status === 1;
    if (succeeded) this.#waiting.delete(number);
    return { succeeded, gasUsed: receipt.gasUsed };
  }

  async #mint(account: string, amount: bigint): Promise<void> {
    const balance = await this.rollup.ethers.provider.getBalance(account);
    await this.rollup.networkHelpers.setBalance(account, balance + amount);
  }

  async #move(from: string, to: string, amount: bigint): Promise<void> {
    const balance = await this.rollup.ethers.provider.getBalance(from);
    if (balance < amount) throw new Error(`${from} has ${balance} wei, and is to pay ${amount}.`);
    await this.rollup.networkHelpers.setBalance(from, balance - amount);
    await this.#mint(to, amount);
  }

  /** Remembers which tickets wait; answers how to go back there. */
  remember(): () => void {
    const remembered = [...this.#waiting];
    return () => {
      this.#waiting.clear();
      for (const [number, ticket] of remembered) this.#waiting.set(number, ticket);
    };
  }
}
