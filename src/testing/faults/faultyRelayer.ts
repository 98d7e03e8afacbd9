/** A relayer that dies and begins anew, and that carries messages late, out of order, twice, or not at all. */
import type { Relayer, StepReport } from "../../agents/index.ts";
import { ParleyError } from "../../errors.ts";
import type { Hex } from "../../wire/index.ts";
import type { ChainProvider } from "../eigenlayer.ts";

/** The life of one relayer: how many requests it still makes. */
export class Lifeline {
  #left = Infinity;

  /** Whether it is dead. */
  get isCut(): boolean {
    return this.#left < 0;
  }

  /** Lets it make so many requests more; whatever it does then, comes to nothing. */
  cutAfter(requests: number): void {
    this.#left = requests;
  }

  /** The node, as long as it lives. Requests reject with `faults/killed` then: they are not made. */
  guard(provider: ChainProvider): ChainProvider {
    return {
      request: async (args) => {
        if (--this.#left >= 0) return await provider.request(args);
        this.#left = -1;
        throw new ParleyError("faults/killed", "The relayer is dead: a fault of the schedule.", "Start another.");
      },
    };
  }
}

/** What a faulty relayer is made of. */
export interface FaultyRelayerPlan {
  readonly name: string;
  /** Makes a relayer that knows nothing, on nodes that the lifeline guards, and that carries these messages alone, if named. */
  readonly make: (lifeline: Lifeline, only: ReadonlySet<Hex> | undefined) => Pick<Relayer, "step">;
  /** The messages that may be carried now; undefined for all. */
  readonly due: () => Promise<ReadonlySet<Hex> | undefined>;
}

/** A relayer as one sees it from outside: its steps, and that it may be killed. */
export class FaultyRelayer {
  readonly name: string;
  readonly #plan: FaultyRelayerPlan;
  /** What it may carry; one set for its whole life, since it is told once. */
  #only = new Set<Hex>();
  #isLimited: boolean | undefined;
  #lifeline = new Lifeline();
  #relayer: Pick<Relayer, "step"> | undefined;

  constructor(plan: FaultyRelayerPlan) {
    this.name = plan.name;
    this.#plan = plan;
  }

  /** Has it die at its n-th request from now. */
  killAt(request: number): void {
    this.#lifeline.cutAfter(request - 1);
  }

  /** One step of it, or of the one that follows it if it died. Undefined if it died in this step: nobody is told what it did. */
  async step(): Promise<StepReport | undefined> {
    const due = await this.#plan.due();
    const isLimited = due !== undefined;
    if (this.#relayer === undefined || this.#isLimited !== isLimited) {
      this.#only = new Set();
      this.#isLimited = isLimited;
      this.#relayer = this.#plan.make(this.#lifeline, isLimited ? this.#only : undefined);
    }
    this.#only.clear();
    for (const id of due ?? []) this.#only.add(id);
    const report = await this.#relayer.step();
    if (!this.#lifeline.isCut) return report;
    this.#relayer = undefined;
    this.#lifeline = new Lifeline();
    return undefined;
  }
}
