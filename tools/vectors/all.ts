import { batchVectors } from "./batch.ts";
import { bn254Vectors } from "./bn254.ts";
import { certificateVectors } from "./certificate.ts";
import { checkpointVectors } from "./checkpoint.ts";
import { equivocationVectors } from "./equivocation.ts";
import { evidenceVectors } from "./evidence.ts";
import { falsehoodVectors } from "./falsehood.ts";
import { interoperableAddressVectors } from "./interoperableAddress.ts";
import { itemVectors } from "./item.ts";
import { laneVectors } from "./lane.ts";
import { memberVectors } from "./member.ts";
import { messageVectors } from "./message.ts";
import { optionsVectors } from "./options.ts";
import { proofVectors } from "./proof.ts";

/** What makes each file of vectors, by the file's name without `.json`. */
export const builders = {
  batch: batchVectors,
  bn254: bn254Vectors,
  certificate: certificateVectors,
  checkpoint: checkpointVectors,
  equivocation: equivocationVectors,
  evidence: evidenceVectors,
  falsehood: falsehoodVectors,
  interoperableAddress: interoperableAddressVectors,
  item: itemVectors,
  lane: laneVectors,
  member: memberVectors,
  message: messageVectors,
  options: optionsVectors,
  proof: proofVectors,
};

/** The name of a file of vectors. */
export type VectorName = keyof typeof builders;

/** What a file of vectors holds. */
export type Vectors<Name extends VectorName> = ReturnType<(typeof builders)[Name]>;
