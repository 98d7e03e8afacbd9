import { wordAt, type SentMessage } from "../../chain/lanes.ts";
import { ParleyError } from "../../errors.ts";
import { countOf, Level, unpackOptions, type BatchItem, type Checkpoint, type LaneWord } from "../../wire/index.ts";
import { batchGas, certificateCost, itemSize, MAX_TRANSACTION_GAS, NO_CERTIFICATE } from "./batchGas.ts";
import type { Candidate, LaneView } from "./lanes.ts";

/** What is to prove a batch: a word that the destination holds, or a certificate over this checkpoint. */
export type BatchProof =
  { readonly kind: "held"; readonly level: Level } | { readonly kind: "certificate"; readonly checkpoint: Checkpoint };

/** A call of `deliver` to be made. */
export type Batch = {
  readonly view: LaneView;
  /** The lane's word before the first item. */
  readonly from: LaneWord;
  readonly items: readonly BatchItem[];
  /** The messages among the items. */
  readonly messages: readonly SentMessage[];
  readonly proof: BatchProof;
  /** What its transaction may need. */
  readonly gas: bigint;
};

/** How large batches may be. */
export type BatchLimits = {
  /** Messages in a batch. */
  readonly messages: number;
  /** Bytes of items. */
  readonly bytes: bigint;
};

/** A transaction of its own is cheaper than skipping more messages than this. */
const MAX_GAP = 64n;

/** The word at which a batch must end: with a certificate, any. */
type Target = { readonly level: Level; readonly heldAt: bigint | undefined };

/**
 * The batches that deliver a lane's candidates: each to the nearest word that the destination holds and that is worth
 * skipping to, else to a word to be certified. What no level reaches yet stays for later.
 */
