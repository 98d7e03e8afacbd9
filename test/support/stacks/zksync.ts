/**
 * A ZK Stack chain on two simulated chains. Played, all of it, by code that follows era-contracts' own: Bridgehub with Mailbox
 * (contracts/test/zksync/BridgehubStandIn.sol), the L1Messenger (L1MessengerStandIn.sol), the sequencer with its bootloader
 * (zksync/bootloader.ts), and who commits, proves and executes batches (zksync/logTree.ts).
 */
import { AbiCoder } from "ethers";

import type { Hex } from "../../../src/wire/index.ts";
import type { BridgehubStandIn, IZksyncParentEnd, L1MessengerStandIn } from "../../../types/ethers-contracts/index.js";
import type { ConnectionLike } from "./connection.ts";
import { execute, readTransaction, type Execution, type PriorityTransaction } from "./zksync/bootloader.ts";
import { batchRoot, L1_MESSENGER, logOf, proofOf } from "./zksync/logTree.ts";

/** How ZK Stack calls ether. */
export const ETHER_TOKEN = "0x0000000000000000000000000000000000000001";

/** What the chain said to L1, and where. */
export interface Message {
  readonly batch: bigint;
  readonly index: number;
  readonly txNumberInBatch: bigint;
  readonly sender: string;
  readonly data: Hex;
  /** The transaction that said it. */
  readonly txHash: Hex;
}

const coder = AbiCoder.defaultAbiCoder();

/** What an end of a bridge says: the contract on L1 that it is for, and the items. */
export function readMessage({ data }: Pick<Message, "data">): { addressee: string; items: Hex[] } {
  const [addressee, items] = coder.decode(["address", "bytes[]"], data);
  return { addressee: String(addressee), items: [...(items as string[])] };
}

type Progress = {
  queuedFrom: number;
  sentFrom: number;
  pending: Message[];
  sealed: Message[];
  batches: Hex[][];
  /** What L1 queued and was executed: transactions of the simulated chain, by the hashes that the Mailbox names. */
  executed: Map<Hex, Hex>;
};

export class ZksyncPair {
  /** Where the stack's contracts are. */
  readonly addresses: {
    readonly parent: { readonly bridgehub: string };
    readonly child: { readonly l1Messenger: string };
  };
  /** What the last `down` executed, in order. */
  executions: Execution[] = [];
  #progress: Progress;

