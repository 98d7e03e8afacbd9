import { isCanonical, readBlock, type BlockRef } from "../chain/blocks.ts";
import type { Followed, Follower } from "../chain/follower.ts";
import { followLanes, wordAt, type LaneHistory, type Lanes } from "../chain/lanes.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { ParleyError } from "../errors.ts";
import {
  checkpointTree,
  countOf,
  Level,
  levelName,
  toCheckpoint,
  type CertificateDomain,
  type Checkpoint,
  type Hex,
} from "../wire/index.ts";
import { checkFast } from "./checkFast.ts";
import type { Certification, OperatorClient, Refusal } from "./operatorClient.ts";
import { operatorSigner, type OperatorKey, type OperatorSigner } from "./operatorSigner.ts";
import { GuardedSigner, type Vouched } from "./signing/guardedSigner.ts";
import type { Halt, HaltBook } from "./signing/halts.ts";
import type { OnOperatorStep } from "./signing/steps.ts";
import type { SigningStore } from "./signingStore.ts";

/** What an operator is made of. */
export type OperatorOptions = {
  /** Every member, on the operator's own nodes. */
  readonly nodes: readonly MemberNode[];
  /** Where its signatures count. */
  readonly domain: CertificateDomain;
  /** What it signs with; registered for its operator at EigenLayer's KeyRegistrar. */
  readonly key: OperatorKey | OperatorSigner;
  /** What it signed before. */
  readonly store: SigningStore;
  /** On which lanes it stopped; if left out, it does not remember beyond its process. */
  readonly halts?: HaltBook | undefined;
  /**
   * Ids of the sources about which it signs at level fast, where the destination opts in; all by default. A word that its source
   * never settles costs it a fiftieth of its stake, and its seat (R26): it has to trust these sources not to reorganise.
   */
  readonly fastSources?: readonly Hex[] | undefined;
  /** Seconds since 1970; this machine's clock by default. */
  readonly clock?: (() => bigint) | undefined;
  /** Hears that it stopped signing on a lane, or goes on. */
  readonly onHalt?: ((halt: Halt, isLifted: boolean) => void) | undefined;
  /** For tests alone: called at each step. */
  readonly onStep?: OnOperatorStep | undefined;
};

/** A member as an operator's nodes show it now. */
export type MemberView = {
  readonly name: string;
  readonly id: Hex;
  /** Its final block; undefined if its nodes say nothing. */
  readonly final: BlockRef | undefined;
  /** Why its nodes say nothing. */
  readonly problem: ParleyError | undefined;
};

/** What is read for one request, each once: lanes by their source and block, blocks by their chain and number or hash. */
type Reads = {
  readonly lanes: Map<string, Promise<Followed<Lanes>>>;
  readonly blocks: Map<string, Promise<BlockRef>>;
};

/** A member as the operator follows it. */
type FollowedMember = { readonly node: MemberNode; readonly lanes: Follower<Lanes> };

/** Signs what its own nodes show, and nothing that contradicts what it signed before (R23). */
export class Operator implements OperatorClient {
  /** Id of its signing key. */
  readonly address: string;
  readonly #signer: GuardedSigner;
  readonly #clock: () => bigint;
  readonly #fastSources: ReadonlySet<Hex> | undefined;
  readonly #members: ReadonlyMap<Hex, FollowedMember>;

  constructor({ nodes, key, fastSources, clock, ...options }: OperatorOptions) {
    const signer = "signRoot" in key ? key : operatorSigner(key);
    this.address = signer.address;
    this.#signer = new GuardedSigner({ ...options, signer });
    this.#fastSources = fastSources === undefined ? undefined : new Set(fastSources);
    this.#clock = clock ?? (() => BigInt(Math.floor(Date.now() / 1000)));
    this.#members = new Map(nodes.map((node) => [node.id, { node, lanes: followLanes(node) }]));
  }

