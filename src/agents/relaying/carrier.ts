import type { InterfaceAbi } from "ethers";

import { checkpointLeaf, type CertificateDomain, type Hex } from "../../wire/index.ts";
import type { OperatorClient } from "../operatorClient.ts";
import { advance } from "./advance.ts";
import { collectCertificates, type Collected } from "./collectCertificates.ts";
import { deliverBatch, readRoom, type Delivery } from "./deliverBatch.ts";
import type { LaneView } from "./lanes.ts";
import { planBatches, type Batch, type BatchLimits } from "./planBatches.ts";
import { planCheckpoints } from "./planCheckpoints.ts";
import { replanLost } from "./replanLost.ts";
import { senderOf, type StepProblem, type StepReport, type UncertifiedCheckpoint } from "./types.ts";

/** What a carrier is made of. */
export type CarrierPlan = {
  readonly domain: CertificateDomain;
  readonly operators: readonly OperatorClient[];
  /** Milliseconds after which an operator counts as silent. */
  readonly operatorTimeout: number;
  readonly limits: BatchLimits;
  /** From so many lanes to one destination on, it holds their words first. */
  readonly advanceFrom: number;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  /** Whether a batch may still be sent: others may have taken over its lane. */
  readonly isAllowed?: ((batch: Batch) => Promise<boolean>) | undefined;
  /** Whether a batch is to be sent now, or may wait for more messages and cheaper gas; now, if left out. */
  readonly isTimely?: ((batch: Batch) => Promise<boolean>) | undefined;
  readonly onStep?: ((step: CarryingStep) => void | Promise<void>) | undefined;
};

/** Where a process may be killed. */
export const CARRYING_STEPS = [
  "relayer:certified",
  "relayer:advanced",
  "relayer:delivering",
  "relayer:delivered",
] as const;

export type CarryingStep = (typeof CARRYING_STEPS)[number];

/** What became of messages. */
export type Carriage = Pick<StepReport, "delivered" | "failed" | "uncertified" | "problems">;

/** What became of batches. */
type Carried = {
  /** Ids of the messages for which something was sent, or was to be. */
  readonly attempted: readonly Hex[];
  readonly deliveries: readonly Delivery[];
  readonly uncertified: readonly UncertifiedCheckpoint[];
  readonly problems: readonly StepProblem[];
};

/** Brings what waits on lanes to its destinations: plans batches, has operators sign, delivers. */
export class Carrier {
  readonly #plan: CarrierPlan;

  constructor(plan: CarrierPlan) {
    this.#plan = plan;
  }

  /** Delivers what waits. Never rejects because a chain, an operator or a recipient misbehaves; the answer says what did. */
  async carry(views: readonly LaneView[]): Promise<Carriage & { readonly attempted: readonly Hex[] }> {
    const { limits, advanceFrom } = this.#plan;
    const planned = views.flatMap((view) => planBatches(withoutBusy(view), limits));
    const first = await this.#carry(await this.#timely(planned), advanceFrom);
    const again = replanLost(
      first.deliveries.flatMap(({ lost }) => lost),
      limits,
    );
    const second = await this.#carry(again.batches, Infinity);
    const deliveries = [...first.deliveries, ...second.deliveries];
    return {
      attempted: [...first.attempted, ...second.attempted],
      delivered: deliveries.flatMap(({ delivered }) => delivered),
      failed: deliveries.flatMap(({ failed }) => failed),
      uncertified: [...first.uncertified, ...second.uncertified],
      problems: [...first.problems, ...again.problems, ...deliveries.flatMap(({ problems }) => problems)],
    };
  }

  /** The batches that are to be sent now. Where gas has no price that can be read, nothing waits for a better one. */
  async #timely(batches: readonly Batch[]): Promise<readonly Batch[]> {
    const { isTimely } = this.#plan;
    if (isTimely === undefined) return batches;
    const answers = await Promise.all(batches.map((batch) => isTimely(batch).catch(() => true)));
    return batches.filter((_, place) => answers[place]);
  }

  /** Certifies what batches need, and delivers those that are proven. */
  async #carry(batches: readonly Batch[], advanceFrom: number): Promise<Carried> {
    const { operators, domain, operatorTimeout, onStep } = this.#plan;
    if (batches.length === 0) return { attempted: [], deliveries: [], uncertified: [], problems: [] };
    const requests = planCheckpoints(batches);
    const { certified, uncertified } = await collectCertificates(requests, operators, domain, operatorTimeout);
    await onStep?.("relayer:certified");
    const ready = batches.filter(
      ({ proof }) => proof.kind === "held" || certified.has(checkpointLeaf(proof.checkpoint)),
    );
    const advanced = await advance(ready, certified, advanceFrom);
    await onStep?.("relayer:advanced");
    return {
      attempted: advanced.batches.flatMap(({ messages }) => messages.map(({ id }) => id)),
      deliveries: await this.#deliver(advanced.batches, certified),
      uncertified,
      problems: advanced.problems,
    };
  }

  /** Delivers on all destinations at once, on each as many transactions at a time as its account may have on their way. */
  async #deliver(batches: readonly Batch[], certified: Collected["certified"]): Promise<Delivery[]> {
    const { abis, isAllowed, onStep } = this.#plan;
    const deliver = async (batch: Batch, room: bigint): Promise<Delivery | undefined> => {
      if ((await isAllowed?.(batch)) === false) return undefined;
      await onStep?.("relayer:delivering");
      const delivery = await deliverBatch(batch, certified, abis, room);
      await onStep?.("relayer:delivered");
      return delivery;
    };
    const destinations = new Map(batches.map(({ view: { destination } }) => [destination.id, destination]));
    const deliveries = await Promise.all(
      [...destinations].map(async ([id, destination]) => {
        const own = batches.filter(({ view }) => view.destination.id === id);
        const room = await readRoom(destination.provider);
        return await inParallel(own, senderOf(destination).width, (batch) => deliver(batch, room));
      }),
    );
    return deliveries.flat().filter((delivery) => delivery !== undefined);
  }
}

/** The view without what transactions on their way deliver. */
function withoutBusy(view: LaneView): LaneView {
  const busy = senderOf(view.destination).onTheirWay();
  if (busy.size === 0) return view;
  return { ...view, candidates: view.candidates.filter(({ message }) => !busy.has(message.id)) };
}

/** Does the same with all of these, so many at a time. Answers in their order. */
async function inParallel<T, U>(all: readonly T[], width: number, action: (one: T) => Promise<U>): Promise<U[]> {
  const done: U[] = [];
  const rest = all.entries();
  const work = async (): Promise<void> => {
    for (const [place, one] of rest) done[place] = await action(one);
  };
  await Promise.all(Array.from({ length: Math.min(width, all.length) }, work));
  return done;
}
