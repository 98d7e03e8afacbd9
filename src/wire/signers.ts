import { ParleyError } from "../errors.ts";
import { aggregateG2Keys, aggregateSignatures } from "./bn254/signatures.ts";
import { encodeBn254Certificate } from "./bn254/certificate.ts";
import { checkBn254Certificate } from "./bn254/checkCertificate.ts";
import type { Hex } from "./bytes.ts";
import { decodeCertificate, encodeCertificate, recoverSigner, type OperatorSignature } from "./certificate.ts";
import { keyId } from "./keyId.ts";
import { readBn254Signature } from "./operatorSignature.ts";
import { SCHEME_BN254, type Bn254Table, type EcdsaTable, type OperatorTable } from "./table.ts";

/**
 * The positions of those operators of a table who signed a certificate over `digest`, ascending; each was verified.
 * Throws `wire/signer` if an ECDSA signature is not its operator's, and as `decodeCertificate` or `checkBn254Certificate` do.
 */
export function signersOf(table: OperatorTable, digest: string, certificate: string): number[] {
  if (table.scheme === SCHEME_BN254) {
    const { operators, aggregateKey } = table;
    return checkBn254Certificate({ keys: operators.map(({ key }) => key), allKey: aggregateKey }, digest, certificate);
  }
  return decodeCertificate(certificate).map(({ index, signature }) => {
    checkSigner(table, index, recoverSigner(digest, signature));
    return index;
  });
}

/** The weight of those who signed a certificate over `digest`. Throws as {@link signersOf} does. */
export const signedWeight = (table: OperatorTable, digest: string, certificate: string): bigint =>
  signersOf(table, digest, certificate).reduce((sum, index) => sum + (table.operators[index]?.weight ?? 0n), 0n);

/**
 * The certificate that the signatures of a table's operators make together, in its scheme. Takes them for verified, and each for
 * the one of the operator at its index. Throws as `encodeCertificate` or `encodeBn254Certificate` do.
 */
export function makeCertificate(table: OperatorTable, digest: string, signatures: readonly OperatorSignature[]): Hex {
  if (table.scheme !== SCHEME_BN254) return encodeCertificate(signatures);
  const parts = signatures.map(({ index, signature: bytes }) => {
    const { signature, g2: key } = readBn254Signature(bytes);
    return { indices: [index], signature, key };
  });
  return joinSignatures(table, digest, parts);
}

/** A BN254 signature that some of a table's operators share. */
export type SignaturePart = {
  /** Positions of those who signed. */
  readonly indices: readonly number[];
  /** 64 bytes. */
  readonly signature: Hex;
  /** Their key in G2, 128 bytes. */
  readonly key: Hex;
};

/**
 * The BN254 certificate that several signatures make together, none of which shares a signer with another; verified.
 * Throws as `encodeBn254Certificate` does.
 */
export function joinSignatures(table: Bn254Table, digest: string, parts: readonly SignaturePart[]): Hex {
  const present = new Set(parts.flatMap(({ indices }) => indices));
  const absent = [...table.operators.keys()].filter((index) => !present.has(index));
  const signersKey = absent.length === 0 ? undefined : aggregateG2Keys(parts.map(({ key }) => key));
  const signature = aggregateSignatures(parts.map((part) => part.signature));
  return encodeBn254Certificate({ signature, absent, signersKey }, digest);
}

function checkSigner({ operators }: EcdsaTable, index: number, signer: string): void {
  const operator = operators[index];
  if (operator !== undefined && keyId(operator.key) === signer) return;
  throw new ParleyError(
    "wire/signer",
    `signature ${index} is by ${signer}, the table's operator ${index} is ${operator?.key ?? "none"}`,
    "Check that the signature is over this root, under this domain, and that the table is the one in force.",
  );
}