  /**
   * Signs the tree of these checkpoints if each of them is true by the operator's own nodes and contradicts nothing that it
   * signed; else says which are not. Throws `wire/empty` if there are none, and what the store throws.
   */
  async certify(checkpoints: readonly Checkpoint[]): Promise<Certification> {
    const now = this.#clock();
    const reads: Reads = { lanes: new Map(), blocks: new Map() };
    const results = await Promise.all(checkpoints.map((checkpoint) => this.#verify(checkpoint, now, reads)));
    const vouched = results.filter((result) => "fold" in result);
    const root = treeRoot(checkpoints);
    const refused = results.flatMap((result, index) => ("fold" in result ? [] : [{ index, ...result }]));
    if (root === undefined || refused.length > 0) return { root, signature: undefined, refused };
    const signed = await this.#signer.sign(root, vouched);
    return { root, signature: undefined, refused, ...signed };
  }

  /** The lanes on which it signs nothing: its node forked away from what it signed there. */
  get halted(): readonly Halt[] {
    return this.#signer.halted;
  }

  /**
   * Looks at all members, so that it notices a node that forked away from what was signed before it is asked about it; answers
   * how they are. Throws what the store throws.
   */
  async look(): Promise<MemberView[]> {
    return await Promise.all(
      [...this.#members.values()].map(async ({ node, lanes }): Promise<MemberView> => {
        const { name, id } = node;
        let read: Followed<Lanes>;
        try {
          read = await lanes.final();
        } catch (error) {
          return { name, id, final: undefined, problem: toParleyError(error) };
        }
        for (const lane of read.state.values()) await this.#signer.compare(lane, (count) => wordAt(lane, count));
        return { name, id, final: read.block, problem: undefined };
      }),
    );
  }

  /** Throws unless a fast word about the source is asked of this operator, and of use. */
  async #checkFast(source: Hex, destination: MemberNode): Promise<void> {
    if (this.#fastSources !== undefined && !this.#fastSources.has(source)) {
      throw new ParleyError(
        "operator/fast-unwanted",
        `this operator signs nothing at level fast about ${source}`,
        "Ask at level final.",
      );
    }
    await checkFast(source, destination);
  }

  /** Why a checkpoint is not to be signed; or the lane that bears it out. */
  async #verify(given: Checkpoint, now: bigint, reads: Reads): Promise<Vouched | Omit<Refusal, "index">> {
    try {
      const checkpoint = toCheckpoint(given);
      const member = this.#members.get(checkpoint.source);
      if (member === undefined) throw unknownMember(checkpoint.source, "source");
      const destination = this.#members.get(checkpoint.destination);
      if (destination === undefined) throw unknownMember(checkpoint.destination, "destination");
      const key = `${checkpoint.source}:${checkpoint.blockHash}`;
      const reading =
        reads.lanes.get(key) ??
        (checkpoint.level === Level.final ? member.lanes.final() : readNamed(member, checkpoint.blockHash));
      reads.lanes.set(key, reading);
      const read = await reading;
      const lane = checkWord(checkpoint, read, member.node.name);
      await checkTime(checkpoint, lane, member.node.name, now, (tag) => readOnce(reads.blocks, member.node, tag));
      if (checkpoint.level === Level.fast) await this.#checkFast(checkpoint.source, destination.node);
      return { checkpoint, fold: (count) => wordAt(lane, count) };
    } catch (error) {
      const { code, message } = toParleyError(error);
      return { code, reason: message };
    }
  }
}

