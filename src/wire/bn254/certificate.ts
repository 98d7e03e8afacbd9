import { ParleyError } from "../../errors.ts";
import { hexOfSize, inRange, join, uint, type Hex } from "../bytes.ts";
import { Reader } from "../reader.ts";
import { hashToG1, MAX_TRIES, pointByRoots } from "./hashToG1.ts";
import { decodeG1, decodeG2, G1_LENGTH, G2_LENGTH } from "./points.ts";

/** A BN254 certificate (scheme 2): the signature of all operators of a table but those that are absent. */
export type Bn254Certificate = {
  /** Of all signers together, 64 bytes. */
  readonly signature: Hex;
  /** Positions in the table of who did not sign, ascending. */
  readonly absent: readonly number[];
  /** The signers' key in G2, 128 bytes; undefined if nobody is absent: the table has that of all operators. */
  readonly signersKey: Hex | undefined;
};

/**
 * The certificate over a digest, whose roots are put in here. Throws `wire/order` unless the absent ascend
 * strictly, `wire/range` (of them), `wire/signers-key` unless the key is there exactly if somebody is absent, and as `decodeG1`,
 * `decodeG2` and `hashToG1` do.
 */
export function encodeBn254Certificate(certificate: Bn254Certificate, digest: string): Hex {
  const { signature, absent, signersKey } = certificate;
  decodeG1(signature, "signature");
  checkAbsent(absent);
  if ((signersKey === undefined) !== (absent.length === 0)) {
    throw new ParleyError(
      "wire/signers-key",
      `${absent.length} operators are absent, and the signers' key is ${signersKey === undefined ? "missing" : "given"}`,
      "Give the key of those who signed exactly if somebody did not.",
    );
  }
  if (signersKey !== undefined) decodeG2(signersKey, "signers' key");
  const { roots } = hashToG1(digest);
  return join(
    hexOfSize(signature, G1_LENGTH, "signature"),
    uint(BigInt(roots.length), 1, "number of roots"),
    ...roots,
    ...(signersKey === undefined ? [] : [hexOfSize(signersKey, G2_LENGTH, "signers' key")]),
    ...absent.map((index) => uint(BigInt(index), 1, "operator index")),
  );
}

/**
 * What is in a certificate over a digest; says nothing of whose signature it is. Throws `wire/truncated`, `wire/root`,
 * `wire/range` (number of roots), `wire/order`, and as `decodeG1`, `decodeG2` do.
 */
export function decodeBn254Certificate(bytes: string, digest: string): Bn254Certificate {
  const { roots, ...certificate } = readBn254Certificate(bytes);
  pointByRoots(digest, roots);
  return certificate;
}

/**
 * What is in a certificate over whatever digest; says nothing of its roots but that there are such. Throws as
 * {@link decodeBn254Certificate} does, but for `wire/root`.
 */
export function readBn254Certificate(bytes: string): Bn254Certificate & { readonly roots: readonly Hex[] } {
  const reader = new Reader(bytes, "certificate");
  const signature = reader.bytes(G1_LENGTH, "signature");
  decodeG1(signature, "signature");
  const roots = reader.siblings("roots");
  inRange(BigInt(roots.length), 1n, BigInt(MAX_TRIES), "number of roots");
  if (reader.remaining === 0) return { signature, roots, absent: [], signersKey: undefined };
  const signersKey = reader.bytes(G2_LENGTH, "signers' key");
  decodeG2(signersKey, "signers' key");
  const absent = [reader.byte("absent operator")];
  while (reader.remaining > 0) absent.push(reader.byte("absent operator"));
  checkAbsent(absent);
  return { signature, roots, absent, signersKey };
}

/**
 * The positions of all operators of a table with `size` operators that are not absent. Throws `wire/range` if an absent one is not in the
 * table, `wire/empty` if nobody is left.
 */
export function presentOf(absent: readonly number[], size: number): number[] {
  const last = absent.at(-1);
  if (last !== undefined) inRange(BigInt(last), 0n, BigInt(size) - 1n, "absent operator");
  if (absent.length === size) {
    throw new ParleyError(
      "wire/empty",
      "all operators of the table are absent",
      "Collect a quorum's signatures first.",
    );
  }
  const missing = new Set(absent);
  return Array.from({ length: size }, (_, index) => index).filter((index) => !missing.has(index));
}

function checkAbsent(absent: readonly number[]): void {
  for (const [place, index] of absent.entries()) {
    const previous = absent[place - 1];
    if (previous !== undefined && index <= previous) {
      throw new ParleyError(
        "wire/order",
        `operator ${index} follows operator ${previous} among the absent`,
        "Name each absent operator once, in ascending order of indices.",
      );
    }
  }
}
