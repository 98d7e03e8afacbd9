import {
  certificateDigest,
  checkpointLeaf,
  compactSignature,
  countOf,
  isBn254Signature,
  rootOf,
  signerOf,
  toCheckpoint,
  type Bn254Table,
  type CertificateDomain,
  type Checkpoint,
  type Hex,
} from "../../wire/index.ts";
import { ParleyError } from "../../errors.ts";
import { laneKey } from "../signingStore.ts";
import { sharedSignature, type SharedSignature } from "./sharedSignature.ts";

/** A checkpoint, its way to a root, and who signed that root. */
export type SignedStatement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  readonly root: Hex;
  /** Of the root: what was signed. */
  readonly digest: Hex;
  /** As operators answer them (`Certification`), by the id of the signing key in lower case; each was verified. */
  readonly signatures: ReadonlyMap<string, Hex>;
  /** BN254 signatures of several operators at once, by their bytes; each was verified. */
  readonly shared: ReadonlyMap<Hex, SharedSignature>;
};

/** The ids of all keys that signed a statement, in lower case. */
export const voicesOf = ({ signatures, shared }: SignedStatement): ReadonlySet<string> =>
  new Set([...signatures.keys(), ...[...shared.values()].flatMap(({ signers }) => signers)]);

/** A statement as somebody gives it: nothing of it was verified. */
export type GivenStatement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  /** Of operators by themselves. */
  readonly signatures: readonly Hex[];
  /** Of BN254, in which signatures are one. */
  readonly certificates?: readonly Hex[];
};

/**
 * The statement with its signers: those of the signatures that are well-formed, whoever made them, and those that a table names of the
 * certificates. Throws as `toCheckpoint` and `rootOf` do.
 * @param tables Of whose operators certificates may be.
 */
export function signedStatement(
  given: GivenStatement,
  domain: CertificateDomain,
  tables: readonly Bn254Table[] = [],
): SignedStatement {
  const checkpoint = toCheckpoint(given.checkpoint);
  const root = rootOf(checkpointLeaf(checkpoint), given.siblings);
  const digest = certificateDigest(domain, root);
  const signatures = new Map<string, Hex>();
  for (const signature of given.signatures) {
    try {
      signatures.set(signerOf(digest, signature).toLowerCase(), canonical(signature));
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error; // what is no signature, nobody said
    }
  }
  const shared = (given.certificates ?? []).flatMap(
    (certificate) => sharedSignature(certificate, digest, tables) ?? [],
  );
  return {
    checkpoint,
    siblings: given.siblings,
    root,
    digest,
    signatures,
    shared: new Map(shared.map((one) => [one.signature, one])),
  };
}

/** An ECDSA signature in its 64 bytes, a BN254 one as it is. */
const canonical = (signature: Hex): Hex =>
  isBn254Signature(signature) ? signature.toLowerCase() : compactSignature(signature);

/** Where an operator may say one word alone (R24): the lane, the count and the block hash. */
export const placeKey = (checkpoint: Checkpoint): string =>
  `${laneKey(checkpoint)}:${countOf(checkpoint.laneWord)}:${checkpoint.blockHash}`;
