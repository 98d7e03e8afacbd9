import { id, recoverAddress, TypedDataEncoder, type Signer, type TypedDataDomain } from "ethers";

import { ParleyError } from "../errors.ts";
import { address, bytes32, hex, inRange, join, shown, sizeOf, uint, type Hex } from "./bytes.ts";
import { Reader } from "./reader.ts";

/** Where certificates are valid: the settlement chain's id and its ServiceManager. */
export type CertificateDomain = {
  readonly settlementChainId: bigint;
  readonly serviceManager: string;
};

/** One operator's signature in a certificate. */
export type OperatorSignature = {
  /** The operator's position in the table: 0 … 255. */
  readonly index: number;
  /** ECDSA: 64 bytes `r ‖ yParityAndS` (EIP-2098), or 65 bytes `r ‖ s ‖ v`. */
  readonly signature: Hex;
};

/** The EIP-712 type that operators sign, in the shape that ethers takes. */
export const CERTIFICATE_TYPES = { Certificate: [{ name: "root", type: "bytes32" }] };

/** `keccak` of the certificate's type (EIP-712). */
export const CERTIFICATE_TYPEHASH: Hex = id("Certificate(bytes32 root)");

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HIGH_BIT = 1n << 255n;

/** The EIP-712 domain of certificates. Throws `wire/address`, `wire/range`. */
export function certificateDomain(domain: CertificateDomain): TypedDataDomain {
  return {
    name: "Parley",
    version: "1",
    chainId: inRange(domain.settlementChainId, 0n, (1n << 256n) - 1n, "settlement chain id"),
    verifyingContract: address(domain.serviceManager, "service manager"),
  };
}

/** What operators sign for a tree of checkpoints: its EIP-712 digest. Throws `wire/hex`, `wire/length`, `wire/address`, `wire/range`. */
export function certificateDigest(domain: CertificateDomain, root: string): Hex {
  return TypedDataEncoder.hash(certificateDomain(domain), CERTIFICATE_TYPES, { root: bytes32(root, "root") });
}

/** Signs a tree's root: 64 bytes (EIP-2098). Throws as {@link certificateDigest} and {@link compactSignature} do. */
export async function signRoot(
  signer: Pick<Signer, "signTypedData">,
  domain: CertificateDomain,
  root: string,
): Promise<Hex> {
  return compactSignature(
    await signer.signTypedData(certificateDomain(domain), CERTIFICATE_TYPES, { root: bytes32(root, "root") }),
  );
}

/**
 * An ECDSA signature in the 64 bytes of EIP-2098, from these or from the 65 bytes `r ‖ s ‖ v` with v in 27, 28, 0, 1.
 * Throws `wire/signature` unless r lies in 1 … n − 1, s in 1 … n/2 (EIP-2), and v is one of these; and `wire/hex`.
 */
export function compactSignature(signature: string): Hex {
  const bytes = hex(signature, "signature");
  const size = sizeOf(bytes);
  if (size !== 64 && size !== 65) throw badSignature(bytes, `has ${size} bytes instead of 64 or 65`);
  const reader = new Reader(bytes, "signature");
  const r = reader.uint(32, "r");
  const second = reader.uint(32, "s");
  const s = size === 64 ? second & ~HIGH_BIT : second;
  if (r === 0n || r >= ORDER) throw badSignature(bytes, "has an r outside 1 … n − 1");
  if (s === 0n || s > ORDER / 2n) throw badSignature(bytes, "has an s outside 1 … n/2");
  if (size === 64) return bytes;
  const v = reader.byte("v");
  if (![0, 1, 27, 28].includes(v)) throw badSignature(bytes, `has v = ${v}`);
  return join(uint(r, 32, "r"), uint(v === 1 || v === 28 ? s | HIGH_BIT : s, 32, "s"));
}

/**
 * An ECDSA certificate (scheme 1) of one or more signatures, given in any order (docs/PROTOCOL.md, Checkpoints).
 * Throws `wire/empty`, `wire/order` if an operator signs twice, `wire/range` (index), `wire/signature`, `wire/hex`.
 */
export function encodeCertificate(signatures: readonly OperatorSignature[]): Hex {
  if (signatures.length === 0) throw emptyCertificate();
  const sorted = [...signatures].sort((a, b) => a.index - b.index);
  return join(
    ...sorted.flatMap(({ index, signature }, place) => {
      checkAscending(sorted[place - 1]?.index, index);
      return [uint(BigInt(index), 1, "operator index"), compactSignature(signature)];
    }),
  );
}

/**
 * The signatures of an ECDSA certificate (scheme 1), each of 64 bytes. Throws `wire/empty`, `wire/truncated`,
 * `wire/order` unless indices ascend strictly, `wire/signature`, `wire/hex`.
 */
export function decodeCertificate(bytes: string): OperatorSignature[] {
  const reader = new Reader(bytes, "certificate");
  if (reader.remaining === 0) throw emptyCertificate();
  const signatures: OperatorSignature[] = [];
  while (reader.remaining > 0) {
    const index = reader.byte("operator index");
    checkAscending(signatures.at(-1)?.index, index);
    signatures.push({ index, signature: compactSignature(reader.bytes(64, "signature")) });
  }
  return signatures;
}

/** The address whose key made a signature. Throws `wire/signature` if no key did, and as {@link compactSignature} does. */
export function recoverSigner(digest: string, signature: string): string {
  const compact = compactSignature(signature);
  try {
    return recoverAddress(bytes32(digest, "digest"), compact);
  } catch (cause) {
    throw badSignature(compact, `is no signature of ${digest} by any key`, cause);
  }
}

function checkAscending(previous: number | undefined, index: number): void {
  if (previous !== undefined && index <= previous) {
    throw new ParleyError(
      "wire/order",
      `operator ${index} follows operator ${previous} in a certificate`,
      "Give each operator's signature once, in ascending order of indices.",
    );
  }
}

function emptyCertificate(): ParleyError {
  return new ParleyError("wire/empty", "a certificate has no signatures", "Collect a quorum's signatures first.");
}

function badSignature(signature: Hex, defect: string, cause?: unknown): ParleyError {
  return new ParleyError(
    "wire/signature",
    `signature ${shown(signature)} ${defect}`,
    "Pass an ECDSA signature with low s (EIP-2) as 64 bytes (EIP-2098) or as 65 bytes r, s, v.",
    { cause },
  );
}
