import { checkpointLeaf, countOf, Level, type Checkpoint, type Hex } from "../../wire/index.ts";
import { batchGas, NO_CERTIFICATE } from "./batchGas.ts";
import type { Certified } from "./collectCertificates.ts";
import type { Batch } from "./planBatches.ts";

/** Checkpoints of several lanes to one destination, under one certificate, and the batches that then need none of their own. */
export type AdvancePlan = {
  readonly destination: Batch["view"]["destination"];
  readonly checkpoints: readonly Checkpoint[];
  readonly batches: readonly Batch[];
};

/**
 * Where it costs less to have a destination hold the final words of `lanes` lanes or more than to show it the certificate
 * with each one's batch. Of a lane, the batch that ends last counts: one final word is held.
 */
export function planAdvances(
  batches: readonly Batch[],
  certified: ReadonlyMap<Hex, Certified>,
  lanes: number,
): AdvancePlan[] {
  const last = new Map<string, { batch: Batch; checkpoint: Checkpoint; group: string }>();
  for (const batch of batches) {
    if (batch.proof.kind !== "certificate" || batch.proof.checkpoint.level !== Level.final) continue;
    const { checkpoint } = batch.proof;
    const found = certified.get(checkpointLeaf(checkpoint));
    const lane = `${checkpoint.source}:${checkpoint.destination}`;
    const before = last.get(lane);
    if (found === undefined) continue;
    if (before !== undefined && countOf(before.checkpoint.laneWord) >= countOf(checkpoint.laneWord)) continue;
    last.set(lane, { batch, checkpoint, group: `${checkpoint.destination}:${found.certificate}` });
  }
  const groups = new Map<string, { batch: Batch; checkpoint: Checkpoint }[]>();
  for (const { batch, checkpoint, group } of last.values()) {
    groups.set(group, [...(groups.get(group) ?? []), { batch, checkpoint }]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length < lanes) return [];
    return [
      {
        destination: first.batch.view.destination,
        checkpoints: group.map(({ checkpoint }) => checkpoint),
        batches: group.map(({ batch }) => batch),
      },
    ];
  });
}

/** The batch, proven by the word that its destination has come to hold. */
export const byHeldWord = (batch: Batch): Batch => ({
  ...batch,
  proof: { kind: "held", level: Level.final },
  gas: batchGas(batch.items, NO_CERTIFICATE),
});
