import { ParleyError } from "../../errors.ts";
import { hexOfSize, inRange, join, uint, type Hex } from "../bytes.ts";
import { Reader } from "../reader.ts";
import { hashToG1, pointByRoots } from "./hashToG1.ts";
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
  return join(
    hexOfSize(signature, G1_LENGTH, "signature"),
    ...hashToG1(digest).roots,
    ...absent.map((index) => uint(BigInt(index), 1, "operator index")),
    ...(signersKey === undefined ? [] : [hexOfSize(signersKey, G2_LENGTH, "signers' key")]),
  );
}

/**
 * What is in a certificate over a digest; says nothing of whose signature it is. Throws `wire/truncated`, `wire/root`,
 * `wire/order`, and as `decodeG1`, `decodeG2` do.
 */
export function decodeBn254Certificate(bytes: string, digest: string): Bn254Certificate {
  const reader = new Reader(bytes, "certificate");
  const signature = readSignature(reader);
  pointByRoots(digest, () => reader.bytes(32, "root"));
  if (reader.remaining === 0) return { signature, absent: [], signersKey: undefined };
  const count = Math.max(1, reader.remaining - G2_LENGTH);
  const absent = Array.from({ length: count }, () => reader.byte("absent operator"));
  checkAbsent(absent);
  const signersKey = reader.bytes(G2_LENGTH, "signers' key");
  decodeG2(signersKey, "signers' key");
  return { signature, absent, signersKey };
}

/** Throws unless bytes begin as a BN254 certificate does, which nothing else does by chance: `wire/truncated`, and as `decodeG1`. */
export function checkBn254Beginning(bytes: string): void {
  const reader = new Reader(bytes, "certificate");
  readSignature(reader);
  reader.bytes(32, "root");
}

function readSignature(reader: Reader): Hex {
  const signature = reader.bytes(G1_LENGTH, "signature");
  decodeG1(signature, "signature");
  return signature;
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
