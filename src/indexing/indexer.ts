import type { Log } from "ethers";

import { readBlock, type BlockRef } from "../chain/blocks.ts";
import { checkMember } from "../chain/checkMember.ts";
import { checkWords } from "../chain/lanes.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import type { LogStore } from "./logStore.ts";
import { foldPage, readMemberLogs } from "./readPage.ts";

/** Where a process may be killed. */
export const INDEXING_STEPS = ["index:page-read", "index:page-stored", "index:taken-back"] as const;

export type IndexingStep = (typeof INDEXING_STEPS)[number];

/** What an indexer is made of. */
export type IndexerPlan = {
  readonly logs: LogStore;
  /** Blocks that are asked for at once; 10,000 by default. Fewer where a node refuses so many. */
  readonly pageBlocks?: number | undefined;
  /**
   * Milliseconds for which a node may be behind what was read before its word counts that the chain is shorter now: another
   * process's node may be ahead. 0 by default, which is right where nobody shares the database.
   */
  readonly patience?: number | undefined;
  /** Milliseconds after which all of a member's lanes are compared with what its Gateway says; ten minutes by default. */
  readonly checkEvery?: number | undefined;
  readonly onStep?: ((step: IndexingStep) => void | Promise<void>) | undefined;
};

const PAGE_BLOCKS = 10_000;
const CHECK_EVERY = 600_000;
/** How often in a row a smaller page is tried. */
const HALVINGS = 5;

/** What an indexer remembers of a member; nothing of it is lost with it. */
type Memory = {
  isRightMember: boolean;
  pageBlocks: number;
  /** When its node was first behind, milliseconds. */
  behindSince: number | undefined;
  /** When all of its lanes were last compared. */
  checkedAt: number | undefined;
  /** Pages in a row that contradict what is stored. */
  contradictions: number;
};

/**
 * Reads members' logs into a database, page by page, and takes back what a reorganisation took back. Goes on where it, or
 * another that shares the database, stopped; what several read at once is stored once.
 */
export class Indexer {
  readonly #plan: IndexerPlan;
  readonly #memories = new Map<Hex, Memory>();

  constructor(plan: IndexerPlan) {
    this.#plan = plan;
  }

  /**
   * Reads what is new at a member. Answers the latest block of its node, of which all is stored.
   * Throws `chain/…`, and as the node does.
   */
  async catchUp(node: MemberNode): Promise<BlockRef> {
    const memory = this.#memoryOf(node);
    if (!memory.isRightMember) await checkMember(node);
    memory.isRightMember = true;
    try {
      const latest = await this.#read(node, memory);
      memory.contradictions = 0;
      return latest;
    } catch (error) {
      if (error instanceof ParleyError && CONTRADICTIONS.has(error.code)) await this.#retreat(node, memory);
      throw error;
    }
  }

  async #read(node: MemberNode, memory: Memory): Promise<BlockRef> {
    const { logs, checkEvery = CHECK_EVERY } = this.#plan;
    const latest = await readBlock(node.provider, "latest");
    for (;;) {
      if (!(await this.#isOnBranch(node, latest, memory))) continue;
      const { block: before, lanes } = await logs.reached(node.id);
      if (before !== undefined && before.number >= latest.number) return latest;
      const from = before === undefined ? Math.min(node.startBlock, latest.number) : before.number + 1;
      const { found, to } = await this.#readLogs(node, from, latest, memory);
      const page = await foldPage(node, lanes, found);
      if (to.number === latest.number) {
        const isThorough = memory.checkedAt === undefined || Date.now() >= memory.checkedAt + checkEvery;
        const touched = [...page.lanes.values()].filter(
          ({ isOpen, messages }) => isOpen && (isThorough || messages.length > 0),
        );
        await checkWords(node, touched, to);
        if (isThorough) memory.checkedAt = Date.now();
      }
      // The logs are those of this branch if both ends of the page are on it after they were read.
      for (const end of before === undefined ? [to] : [before, to]) await requireCanonical(node, end);
      await this.#plan.onStep?.("index:page-read");
      if (await logs.add(node.id, before, to, page)) await this.#plan.onStep?.("index:page-stored");
    }
  }

  /** Whether what is stored is of the branch that the node follows. If it was not, what does not belong to it is taken back. */
  async #isOnBranch(node: MemberNode, latest: BlockRef, memory: Memory): Promise<boolean> {
    const { logs, patience = 0 } = this.#plan;
    const stored = await logs.blocks(node.id);
    const newest = stored.at(-1);
    if (newest === undefined || newest.hash === latest.hash) return true;
    if (newest.number <= latest.number) {
      memory.behindSince = undefined;
      if (await isCanonical(node, newest)) return true;
      await this.#takeBack(node, newest, await lastCommon(node, stored.slice(0, -1)));
      return false;
    }
    const known = stored.filter(({ number }) => number <= latest.number);
    const common = await lastCommon(node, known);
    if (common?.number === known.at(-1)?.number) {
      // The node may merely be behind.
      memory.behindSince ??= Date.now();
      if (Date.now() < memory.behindSince + patience) return true;
    }
    memory.behindSince = undefined;
    await this.#takeBack(node, newest, common);
    return false;
  }

