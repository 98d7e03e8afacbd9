/**
 * A Nitro chain on two simulated chains. Real: Bridge, Inbox and Outbox of @arbitrum/nitro-contracts, behind proxies. Played: the
 * sequencer with ArbOS (tickets.ts), ArbSys (contracts/test/ArbSysStandIn.sol), and the rollup contract, by an account that confirms
 * what the chain sent without a challenge.
 */
import { keccak256, ZeroHash, type Contract } from "ethers";

import { ticketId } from "../../../src/stacks/legs/arbitrumTicket.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { ARB_SYS, call, deployOutbox, deployParent, placeArbSys, type ParentContracts } from "./arbitrum/contracts.ts";
import { readSends, sendProof, sendRoot, type Send } from "./arbitrum/sends.ts";
import { decodeTicket, Tickets, type Attempt, type Ticket } from "./arbitrum/tickets.ts";
import type { ConnectionLike } from "./connection.ts";

const SUBMIT_RETRYABLE = 9n;

export class ArbitrumPair {
  /** Where the chain's contracts are. */
  readonly addresses: {
    readonly parent: { bridge: string; inbox: string; outbox: string };
    readonly child: { arbSys: string };
  };
  readonly tickets: Tickets;
  /** Everything that the rollup sent up, in order, as far as `confirm` has seen it. */
  readonly sends: Send[] = [];
  /** What the first attempts of the last `down` came to; undefined where none was made. */
  attempts: (Attempt | undefined)[] = [];
  /** Transactions of the last `up` that executed something. */
  executions: Hex[] = [];
  #pending: Send[] = [];
  #queuedFrom: number;
  #sentFrom: number;

  private constructor(
    private readonly l1: ConnectionLike,
    private readonly rollup: ConnectionLike,
    readonly parent: ParentContracts,
    private readonly arbSys: Contract,
    parentAddresses: { bridge: string; inbox: string; outbox: string },
    blocks: { l1: number; rollup: number },
  ) {
    this.addresses = { parent: parentAddresses, child: { arbSys: ARB_SYS } };
    this.tickets = new Tickets(rollup);
    this.#queuedFrom = blocks.l1;
    this.#sentFrom = blocks.rollup;
  }

  /** Puts the chain's contracts onto both chains. */
  static async place(l1: ConnectionLike, rollup: ConnectionLike): Promise<ArbitrumPair> {
    const parent = await deployParent(l1);
    const arbSys = await placeArbSys(rollup);
    const [bridge, inbox, outbox] = [
      await parent.bridge.getAddress(),
      await parent.inbox.getAddress(),
      await parent.outbox.getAddress(),
    ];
    const blocks = {
      l1: await l1.ethers.provider.getBlockNumber(),
      rollup: await rollup.ethers.provider.getBlockNumber(),
    };
    return new ArbitrumPair(l1, rollup, parent, arbSys, { bridge, inbox, outbox }, blocks);
  }

  /** Plays the sequencer: submits the tickets that were made since the last call. Answers how many there were. */
  async down(): Promise<number> {
    const queued = await this.queued();
    this.#queuedFrom = (await this.l1.ethers.provider.getBlockNumber()) + 1;
    this.attempts = [];
    const { chainId } = await this.rollup.ethers.provider.getNetwork();
    for (const { ticket, l1BaseFee, packed } of queued) {
      const { number, from: sender } = ticket;
      const id = ticketId({ chainId, number, sender, l1BaseFee, packed });
      this.attempts.push(await this.tickets.submit(ticket, l1BaseFee, id));
    }
    return queued.length;
  }

