import { ParleyError } from "../errors.ts";
import { hex, join, sizeOf, type Hex } from "./bytes.ts";
import { Bn254Key, type Bn254PublicKey } from "./bn254/keys.ts";
import { G1_LENGTH, G2_LENGTH } from "./bn254/points.ts";
import { areSignedBy } from "./bn254/signatureBatch.ts";
import { isSignedBy } from "./bn254/signatures.ts";
import { recoverSigner } from "./certificate.ts";
import { keyId } from "./keyId.ts";
import { Reader } from "./reader.ts";
import type { KeyType } from "./table.ts";

/** Bytes of a BN254 signature with its signer's key in G1 and G2. */
export const BN254_SIGNATURE_LENGTH = 2 * G1_LENGTH + G2_LENGTH;

/** A BN254 signature of one operator, with the key that verifies it. */
export type Bn254Signature = Bn254PublicKey & {
  /** 64 bytes. */
  readonly signature: Hex;
};

/** Of what type a key is. */
export const keyTypeOf = (key: object): KeyType => (key instanceof Bn254Key ? "bn254" : "ecdsa");

/** Whether an operator's signature is of the BN254 scheme, by its length. Throws `wire/hex`. */
export const isBn254Signature = (signature: string): boolean =>
  sizeOf(hex(signature, "signature")) === BN254_SIGNATURE_LENGTH;

/** An operator's BN254 signature over a digest, with its key: 256 bytes. Throws `wire/hex`, `wire/length`, `wire/no-point`. */
export const signBn254 = (key: Bn254Key, digest: string): Hex =>
  join(key.sign(digest), key.publicKey.g1, key.publicKey.g2);

/** The parts of such a signature; nothing of them is checked. Throws `wire/hex`, `wire/truncated`, `wire/trailing`. */
export function readBn254Signature(bytes: string): Bn254Signature {
  const reader = new Reader(bytes, "signature");
  const parts = {
    signature: reader.bytes(G1_LENGTH, "signature"),
    g1: reader.bytes(G1_LENGTH, "key in G1"),
    g2: reader.bytes(G2_LENGTH, "key in G2"),
  };
  reader.end();
  return parts;
}

/**
 * The id of the key that made an operator's signature over a digest, of either scheme: ECDSA in 64 bytes (EIP-2098) or 65, BN254 in 256.
 * Throws `wire/signature` if no key did, and as `recoverSigner`, `decodeG1` and `decodeG2` do.
 */
export function signerOf(digest: string, signature: string): string {
  if (!isBn254Signature(signature)) return recoverSigner(digest, signature);
  const { g1, g2, signature: point } = readBn254Signature(signature);
  if (isSignedBy({ g1, g2 }, digest, point)) return keyId(g1);
  throw notByItsKey(digest);
}

/** What {@link signerOf} answers for each signature, or throws. Many BN254 signatures take little longer than one. */
export function signersOfEach(digest: string, signatures: readonly string[]): (string | Error)[] {
  const signers = signatures.map((signature): string | Error | Bn254Signature => {
    try {
      return isBn254Signature(signature) ? readBn254Signature(signature) : recoverSigner(digest, signature);
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  });
  const pending = signers.filter((one) => typeof one === "object" && "g1" in one);
  const verified = pending.length === 0 ? [] : areSignedBy(digest, pending);
  const verdicts = new Map(pending.map((one, place) => [one, verified[place]]));
  return signers.map((one) => {
    if (typeof one === "string" || one instanceof Error) return one;
    const verdict = verdicts.get(one);
    if (verdict instanceof Error) return verdict;
    return verdict === true ? keyId(one.g1) : notByItsKey(digest);
  });
}

const notByItsKey = (digest: string): ParleyError =>
  new ParleyError(
    "wire/signature",
    `a BN254 signature over ${digest} is not by the key that is given with it`,
    "Check that it is over this root, under this domain.",
  );