export function planBatches(view: LaneView, limits: BatchLimits): Batch[] {
  const groups = new Map<string, { target: Target; candidates: Candidate[] }>();
  for (const candidate of view.candidates) {
    const target = targetOf(view, candidate.message);
    if (target === undefined) continue;
    const key = `${target.level}:${target.heldAt ?? "certificate"}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { target, candidates: [candidate] });
    else group.candidates.push(candidate);
  }
  return [...groups.values()]
    .flatMap(({ target, candidates }) => chunk(view, target, candidates, limits))
    .sort((a, b) => Number(firstNonce(a) - firstNonce(b)));
}

/** Splits a batch into two that end where it ends, and deliver half of its messages each. */
export function splitBatch(batch: Batch): [Batch, Batch] {
  const half = Math.ceil(batch.messages.length / 2);
  const end = countOf(batch.from) + BigInt(batch.items.length);
  const part = (messages: readonly SentMessage[]): Batch => makeBatch(batch.view, messages, end, batch.proof);
  return [part(batch.messages.slice(0, half)), part(batch.messages.slice(half))];
}

const firstNonce = ({ from }: Batch): bigint => countOf(from);

function targetOf({ held, horizons, judges }: LaneView, message: SentMessage): Target | undefined {
  const demanded = unpackOptions(message.options).minFinality ?? Level.fast;
  const [nearest] = held
    .filter(({ level, word }) => level >= demanded && countOf(word) > message.nonce)
    .map(({ level, word }) => ({ level, heldAt: countOf(word) }))
    .sort((a, b) => Number(a.heldAt - b.heldAt) || b.level - a.level);
  const certified =
    judges === undefined
      ? undefined
      : [Level.final, Level.fast].find(
          (level) => level >= demanded && message.nonce < (horizons.get(level)?.count ?? 0n),
        );
  if (nearest !== undefined && (certified === undefined || nearest.heldAt - message.nonce <= MAX_GAP)) return nearest;
  return certified === undefined ? undefined : { level: certified, heldAt: undefined };
}

/** Cuts candidates that share a target into batches within the limits; suspects get batches of their own. */
function chunk(view: LaneView, target: Target, candidates: readonly Candidate[], limits: BatchLimits): Batch[] {
  const batches = candidates
    .filter(({ isSuspect }) => isSuspect)
    .map(({ message }) => batchTo(view, target, [message]));
  for (const run of runsOf(candidates.filter(({ isSuspect }) => !isSuspect).map(({ message }) => message))) {
    for (let rest = run; rest.length > 0;) {
      const batch = largest(view, target, rest, limits);
      batches.push(batch);
      rest = rest.slice(batch.messages.length);
    }
  }
  return batches;
}

/** Messages that are near enough to each other to share a batch. */
function runsOf(messages: readonly SentMessage[]): SentMessage[][] {
  const runs: SentMessage[][] = [];
  for (const [place, message] of messages.entries()) {
    const previous = messages[place - 1];
    if (previous === undefined || message.nonce - previous.nonce > MAX_GAP) runs.push([message]);
    else runs.at(-1)?.push(message);
  }
  return runs;
}

/** The batch of as many of these messages, from the first on, as fit into one; of one at least. */
function largest(view: LaneView, target: Target, messages: readonly SentMessage[], limits: BatchLimits): Batch {
  let batch = batchTo(view, target, messages.slice(0, 1));
  // More messages never take less: halve the range between what fits and what does not.
  for (let most = Math.min(messages.length, limits.messages); batch.messages.length < most;) {
    const size = Math.ceil((batch.messages.length + most) / 2);
    const larger = batchTo(view, target, messages.slice(0, size));
    if (fits(larger, limits)) batch = larger;
    else most = size - 1;
  }
  return batch;
}

function fits({ messages, items, gas }: Batch, limits: BatchLimits): boolean {
  return (
    messages.length <= limits.messages &&
    items.reduce((sum, item) => sum + itemSize(item), 0n) <= limits.bytes &&
    gas <= MAX_TRANSACTION_GAS
  );
}

/** The batch of these messages that ends where its target says. */
function batchTo(view: LaneView, target: Target, messages: readonly SentMessage[]): Batch {
  if (target.heldAt !== undefined) {
    return makeBatch(view, messages, target.heldAt, { kind: "held", level: target.level });
  }
  const horizon = view.horizons.get(target.level);
  const last = messages.at(-1);
  if (horizon === undefined || last === undefined) throw new Error("a certified batch has a horizon and a message");
  const checkpoint: Checkpoint = {
    source: view.source.id,
    destination: view.destination.id,
    laneWord: last.after,
    reachedBy: horizon.reachedBy,
    level: target.level,
    blockHash: horizon.blockHash,
  };
  return makeBatch(view, messages, last.nonce + 1n, { kind: "certificate", checkpoint });
}

/** The batch that delivers these messages, and skips all others up to the count `end`. */
function makeBatch(view: LaneView, messages: readonly SentMessage[], end: bigint, proof: BatchProof): Batch {
  const [first] = messages;
  if (first === undefined || wordAt(view.lane, end) === undefined) {
    throw notOnLane(view, messages, end);
  }
  const chosen = new Set(messages.map(({ nonce }) => nonce));
  const items: BatchItem[] = [];
  for (let nonce = first.nonce; nonce < end; ++nonce) {
    const message = view.lane.messages[Number(nonce)];
    if (message === undefined) throw notOnLane(view, messages, end);
    items.push(chosen.has(nonce) ? messageItem(message) : skipItem(message));
  }
  const isCertified = proof.kind === "certificate" && view.judges !== undefined;
  const certificate = isCertified ? certificateCost(view.judges.table) : NO_CERTIFICATE;
  return { view, from: first.before, items, messages, proof, gas: batchGas(items, certificate) };
}

const notOnLane = ({ lane }: LaneView, messages: readonly SentMessage[], end: bigint): ParleyError =>
  new ParleyError(
    "relayer/no-batch",
    `a batch of ${messages.length} messages cannot end at ${end} of ${countOf(lane.word)}`,
    "Plan batches of messages that are on the lane.",
  );

const messageItem = ({ sender, recipient, options, payload }: SentMessage): BatchItem => ({
  kind: "message",
  sender,
  recipient,
  options,
  payload,
});

const skipItem = ({ hash }: SentMessage): BatchItem => ({ kind: "skip", messageHash: hash });
