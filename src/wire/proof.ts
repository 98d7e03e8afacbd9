import { ZeroHash } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, hex, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";
import { certifiableLevel, checkedBlockHash } from "./checkpoint.ts";
import { Level, toLevel } from "./levels.ts";
import { Reader } from "./reader.ts";

/** A proof of `deliver`: the word that the Inbox holds at this level. */
export type HeldProof = { readonly kind: "held"; readonly level: Level };

/** A proof of `deliver`: a certificate in the same transaction, and the way from the checkpoint to its root. */
export type CertificateProof = {
  readonly kind: "certificate";
  /** Fast or final. */
  readonly level: Level;
  /** Seconds since 1970. */
  readonly reachedBy: bigint;
  /** At level fast the block in which the word was read; at level final zero. */
  readonly blockHash: Hex;
  /** From the checkpoint's leaf to the root, from the bottom up; at most 255. */
  readonly siblings: readonly Hex[];
  /** Over the root, in the scheme of the table in force. */
  readonly certificate: Hex;
};

/** A proof of `deliver`. */
export type Proof = HeldProof | CertificateProof;

/** The proof of `advance`: each checkpoint's siblings, in order, and the certificate over their common root. */
export type AdvanceProof = {
  readonly siblings: readonly (readonly Hex[])[];
  readonly certificate: Hex;
};

const HELD = 0;
const CERTIFICATE = 1;

/**
 * The `proof` of `deliver` (docs/PROTOCOL.md, Proofs). Throws `wire/level`, `wire/block-hash`, `wire/range` (reachedBy,
 * number of siblings), `wire/empty` (certificate), `wire/hex`, `wire/length`.
 */
export function encodeProof(proof: Proof): Hex {
  if (proof.kind === "held") {
    return join(uint(BigInt(HELD), 1, "kind"), uint(BigInt(toLevel(proof.level, "level")), 1, "level"));
  }
  const level = certifiableLevel(proof.level);
  const blockHash = checkedBlockHash(level, proof.blockHash);
  return join(
    uint(BigInt(CERTIFICATE), 1, "kind"),
    uint(BigInt(level), 1, "level"),
    uint(inRange(proof.reachedBy, 0n, maxUint(64), "reachedBy"), 8, "reachedBy"),
    level === Level.fast ? blockHash : "0x",
    encodeSiblings(proof.siblings),
    checkedCertificate(proof.certificate),
  );
}

/**
 * What the `proof` of `deliver` says. Throws `wire/hex`, `wire/truncated`, `wire/trailing`, `wire/kind`, `wire/level`,
 * `wire/block-hash`, `wire/empty` (certificate). The certificate itself stays as it is: its scheme is the table's.
 */
export function decodeProof(bytes: string): Proof {
  const reader = new Reader(bytes, "proof");
  const kind = reader.byte("kind");
  if (kind === HELD) {
    const level = toLevel(reader.byte("level"), "level");
    reader.end();
    return { kind: "held", level };
  }
  if (kind !== CERTIFICATE) {
    throw new ParleyError("wire/kind", `a proof is of kind ${kind}`, "Use 0 (held word) or 1 (certificate).");
  }
  const level = certifiableLevel(reader.byte("level"));
  return {
    kind: "certificate",
    level,
    reachedBy: reader.uint(8, "reachedBy"),
    blockHash: checkedBlockHash(level, level === Level.fast ? reader.bytes(32, "block hash") : ZeroHash),
    siblings: reader.siblings("siblings"),
    certificate: checkedCertificate(reader.rest()),
  };
}

/** The `proof` of `advance` (docs/PROTOCOL.md, Proofs). Throws `wire/range` (number of siblings), `wire/empty`, `wire/hex`, `wire/length`. */
export function encodeAdvanceProof(proof: AdvanceProof): Hex {
  return join(...proof.siblings.map(encodeSiblings), checkedCertificate(proof.certificate));
}

/**
 * What the `proof` of `advance` says about `checkpoints` checkpoints.
 * Throws `wire/hex`, `wire/truncated`, `wire/empty` (certificate).
 */
export function decodeAdvanceProof(bytes: string, checkpoints: number): AdvanceProof {
  const reader = new Reader(bytes, "proof of advance");
  const siblings = Array.from({ length: checkpoints }, () => reader.siblings("siblings"));
  return { siblings, certificate: checkedCertificate(reader.rest()) };
}

function encodeSiblings(siblings: readonly string[]): Hex {
  return join(
    uint(BigInt(siblings.length), 1, "number of siblings"),
    ...siblings.map((sibling) => bytes32(sibling, "sibling")),
  );
}

function checkedCertificate(certificate: string): Hex {
  const bytes = hex(certificate, "certificate");
  if (bytes === "0x") {
    throw new ParleyError("wire/empty", "a proof has no certificate", "Put the quorum's certificate at the end.");
  }
  return bytes;
}