  private constructor(
    private readonly l1: ConnectionLike,
    private readonly rollup: ConnectionLike,
    readonly chainId: bigint,
    readonly bridgehub: BridgehubStandIn,
    readonly messenger: L1MessengerStandIn,
    bridgehubAddress: string,
    blocks: { l1: number; rollup: number },
  ) {
    this.addresses = { parent: { bridgehub: bridgehubAddress }, child: { l1Messenger: L1_MESSENGER } };
    this.#progress = {
      queuedFrom: blocks.l1,
      sentFrom: blocks.rollup,
      pending: [],
      sealed: [],
      batches: [],
      executed: new Map(),
    };
  }

  /** Puts the stack's contracts onto both chains. */
  static async place(l1: ConnectionLike, rollup: ConnectionLike): Promise<ZksyncPair> {
    const { chainId } = await rollup.ethers.provider.getNetwork();
    const bridgehub = await l1.ethers.deployContract("BridgehubStandIn");
    await bridgehub.addChain(chainId, ETHER_TOKEN);
    const standIn = await rollup.ethers.deployContract("L1MessengerStandIn");
    await rollup.networkHelpers.setCode(L1_MESSENGER, await rollup.ethers.provider.getCode(standIn));
    const messenger = await rollup.ethers.getContractAt("L1MessengerStandIn", L1_MESSENGER);
    const blocks = {
      l1: await l1.ethers.provider.getBlockNumber(),
      rollup: await rollup.ethers.provider.getBlockNumber(),
    };
    return new ZksyncPair(l1, rollup, chainId, bridgehub, messenger, await bridgehub.getAddress(), blocks);
  }

  /** Plays the sequencer: executes what L1 queued since the last call, failing or not. Answers how many transactions that were. */
  async down(): Promise<number> {
    const queued = await this.queued();
    this.#progress.queuedFrom = (await this.l1.ethers.provider.getBlockNumber()) + 1;
    this.executions = [];
    for (const transaction of queued) {
      const execution = await execute(this.rollup, transaction);
      this.executions.push(execution);
      this.#progress.executed.set(transaction.hash, execution.txHash);
    }
    return queued.length;
  }

  /** What L1 queued for the chain since the last `down`. */
  async queued(): Promise<PriorityTransaction[]> {
    const logs = await this.bridgehub.queryFilter(
      this.bridgehub.filters.NewPriorityRequest(),
      this.#progress.queuedFrom,
    );
    return logs.map(({ args, data }) => readTransaction(args.transaction, (data.length - 2) / 2, args.txHash));
  }

  /**
   * Plays prover and time: executes on L1 a batch with what the rollup sent since the last call, and has the messages taken there.
   * Answers how many were taken; what reverts is tried again at the next call.
   */
  async up(): Promise<number> {
    await this.executeBatch();
    const waiting = this.#progress.pending;
    this.#progress.pending = [];
    for (const message of waiting) {
      const taken = await this.take(message).then(
        () => true,
        () => false,
      );
      if (!taken) this.#progress.pending.push(message);
    }
    return waiting.length - this.#progress.pending.length;
  }

  /** Executes on L1 a batch with what the rollup sent since the last one. Answers its messages. */
  async executeBatch(): Promise<Message[]> {
    const messages = await this.sealBatch();
    await this.execute(BigInt(this.#progress.batches.length));
    return messages;
  }

  /** Executes on L1 a batch that was sealed; in order. */
  async execute(batch: bigint): Promise<void> {
    await this.bridgehub.executeBatch(this.chainId, batchRoot(this.logsOf(batch)));
  }

  /** Ends a batch on the rollup; L1 does not know it. Answers its messages. */
  async sealBatch(): Promise<Message[]> {
    const { batches, sentFrom, pending } = this.#progress;
    const sent = await this.messenger.queryFilter(this.messenger.filters.L1MessageSent(), sentFrom);
    const logs = await this.messenger.queryFilter(this.messenger.filters.L2ToL1LogSent(), sentFrom);
    this.#progress.sentFrom = (await this.rollup.ethers.provider.getBlockNumber()) + 1;
    const batch = BigInt(batches.length + 1);
    const messages = sent.map(({ args }, index): Message => ({
      batch,
      index,
      txNumberInBatch: logs[index]!.args[0].txNumberInBlock,
      sender: args[0],
      data: args[2],
      txHash: sent[index]!.transactionHash,
    }));
    batches.push(sent.map(({ args: [sender, hash] }, i) => logOf(messages[i]!.txNumberInBatch, sender, hash)));
    pending.push(...messages);
    this.#progress.sealed.push(...messages);
    return messages;
  }

  /** Messages that are in a batch, of a transaction. */
  sealedIn = (txHash: Hex): Message[] => this.#progress.sealed.filter((message) => message.txHash === txHash);

  /** The transaction of the simulated chain that stands for one that L1 queued. */
  executedAs = (hash: Hex): Hex | undefined => this.#progress.executed.get(hash);

  /** The proof of a message. */
  proofOf = ({ batch, index }: Message): Hex[] => proofOf(this.logsOf(batch), index);

  /** The logs of a batch. */
  logsOf = (batch: bigint): readonly Hex[] => this.#progress.batches[Number(batch) - 1]!;

  /** Has whom a message is for take it, by anyone. */
  async take(message: Message, gasLimit?: bigint): ReturnType<IZksyncParentEnd["takeMessage"]> {
    const { addressee, items } = readMessage(message);
    const end = await this.l1.ethers.getContractAt("IZksyncParentEnd", addressee);
    const { batch, index, txNumberInBatch } = message;
    const overrides = gasLimit === undefined ? {} : { gasLimit };
    return end.takeMessage(batch, index, txNumberInBatch, items, this.proofOf(message), overrides);
  }

  /** Remembers how far it got, for who takes the chains back to where they are; answers how to go back. */
  remember(): () => void {
    const copy = ({ pending, sealed, batches, executed, ...rest }: Progress): Progress => ({
      ...rest,
      pending: [...pending],
      sealed: [...sealed],
      batches: [...batches],
      executed: new Map(executed),
    });
    const state = copy(this.#progress);
    return () => {
      this.#progress = copy(state);
    };
  }
}