  /** Where what is stored and what the node says do not fit, what is stored may be wrong: goes back, each time further. */
  async #retreat(node: MemberNode, memory: Memory): Promise<void> {
    memory.contradictions += 1;
    memory.checkedAt = undefined;
    if (memory.contradictions < 2) return;
    const stored = await this.#plan.logs.blocks(node.id);
    const newest = stored.at(-1);
    if (newest !== undefined) await this.#takeBack(node, newest, stored.at(-1 - 2 ** (memory.contradictions - 2)));
  }

  async #takeBack(node: MemberNode, newest: BlockRef, to: BlockRef | undefined): Promise<void> {
    await this.#plan.logs.takeBack(node.id, newest, to);
    await this.#plan.onStep?.("index:taken-back");
  }

  async #readLogs(
    node: MemberNode,
    from: number,
    latest: BlockRef,
    memory: Memory,
  ): Promise<{ found: Log[]; to: BlockRef }> {
    for (let halvings = 0; ; ++halvings) {
      const end = Math.min(latest.number, from + memory.pageBlocks - 1);
      try {
        const to = end === latest.number ? latest : await readBlock(node.provider, end);
        const found = await readMemberLogs(node, from, end);
        memory.pageBlocks = Math.min(this.#pageBlocks, memory.pageBlocks * 2);
        return { found, to };
      } catch (error) {
        if (halvings === HALVINGS || memory.pageBlocks === 1 || error instanceof ParleyError) throw error;
        memory.pageBlocks = Math.ceil(memory.pageBlocks / 2);
      }
    }
  }

  get #pageBlocks(): number {
    return this.#plan.pageBlocks ?? PAGE_BLOCKS;
  }

  #memoryOf({ id }: MemberNode): Memory {
    const known = this.#memories.get(id);
    if (known !== undefined) return known;
    const memory: Memory = {
      isRightMember: false,
      pageBlocks: this.#pageBlocks,
      behindSince: undefined,
      checkedAt: undefined,
      contradictions: 0,
    };
    this.#memories.set(id, memory);
    return memory;
  }
}

/** Codes of errors that say that logs do not follow on what is stored. */
const CONTRADICTIONS = new Set(["chain/log-does-not-fold", "chain/word-differs"]);

/** The last of these blocks that is on the node's branch: those before it are too. Undefined if none is. */
async function lastCommon(node: MemberNode, blocks: readonly BlockRef[]): Promise<BlockRef | undefined> {
  let [low, high] = [0, blocks.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const block = blocks[middle];
    if (block !== undefined && (await isCanonical(node, block))) low = middle + 1;
    else high = middle;
  }
  return blocks[low - 1];
}

/** Whether a block that the node must know is on its branch. Throws `chain/no-block`. */
async function isCanonical({ provider }: MemberNode, block: BlockRef): Promise<boolean> {
  return (await readBlock(provider, block.number)).hash === block.hash;
}

async function requireCanonical(node: MemberNode, block: BlockRef): Promise<void> {
  if (await isCanonical(node, block)) return;
  throw new ParleyError(
    "chain/reorganised",
    `block ${block.number} (${block.hash}) of ${node.name} was reorganised while it was read`,
    "Ask again.",
  );
}
