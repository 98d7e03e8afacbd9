/** Reorganisations of any depth: a simulated chain that remembers where it could have gone another way. */
import { Transaction, type TransactionLike } from "ethers";

import { DERIVATION } from "../derivation.ts";
import type { ChainProvider } from "../eigenlayer.ts";
import { branchPoint, reorganise, type BranchPoint } from "../reorganise.ts";

/** Places back at which a branch can begin. */
const REACH = 80;

/** Requests that may make blocks. */
const MAKES_BLOCKS = new Set(["eth_sendTransaction", "eth_sendRawTransaction", "evm_mine", "hardhat_mine"]);

type Request = Parameters<ChainProvider["request"]>[0];

const MINE: Request = { method: "hardhat_mine", params: ["0x1"] };

/** What is to happen in a reorganisation. */
export interface ReorgPlan {
  /** Blocks that are taken back. */
  readonly depth: number;
  /**
   * Says of each transaction of the old branch whether it happens on the new one too. Where one is left out, so are all later ones
   * of its sender. None by default.
   */
  readonly keeps?: (place: number) => boolean;
}

/** What happened in a reorganisation. */
export interface Reorganised {
  /** Blocks that were taken back: those asked for, or the next larger number at which a branch could begin; 0 if none could. */
  readonly depth: number;
  /** Transactions of the old branch, without those that carry what bridges sent. */
  readonly transactions: number;
  /** Those that happened again. */
  readonly kept: number;
}

interface Mark {
  readonly height: number;
  readonly point: BranchPoint;
}

interface OldTransaction extends TransactionLike {
  readonly from: string;
  readonly input: string;
}

/**
 * A simulated chain that can be reorganised to any recent depth. It takes a snapshot before each block that it is asked to make
 * through `provider`; of what is done past it, only whole stretches can be taken back.
 *
 *     const branches = new Branches(node);
 *     await branches.provider.request({ method: "hardhat_mine", params: ["0x5"] });
 *     await branches.reorganise({ depth: 3 });
 */
export class Branches {
  /** The chain, through which it is to be written. */
  readonly provider: ChainProvider;
  readonly #node: ChainProvider;
  #marks: Mark[] = [];
  /** Ends with what was asked last: a snapshot and the request it belongs to stay together. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(node: ChainProvider) {
    this.#node = node;
    this.provider = {
      request: (args) => (MAKES_BLOCKS.has(args.method) ? this.#write(args) : node.request(args)),
    };
  }

  /** Lets no later reorganisation go back past this moment: something beyond the chain depends on it. */
  forget(): void {
    this.#marks = [];
  }

  /** Mines empty blocks, at each of which a branch can begin. */
  async mine(blocks: number): Promise<void> {
    for (let mined = 0; mined < blocks; mined++) await this.provider.request(MINE);
  }

  /**
   * Takes back blocks and mines others, one more than were taken back at least. The new branch's clock is not behind the old one's.
   * What bridges carried to this chain is not kept: `derive` carries it again.
   */
  async reorganise({ depth, keeps = () => false }: ReorgPlan): Promise<Reorganised> {
    return await this.#inTurn(async () => {
      const height = await this.#height();
      const mark = this.#marks.findLast((one) => one.height <= height - depth);
      if (mark === undefined || depth < 1) return { depth: 0, transactions: 0, kept: 0 };
      const old: OldTransaction[] = [];
      for (let number = mark.height + 1; number <= height; number++) {
        const { transactions } = await this.#block(number);
        old.push(...transactions.filter(({ from }) => from.toLowerCase() !== DERIVATION.toLowerCase()));
      }
      const { timestamp } = await this.#block(height);
      const before = this.#marks.slice(0, this.#marks.indexOf(mark));
      this.#marks = [mark]; // by its height: at it, no other snapshot is taken
      let kept = 0;
      const point = await reorganise(mark.point, async () => {
        await this.#setClock(Number(timestamp) + 1);
        const without = new Set<string>();
        for (const [place, transaction] of old.entries()) {
          if (without.has(transaction.from) || !keeps(place) || !(await this.#resend(transaction))) {
            without.add(transaction.from);
          } else kept++;
        }
        while ((await this.#height()) <= height) await this.#markAndRequest(MINE);
      });
      this.#marks = [...before, { height: mark.height, point }, ...this.#marks.slice(1)].slice(-REACH);
      return { depth: height - mark.height, transactions: old.length, kept };
    });
  }

  /** Has the next block be of this time, unless the chain is past it. */
  async #setClock(time: number): Promise<void> {
    try {
      await this.#node.request({ method: "evm_setNextBlockTimestamp", params: [time] });
    } catch (error) {
      // Somebody else may have had a block made meanwhile.
      if (Number((await this.#block("latest")).timestamp) < time) throw error;
    }
  }

  #write(args: Request): Promise<unknown> {
    return this.#inTurn(() => this.#markAndRequest(args));
  }

  async #markAndRequest(args: Request): Promise<unknown> {
    const height = await this.#height();
    if (this.#marks.at(-1)?.height !== height) {
      this.#marks = [...this.#marks, { height, point: await branchPoint(this.#node) }].slice(-REACH);
    }
    return await this.#node.request(args);
  }

  #inTurn<Result>(action: () => Promise<Result>): Promise<Result> {
    const done = this.#last.then(action);
    this.#last = done.catch(() => undefined);
    return done;
  }

  /** Whether a transaction of the old branch happened again. */
  async #resend(transaction: OldTransaction): Promise<boolean> {
    const { from, to, input, gas, value } = transaction as OldTransaction & Record<"gas" | "value", string>;
    try {
      const signed = signedAgain(transaction);
      if (signed === undefined) {
        await this.#markAndRequest({ method: "eth_sendTransaction", params: [{ from, to, data: input, gas, value }] });
      } else await this.#markAndRequest({ method: "eth_sendRawTransaction", params: [signed] });
      return true;
    } catch {
      return false; // the branch has no place for it, as may be with any transaction after a reorganisation
    }
  }

  async #height(): Promise<number> {
    return Number(await this.#node.request({ method: "eth_blockNumber", params: [] }));
  }

  async #block(at: number | "latest"): Promise<{ timestamp: string; transactions: readonly OldTransaction[] }> {
    const params = [at === "latest" ? at : `0x${at.toString(16)}`, true];
    const block = await this.#node.request({ method: "eth_getBlockByNumber", params });
    return block as { timestamp: string; transactions: readonly OldTransaction[] };
  }
}

/** A transaction as its sender signed it; undefined if it did not: the chain impersonated it. */
function signedAgain(transaction: OldTransaction): string | undefined {
  const { from, input, gas, chainId, nonce, type, v, r, s } = transaction as OldTransaction & Record<string, string>;
  try {
    const rebuilt = Transaction.from({
      to: transaction.to ?? null,
      data: input,
      gasLimit: gas ?? "0x0",
      nonce: Number(nonce),
      type: Number(type),
      chainId: chainId ?? "0x0",
      value: transaction.value ?? "0x0",
      ...(Number(type) === 2
        ? {
            maxFeePerGas: transaction.maxFeePerGas ?? null,
            maxPriorityFeePerGas: transaction.maxPriorityFeePerGas ?? null,
          }
        : { gasPrice: transaction.gasPrice ?? null }),
      accessList: transaction.accessList ?? null,
      signature: { r: r ?? "", s: s ?? "", v: v ?? "" },
    });
    return rebuilt.from?.toLowerCase() === from.toLowerCase() ? rebuilt.serialized : undefined;
  } catch {
    return undefined;
  }
}
