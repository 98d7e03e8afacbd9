import type { Checkpoint, Hex } from "../wire/index.ts";

/** Why an operator does not sign a checkpoint. */
export type Refusal = {
  /** The checkpoint's place in the request. */
  readonly index: number;
  /** Stable, `operator/…`, `signing/…`, `chain/…` or `wire/…`. */
  readonly code: string;
  /** For people. */
  readonly reason: string;
};

/** What an operator answers. It signs the root over all checkpoints, or nothing. */
export type Certification = {
  /** Root of the tree that it made of the checkpoints; undefined if one is malformed. */
  readonly root: Hex | undefined;
  /**
   * Over the root's certificate digest; undefined if any checkpoint is refused. ECDSA: 64 bytes (EIP-2098). BN254: 256 bytes, the signature
   * and its key (`signBn254`).
   */
  readonly signature: Hex | undefined;
  readonly refused: readonly Refusal[];
};

/** An operator as a relayer meets it: in this process (`Operator`), or over the network. */
export type OperatorClient = {
  /** Id of its signing key, as operator tables list it: an ECDSA key's address. */
  readonly address: string;
  /** Asks it to sign the tree of these checkpoints. May reject: the operator counts as silent then. */
  certify(checkpoints: readonly Checkpoint[]): Promise<Certification>;
};
