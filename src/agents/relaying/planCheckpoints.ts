import { checkpointLeaf, type Checkpoint, type Hex } from "../../wire/index.ts";
import type { Batch } from "./planBatches.ts";
import type { Judges, LaneView } from "./lanes.ts";

/** A checkpoint for which a certificate is needed, and who judges it. */
export type CertificateRequest = { readonly checkpoint: Checkpoint; readonly view: LaneView; readonly judges: Judges };

/** The checkpoints that batches of all lanes need, each once: leaves of one tree. */
export function planCheckpoints(batches: readonly Batch[]): CertificateRequest[] {
  const requests = new Map<Hex, CertificateRequest>();
  for (const { proof, view } of batches) {
    if (proof.kind !== "certificate" || view.judges === undefined) continue;
    requests.set(checkpointLeaf(proof.checkpoint), { checkpoint: proof.checkpoint, view, judges: view.judges });
  }
  return [...requests.values()];
}