/** What a node's failure is called. */
function toParleyError(error: unknown): ParleyError {
  if (error instanceof ParleyError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new ParleyError(
    "operator/node-failed",
    `this operator's own node failed: ${reason}`,
    "Mend the node; until then nothing is signed that it would have to bear out.",
    { cause: error },
  );
}

/** The root that the operator makes of the checkpoints itself; undefined if one of them is malformed. */
function treeRoot(checkpoints: readonly Checkpoint[]): Hex | undefined {
  try {
    return checkpointTree(checkpoints).root;
  } catch (error) {
    if (error instanceof ParleyError && error.code !== "wire/empty") return undefined;
    throw error;
  }
}

/** The lanes up to the block that a fast checkpoint names, if the operator's own node has it on its branch now. */
async function readNamed({ node, lanes }: FollowedMember, hash: Hex): Promise<Followed<Lanes>> {
  const block = await readBlock(node.provider, hash);
  if (await isCanonical(node.provider, block)) return await lanes.upTo(block);
  throw new ParleyError(
    "operator/not-canonical",
    `block ${hash} of ${node.name} is not on the branch that this operator's node follows`,
    "Name a block of the current branch.",
  );
}

/** A block of a member, read once for a request. */
function readOnce(blocks: Reads["blocks"], { id, provider }: MemberNode, tag: number | string): Promise<BlockRef> {
  const key = `${id}:${tag}`;
  const reading = blocks.get(key) ?? readBlock(provider, tag);
  blocks.set(key, reading);
  return reading;
}

/** The lane, if it stood at the checkpoint's word in the blocks that were read. */
function checkWord(checkpoint: Checkpoint, read: Followed<Lanes>, name: string): LaneHistory {
  const { destination, laneWord, level } = checkpoint;
  const lane = read.state.get(destination);
  if (lane === undefined) {
    throw new ParleyError(
      "operator/unknown-lane",
      `up to block ${read.block.number}, ${name} has no lane to ${destination}`,
      "The member accepts the destination with the first table that lists it.",
    );
  }
  const count = countOf(laneWord);
  const own = wordAt(lane, count);
  if (own === undefined) {
    throw new ParleyError(
      "operator/not-reached",
      `up to block ${read.block.number}, ${levelName(level)}, the lane from ${name} has ${countOf(lane.word)} messages, ` +
        `not ${count}`,
      "Ask again once the block is final, or name a later block at level fast.",
    );
  }
  if (own !== laneWord) {
    throw new ParleyError(
      "operator/false-word",
      `the lane from ${name} stood at ${own} when it had ${count} messages, not at ${laneWord}`,
      "Ask your own node again: it shows another chain than this operator's.",
    );
  }
  if (count === 0n) {
    throw new ParleyError("operator/nothing-sent", `${laneWord} has no message`, "Certify a lane once it has one.");
  }
  return lane;
}

/** Throws unless the word was reached no later than the source's last block with timestamp ≤ reachedBy, which has passed. */
async function checkTime(
  checkpoint: Checkpoint,
  lane: LaneHistory,
  name: string,
  now: bigint,
  blockAt: (tag: number | string) => Promise<BlockRef>,
): Promise<void> {
  const { laneWord, reachedBy, blockHash, level } = checkpoint;
  const message = lane.messages[Number(countOf(laneWord)) - 1];
  if (message === undefined) throw new Error("a word that was found has a last message");
  const reached = await blockAt(message.blockNumber);
  // Timestamps never fall, so the last block with timestamp ≤ reachedBy is this one or later exactly if its own is.
  if (reached.timestamp > reachedBy) {
    throw new ParleyError(
      "operator/reached-later",
      `${name}'s lane reached ${laneWord} at ${reached.timestamp}, after ${reachedBy}`,
      "Give the time of a block that has the message or of a later one.",
    );
  }
  if (level === Level.fast && message.blockNumber > (await blockAt(blockHash)).number) {
    throw new ParleyError(
      "operator/not-reached",
      `${name}'s lane reached ${laneWord} in block ${message.blockNumber}, after block ${blockHash}`,
      "Name a block that has the message or a later one.",
    );
  }
  // A chain's clock may be ahead of this machine's: what its latest block says has passed, too.
  if (reachedBy > now && reachedBy > (await blockAt("latest")).timestamp) {
    throw new ParleyError(
      "operator/future",
      `reachedBy is ${reachedBy}, but it is ${now}, and ${name} has no block of that time yet`,
      "Give the time of a block that the chain has.",
    );
  }
}

function unknownMember(id: Hex, end: string): ParleyError {
  return new ParleyError(
    "operator/unknown-member",
    `this operator follows no member ${id} (${end})`,
    "Ask operators that serve the lane, or give this one a node of the member.",
  );
}
