import {
  certificateDigest,
  checkpointLeaf,
  compactSignature,
  countOf,
  recoverSigner,
  rootOf,
  toCheckpoint,
  type CertificateDomain,
  type Checkpoint,
  type Hex,
} from "../../wire/index.ts";
import { ParleyError } from "../../errors.ts";
import { laneKey } from "../signingStore.ts";

/** A checkpoint, its way to a root, and who signed that root. */
export type SignedStatement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  readonly root: Hex;
  /** Each of 64 bytes (EIP-2098), by the address of the signing key in lower case; each was verified. */
  readonly signatures: ReadonlyMap<string, Hex>;
};

/** A statement as somebody gives it: nothing of it was verified. */
export type GivenStatement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  readonly signatures: readonly Hex[];
};

/**
 * The statement with its signers: those of the signatures that are well-formed, whoever made them.
 * Throws as `toCheckpoint` and `rootOf` do.
 */
export function signedStatement(given: GivenStatement, domain: CertificateDomain): SignedStatement {
  const checkpoint = toCheckpoint(given.checkpoint);
  const root = rootOf(checkpointLeaf(checkpoint), given.siblings);
  const digest = certificateDigest(domain, root);
  const signatures = new Map<string, Hex>();
  for (const signature of given.signatures) {
    try {
      signatures.set(recoverSigner(digest, signature).toLowerCase(), compactSignature(signature));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error; // what is no signature, nobody said
    }
  }
  return { checkpoint, siblings: given.siblings, root, signatures };
}

/** Where an operator may say one word alone (R24): the lane, the count and the block hash. */
export const placeKey = (checkpoint: Checkpoint): string =>
  `${laneKey(checkpoint)}:${countOf(checkpoint.laneWord)}:${checkpoint.blockHash}`;