  /** Tickets that were made since the last `down`, and the parent chain's base fee then. */
  async queued(): Promise<{ ticket: Ticket; l1BaseFee: bigint; packed: Hex }[]> {
    const { bridge, inbox } = this.parent;
    const contents = new Map<bigint, Hex>();
    for (const log of await inbox.queryFilter("InboxMessageDelivered", this.#queuedFrom)) {
      const [number, data] = inbox.interface
        .decodeEventLog("InboxMessageDelivered", log.data, log.topics)
        .toArray() as [bigint, Hex];
      contents.set(number, data);
    }
    return (await bridge.queryFilter("MessageDelivered", this.#queuedFrom)).map((log) => {
      const [number, , , kind, sender, dataHash, l1BaseFee] = bridge.interface
        .decodeEventLog("MessageDelivered", log.data, log.topics)
        .toArray() as [bigint, Hex, string, bigint, string, Hex, bigint];
      const data = contents.get(number) ?? "0x";
      if (kind !== SUBMIT_RETRYABLE || keccak256(data) !== dataHash) {
        throw new Error(`Message ${number} of the Inbox makes no ticket: not played.`);
      }
      return { ticket: decodeTicket(number, sender, data), l1BaseFee, packed: data };
    });
  }

  /**
   * Plays prover and time: confirms what the rollup sent since the last call, and executes it on L1. Answers how much was executed;
   * what reverts is tried again at the next call.
   */
  async up(): Promise<number> {
    await this.confirm();
    const waiting = this.#pending;
    [this.#pending, this.executions] = [[], []];
    for (const send of waiting) {
      const hash = await this.execute(send).catch(() => undefined);
      if (hash === undefined) this.#pending.push(send);
      else this.executions.push(hash);
    }
    return this.executions.length;
  }

  /** Puts the root over all that the rollup sent onto L1. Answers what is new. */
  async confirm(): Promise<Send[]> {
    const sent = await readSends(this.arbSys, this.#sentFrom);
    const { hash, number } = (await this.rollup.ethers.provider.getBlock("latest"))!;
    this.#sentFrom = number + 1;
    this.sends.push(...sent);
    this.#pending.push(...sent);
    if (sent.length !== 0) await this.#updateRoot(hash!);
    return sent;
  }

  /** `Outbox.executeTransaction`, by anyone, with the proof under the root that was confirmed last. */
  async execute(send: Send, gasLimit?: bigint): Promise<Hex> {
    const proof = sendProof(this.#hashes(), Number(send.position));
    const [executor] = await this.l1.ethers.getSigners();
    const overrides = gasLimit === undefined ? {} : { gasLimit };
    return call(this.parent.outbox, executor!, "executeTransaction", proof, send.position, ...send.fields, overrides);
  }

  /** Whether something was executed. */
  async isSpent({ position }: Send): Promise<boolean> {
    return Boolean(await this.parent.outbox.getFunction("isSpent").staticCall(position));
  }

  /** Plays the chain's owner: a new Outbox takes the place of the one that there is, with the roots confirmed so far. */
  async replaceOutbox(): Promise<Contract> {
    const { bridge, prover } = this.parent;
    const outbox = await deployOutbox(this.l1, bridge);
    await call(bridge, prover, "setOutbox", this.parent.outbox, false);
    await call(bridge, prover, "setOutbox", outbox, true);
    const { hash } = (await this.rollup.ethers.provider.getBlock("latest"))!;
    await call(outbox, prover, "updateSendRoot", sendRoot(this.#hashes()), hash);
    return outbox;
  }

  /** What the chain had sent by a block of it, as far as `confirm` has seen it. */
  sentBy(block: number): { sendCount: bigint; sendRoot: Hex } {
    // The third field is the block in which it was sent.
    const hashes = this.sends.filter(({ fields }) => fields[2] <= block).map(({ hash }) => hash);
    return { sendCount: BigInt(hashes.length), sendRoot: hashes.length === 0 ? ZeroHash : sendRoot(hashes) };
  }

  /** As `NodeInterface.constructOutboxProof` answers. */
  outboxProof(size: bigint, leaf: bigint): { send: Hex; root: Hex; proof: Hex[] } {
    const hashes = this.#hashes().slice(0, Number(size));
    return { send: hashes[Number(leaf)]!, root: sendRoot(hashes), proof: sendProof(hashes, Number(leaf)) };
  }

  /** The proof of something that was sent, under the root that was confirmed last. */
  proofOf = (send: Send): Hex[] => sendProof(this.#hashes(), Number(send.position));

  /** Remembers how far it got, for who takes the chains back to where they are; answers how to go back. */
  remember(): () => void {
    const state = {
      sends: [...this.sends],
      pending: [...this.#pending],
      queued: this.#queuedFrom,
      sent: this.#sentFrom,
    };
    const resetTickets = this.tickets.remember();
    return () => {
      this.sends.splice(0, this.sends.length, ...state.sends);
      this.#pending = [...state.pending];
      this.#queuedFrom = state.queued;
      this.#sentFrom = state.sent;
      resetTickets();
    };
  }

  #hashes(): Hex[] {
    return this.sends.map(({ hash }) => hash);
  }

  async #updateRoot(blockHash: Hex): Promise<void> {
    await call(this.parent.outbox, this.parent.prover, "updateSendRoot", sendRoot(this.#hashes()), blockHash);
  }
}
