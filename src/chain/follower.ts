import type { Log } from "ethers";

import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import { isCanonical, readBlock, readFinalBlock, type BlockRef } from "./blocks.ts";
import { checkMember } from "./checkMember.ts";
import type { MemberNode } from "./memberNode.ts";
import { readLogs } from "./readLogs.ts";

/** What a Gateway's logs come to. */
export type Fold<State> = {
  readonly empty: State;
  /** First topics of the events that count. */
  readonly topics: readonly Hex[];
  /** The state after these logs, which follow those that led to `state`. Leaves `state` as it is. */
  fold(state: State, logs: readonly Log[]): State;
  /** Throws unless the state is what the Gateway itself says at the block. */
  check?(state: State, block: BlockRef): Promise<void>;
};

/** A state, and the block up to which logs were read for it. */
export type Followed<State> = { readonly block: BlockRef; readonly state: State };

/**
 * Reads a Gateway's logs, and keeps what they come to up to a final block, so that only new blocks are read again. Begins
 * anew if that block is final no more (simulated chains go back in time), or what comes later does not follow from it (the node lied).
 */
export class Follower<State> {
  readonly #node: MemberNode;
  readonly #fold: Fold<State>;
  #base: Followed<State> | undefined;
  #isRightMember = false;

  constructor(node: MemberNode, fold: Fold<State>) {
    this.#node = node;
    this.#fold = fold;
  }

  /** What there is up to the final block. Throws `chain/…`, and as the fold does. */
  async final(): Promise<Followed<State>> {
    const reached = await this.#extend(await readFinalBlock(this.#node));
    this.#base = reached;
    return reached;
  }

  /** What there is up to the latest block. Throws as {@link final} does. */
  async latest(): Promise<Followed<State>> {
    await this.final();
    return await this.upTo(await readBlock(this.#node.provider, "latest"));
  }

  /** What there is up to this block, or a later final one. Throws as {@link final} does. */
  async upTo(block: BlockRef): Promise<Followed<State>> {
    return await this.#extend(block);
  }

  async #extend(block: BlockRef): Promise<Followed<State>> {
    await this.#checkMember();
    const { provider, startBlock } = this.#node;
    let base = this.#base;
    if (base !== undefined && !(await isCanonical(provider, base.block))) base = this.#base = undefined;
    if (base !== undefined && base.block.number >= block.number) return base;

    const from = base === undefined ? startBlock : base.block.number + 1;
    const logs = await readLogs(this.#node, [[...this.#fold.topics]], from, block.number);
    const state = await this.#continue(base, logs, block);
    if (!(await isCanonical(provider, block))) {
      throw new ParleyError(
        "chain/reorganised",
        `block ${block.number} (${block.hash}) of ${this.#node.name} was reorganised while it was read`,
        "Ask again.",
      );
    }
    return { block, state };
  }

  /** The state after these logs. Where they do not fit, what was kept may be as false as they: the next time begins anew. */
  async #continue(base: Followed<State> | undefined, logs: readonly Log[], block: BlockRef): Promise<State> {
    try {
      const state = this.#fold.fold(base === undefined ? this.#fold.empty : base.state, logs);
      await this.#fold.check?.(state, block);
      return state;
    } catch (error) {
      this.#base = undefined;
      throw error;
    }
  }

  async #checkMember(): Promise<void> {
    if (this.#isRightMember) return;
    await checkMember(this.#node);
    this.#isRightMember = true;
  }
}
