import { countOf, Level, type CertificateDomain, type Checkpoint, type Hex } from "../../wire/index.ts";
import type { Refusal } from "../operatorClient.ts";
import type { OperatorSigner } from "../operatorSigner.ts";
import { planSignature } from "../planSignature.ts";
import { laneKey, type LaneRef, type SignedWord, type SigningHistory, type SigningStore } from "../signingStore.ts";
import { findFork, MemoryHaltBook, type FoldOf, type Halt, type HaltBook } from "./halts.ts";
import { LaneIndex } from "./laneIndex.ts";
import type { OnOperatorStep } from "./steps.ts";

/** A checkpoint that the operator's own nodes bear out, and the lane's words as they have them. */
export type Vouched = { readonly checkpoint: Checkpoint; readonly fold: FoldOf };

export type GuardedSignerOptions = {
  readonly signer: OperatorSigner;
  readonly domain: CertificateDomain;
  readonly store: SigningStore;
  readonly halts?: HaltBook | undefined;
  readonly onStep?: OnOperatorStep | undefined;
  /** Hears that a lane stopped, or goes on. */
  readonly onHalt?: ((halt: Halt, isLifted: boolean) => void) | undefined;
};

/** The one place where a signature is made: nothing is signed that R23 forbids, or before it is durable. */
export class GuardedSigner {
  readonly #options: GuardedSignerOptions;
  readonly #halts: HaltBook;
  readonly #indices = new Map<string, LaneIndex>();

  constructor(options: GuardedSignerOptions) {
    this.#options = options;
    this.#halts = options.halts ?? new MemoryHaltBook();
  }

  /** The lanes on which nothing is signed, since the node forked away from what was. */
  get halted(): readonly Halt[] {
    return this.#halts.all();
  }

  /** Signs the root, once what it says is durable; or says what forbids it. Throws what the store throws. */
  async sign(root: Hex, vouched: readonly Vouched[]): Promise<{ signature: Hex } | { refused: readonly Refusal[] }> {
    const { signer, domain, store, onStep } = this.#options;
    await onStep?.("operator:verified");
    const refused: Refusal[] = [];
    const [forks, lifted]: [Halt[], Halt[]] = [[], []];
    await store.plan(
      vouched.map(({ checkpoint }) => checkpoint),
      (history) => {
        const planned: SignedWord[] = [];
        for (const [index, one] of vouched.entries()) {
          const fork = this.#forkOf(history, one.checkpoint, one.fold);
          if (fork !== undefined) forks.push(fork);
          const halt = this.#halts.of(one.checkpoint) ?? fork;
          const isBack = fork === undefined && one.checkpoint.level === Level.final && hasComeBack(halt, one.fold);
          if (isBack && halt !== undefined) lifted.push(halt);
          const plan = this.#plan(history, planned, one, isBack ? undefined : halt);
          if (!plan.sign) refused.push({ index, code: plan.code, reason: plan.reason });
          else if (plan.record !== undefined) planned.push(plan.record);
        }
        return refused.length > 0 ? [] : planned;
      },
    );
    for (const fork of forks) await this.#halt(fork);
    for (const halt of lifted) await this.#lift(halt);
    if (refused.length > 0) return { refused };
    await onStep?.("operator:word-durable");
    const signature = await signer.signRoot(domain, root);
    await onStep?.("operator:signed");
    return { signature };
  }

  /**
   * Compares a lane, as its node has it at level final, with what was signed on it: stops signing on it where the node forked
   * away, and goes on where the node has come back. Throws what the store throws.
   */
  async compare(lane: LaneRef, fold: FoldOf): Promise<void> {
    let fork: Halt | undefined;
    await this.#options.store.plan([lane], (history) => {
      fork = this.#forkOf(history, lane, fold);
      return [];
    });
    const halt = this.#halts.of(lane);
    if (fork !== undefined) await this.#halt(fork);
    else if (halt !== undefined && hasComeBack(halt, fold)) await this.#lift(halt);
  }

  #plan(
    history: SigningHistory,
    planned: readonly SignedWord[],
    { checkpoint, fold }: Vouched,
    halt: Halt | undefined,
  ): ReturnType<typeof planSignature> {
    const key = laneKey(checkpoint);
    const own = planned.filter((word) => laneKey(word) === key);
    const before = this.#indexOf(history, checkpoint).relevant(checkpoint, fold);
    const plan = planSignature([...before, ...own], checkpoint, fold);
    if (!plan.sign || halt === undefined) return plan;
    const reason = `this operator signed ${halt.signed} on the lane, and its node showed ${halt.seen} at that count: it signs nothing on it`;
    return { sign: false, code: "signing/halted", reason };
  }

  #forkOf(history: SigningHistory, lane: LaneRef, fold: FoldOf): Halt | undefined {
    const words = history.get(laneKey(lane)) ?? [];
    const isOnFold = ({ level, laneWord }: SignedWord): boolean =>
      level !== Level.final || fold(countOf(laneWord)) === laneWord;
    if (this.#indexOf(history, lane).finals(fold).every(isOnFold)) return undefined;
    const fork = findFork(words, fold);
    if (fork === undefined) return undefined; // the node does not reach as far
    const { source, destination } = lane;
    return { source, destination, ...fork, since: new Date().toISOString() };
  }

  async #halt(fork: Halt): Promise<void> {
    const isNew = this.#halts.of(fork) === undefined;
    await this.#halts.halt(fork);
    if (isNew) this.#options.onHalt?.(fork, false);
  }

  async #lift(halt: Halt): Promise<void> {
    if (this.#halts.of(halt) === undefined) return;
    await this.#halts.lift(halt);
    this.#options.onHalt?.(halt, true);
  }

  #indexOf(history: SigningHistory, lane: LaneRef): LaneIndex {
    const key = laneKey(lane);
    let index = this.#indices.get(key);
    if (index === undefined) this.#indices.set(key, (index = new LaneIndex()));
    index.update(history.get(key) ?? []);
    return index;
  }
}

/** Whether the node shows again what was signed. */
const hasComeBack = (halt: Halt | undefined, fold: FoldOf): boolean =>
  halt !== undefined && fold(countOf(halt.signed)) === halt.signed;
