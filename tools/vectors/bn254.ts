import { bn254 } from "@noble/curves/bn254.js";

import { join, uint } from "../../src/wire/bytes.ts";
import { fieldElement } from "../../src/wire/bn254/field.ts";
import { decodeG1, decodeG2, encodeG1 } from "../../src/wire/bn254/points.ts";
import {
  aggregateG1Keys,
  aggregateG2Keys,
  aggregateSignatures,
  Bn254Key,
  checkBn254Certificate,
  decodeTable,
  encodeBn254Certificate,
  encodeRegistrarKey,
  encodeTable,
  FIELD_PRIME,
  GROUP_ORDER,
  hashToG1,
  keyId,
  presentOf,
  SCHEME_BN254,
  tableId,
  type Bn254Table,
  type Hex,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import type { Random } from "./random.ts";
import { refusedBytes } from "./refused.ts";

const ZERO = uint(0n, 32, "zero");

/** Points, hashes to the curve, keys and signatures of the BN254 scheme, and certificates by the operators of a table. */
export const bn254Vectors = ((random) => {
  const keys = Array.from({ length: 7 }, () => new Bn254Key(uint(random.uint(253) + 1n, 32, "secret")))
    .map((key) => ({ key, g1: key.publicKey.g1, g2: key.publicKey.g2 }))
    .sort((a, b) => (a.g1 < b.g1 ? -1 : 1))
    .map((operator, index) => ({ ...operator, weight: BigInt(index + 1) * 10n ** 18n }));
  const signers = { keys: keys.map(({ g1 }) => g1), allKey: aggregateG2Keys(keys.map(({ g2 }) => g2)) };
  const sign = (digest: Hex, present: readonly number[]): Hex =>
    aggregateSignatures(keys.filter((_, index) => present.includes(index)).map(({ key }) => key.sign(digest)));
  const keyOf = (present: readonly number[]): Hex =>
    aggregateG2Keys(keys.filter((_, index) => present.includes(index)).map(({ g2 }) => g2));
  const certify = (digest: Hex, absent: readonly number[]): Hex => {
    const present = presentOf(absent, keys.length);
    const signersKey = absent.length === 0 ? undefined : keyOf(present);
    return encodeBn254Certificate({ signature: sign(digest, present), absent, signersKey }, digest);
  };
  const digests = [1, 2, 3, 4, 7].map((tries) => digestOf(random, tries));
  const absences = [[], [3], [0, 6], [0, 1, 2, 3, 5, 6], []];
  const digest = digestOf(random, 2);
  const whole = certify(digest, []);
  const some = certify(digest, [1, 4]);
  const parts = partsOf(some);
  const bad = refusedBytes((bytes) => checkBn254Certificate(signers, digest, bytes));
  const [first, second] = parts.roots as [Hex, Hex];
  const withRoots = (...roots: Hex[]): Hex =>
    join(parts.signature, uint(BigInt(roots.length), 1, "n"), ...roots, parts.signersKey, parts.absent);
  const withSignature = (signature: Hex): Hex => join(signature, "0x02", first, second, parts.signersKey, parts.absent);
  const withAbsent = (absent: Hex, signersKey = parts.signersKey): Hex =>
    join(parts.signature, "0x02", first, second, signersKey, absent);
  const badG1 = refusedBytes((bytes) => decodeG1(bytes, "point"));
  const badG2 = refusedBytes((bytes) => decodeG2(bytes, "point"));
  const { g1, g2 } = keys[0] as { g1: Hex; g2: Hex };
  const wrongSubgroup = outsideOfG2(random);
  const stranger = new Bn254Key(uint(random.uint(253) + 1n, 32, "secret"));

  const at = { chainId: 1n, settlement: random.address() };
  const table: Bn254Table = {
    scheme: SCHEME_BN254,
    snapshot: 1_790_000_000n,
    expiry: 1_790_086_400n,
    weightFloor: 10n ** 18n,
    members: [{ chainId: 5n, gateway: random.address(), certifiableUntil: 1_791_000_000n, flags: 0 }],
    aggregateKey: signers.allKey,
    operators: keys.map(({ g1: key, weight }) => ({ key, weight })),
  };
  const alone = { ...table, aggregateKey: g2, operators: table.operators.slice(0, 1) };
  const [head, operators] = tableParts(encodeTable(table, at));
  const withKeys = (...parts: Hex[]): Hex => join(head, ...parts);
  const [first1, second1, ...others] = operators as [Hex, Hex, ...Hex[]];
  const weightOf = (operator: Hex): Hex => `0x${operator.slice(-24)}`;
  const badTable = refusedBytes((bytes) => decodeTable(bytes, at));

  return {
    fieldPrime: FIELD_PRIME,
    groupOrder: GROUP_ORDER,
    hashes: digests.map((one) => {
      const { point, roots } = hashToG1(one);
      return { digest: one, point: encodeG1(point), roots };
    }),
    operators: keys.map(({ key, g1: inG1, g2: inG2, weight }) => ({
      secret: key.secret,
      g1: inG1,
      g2: inG2,
      keyId: keyId(inG1),
      registrarKey: encodeRegistrarKey(key.publicKey),
      weight,
    })),
    allG1: aggregateG1Keys(signers.keys),
    allG2: signers.allKey,
    signatures: digests.map((one, place) => ({ operator: place, digest: one, signature: keys[place]?.key.sign(one) })),
    possessions: digests.map((one, place) => ({
      operator: place,
      digest: one,
      signature: keys[place]?.key.provePossession(one),
    })),
    certificates: digests.map((one, place) => {
      const absent = absences[place] ?? [];
      const present = presentOf(absent, keys.length);
      const bytes = certify(one, absent);
      checkBn254Certificate(signers, one, bytes);
      const signedWeight = present.reduce((sum, index) => sum + (keys[index]?.weight ?? 0n), 0n);
      return { digest: one, absent, signature: sign(one, present), signersKey: keyOf(present), bytes, signedWeight };
    }),
    invalidDigest: digest,
    invalidCertificates: [
      bad("empty", "wire/truncated", "0x"),
      bad("signature alone", "wire/truncated", parts.signature),
      bad("no roots", "wire/range", withRoots()),
      bad("cut off within the roots", "wire/truncated", join(parts.signature, "0x02", first)),
      bad("cut off within the signers' key", "wire/truncated", withAbsent("0x", parts.signersKey.slice(0, -2))),
      bad("33 roots", "wire/range", withRoots(first, ...Array.from({ length: 32 }, () => second))),
      bad("signature of the identity", "wire/identity", withSignature(join(ZERO, ZERO))),
      bad("signature not reduced", "wire/unreduced", withSignature(unreduced(parts.signature))),
      bad("signature off the curve", "wire/off-curve", withSignature(off(parts.signature))),
      bad("signature by another key", "wire/signature", withSignature(stranger.sign(digest))),
      bad("negated signature", "wire/signature", withSignature(negated(parts.signature))),
      bad("signature of the absent too", "wire/signature", withSignature(partsOf(whole).signature)),
      bad("odd first root", "wire/root", withRoots(odd(first), second)),
      bad("odd last root", "wire/root", withRoots(first, odd(second))),
      bad("first root not reduced", "wire/unreduced", withRoots(unreduced(first), second)),
      bad("last root not reduced", "wire/unreduced", withRoots(first, unreduced(second))),
      bad("one root too many", "wire/root", withRoots(first, second, second)),
      bad("first try left out", "wire/root", withRoots(second)),
      bad("last try left out", "wire/root", withRoots(first)),
      bad("roots swapped", "wire/root", withRoots(second, first)),
      bad("root of zero", "wire/root", withRoots(ZERO, second)),
      bad("descending absent", "wire/order", withAbsent("0x0401")),
      bad("absent twice", "wire/order", withAbsent("0x010104")),
      bad("absent beyond the table", "wire/range", withAbsent("0x010407")),
      bad("everybody absent", "wire/empty", withAbsent("0x00010203040506")),
      bad("absent without the signers' key", "wire/truncated", withAbsent("0x0104", "0x")),
      bad("signers' key without absent", "wire/truncated", withAbsent("0x")),
      bad("one absent too many", "wire/signature", withAbsent("0x010405")),
      bad("one absent too few", "wire/signature", withAbsent("0x01")),
      bad("signers' key of the identity", "wire/identity", withAbsent("0x0104", join(ZERO, ZERO, ZERO, ZERO))),
      bad("signers' key not reduced", "wire/unreduced", withAbsent("0x0104", unreduced(parts.signersKey))),
      bad("signers' key off the curve", "wire/off-curve", withAbsent("0x0104", off(parts.signersKey))),
      bad("signers' key of the wrong subgroup", "wire/wrong-subgroup", withAbsent("0x0104", wrongSubgroup)),
      bad("signers' key of all operators", "wire/signature", withAbsent("0x0104", signers.allKey)),
      bad(
        "signers' key with its imaginary parts last",
        "wire/off-curve",
        withAbsent("0x0104", flipped(parts.signersKey)),
      ),
      bad("rogue key in G2, signed by it", "wire/signature", rogue(digest, stranger, parts)),
    ],
    settlement: at,
    tables: [table, alone].map((one) => ({
      table: one,
      item: encodeTable(one, at),
      tableId: tableId(encodeTable(one, at)),
    })),
    invalidTables: [
      badTable("no operators", "wire/range", withKeys(signers.allKey)),
      badTable("no aggregate key", "wire/truncated", head),
      badTable("cut off", "wire/truncated", encodeTable(table, at).slice(0, -2)),
      badTable("operators descending", "wire/order", withKeys(signers.allKey, second1, first1, ...others)),
      badTable("an operator twice", "wire/order", withKeys(signers.allKey, first1, ...operators)),
      badTable("no weight", "wire/zero", withKeys(g2, join(g1, uint(0n, 12, "weight")))),
      badTable(
        "key of the identity",
        "wire/identity",
        withKeys(signers.allKey, join(ZERO, ZERO, weightOf(first1)), ...operators),
      ),
      badTable("key off the curve", "wire/off-curve", withKeys(g2, join(off(g1), weightOf(first1)))),
      badTable("key not reduced", "wire/unreduced", withKeys(g2, join(unreduced(g1), weightOf(first1)))),
      badTable("aggregate key of others", "wire/key-mismatch", withKeys(signers.allKey, second1, ...others)),
      badTable("aggregate key of the identity", "wire/identity", withKeys(join(ZERO, ZERO, ZERO, ZERO), ...operators)),
      badTable("aggregate key of the wrong subgroup", "wire/wrong-subgroup", withKeys(wrongSubgroup, ...operators)),
      badTable("keys that cancel out", "wire/identity", cancelledOut(head, g1, signers.allKey)),
    ],
    invalidG1: [
      badG1("identity", "wire/identity", join(ZERO, ZERO)),
      badG1("x not reduced", "wire/unreduced", unreduced(g1)),
      badG1("y not reduced", "wire/unreduced", join(`0x${g1.slice(2, 66)}`, uint(FIELD_PRIME, 32, "y"))),
      badG1("off the curve", "wire/off-curve", off(g1)),
    ],
    invalidG2: [
      badG2("identity", "wire/identity", join(ZERO, ZERO, ZERO, ZERO)),
      badG2("not reduced", "wire/unreduced", unreduced(g2)),
      badG2("off the curve", "wire/off-curve", off(g2)),
      badG2("imaginary parts last", "wire/off-curve", flipped(g2)),
      badG2("of the wrong subgroup", "wire/wrong-subgroup", wrongSubgroup),
    ],
  };
}) satisfies Build;

/** A digest that needs this many tries. */
function digestOf(random: Random, tries: number): Hex {
  for (;;) {
    const digest = random.hash();
    if (hashToG1(digest).roots.length === tries) return digest;
  }
}

/** A table's bytes before its keys, which is of one member, and each operator's. */
function tableParts(item: Hex): [head: Hex, operators: Hex[]] {
  const operatorsAt = 2 + 2 * (31 + 37 + 128);
  const operators = item.slice(operatorsAt).match(/.{152}/g) ?? [];
  return [`0x${item.slice(2, 2 + 2 * (31 + 37))}`, operators.map((digits) => `0x${digits}`)];
}

/** A table of a key and its negative, whose sum is the identity. */
function cancelledOut(head: Hex, g1: Hex, aggregateKey: Hex): Hex {
  const pair = [g1, negated(g1)].sort();
  return join(head, aggregateKey, ...pair.map((key) => join(key, uint(1n, 12, "weight"))));
}

type Parts = { signature: Hex; roots: Hex[]; absent: Hex; signersKey: Hex };

/** A certificate with two absent, taken apart. */
function partsOf(bytes: Hex): Parts {
  const digits = bytes.slice(2);
  const [signature, rest] = [digits.slice(0, 128), digits.slice(128)];
  return {
    signature: `0x${signature}`,
    roots: [`0x${rest.slice(2, 66)}`, `0x${rest.slice(66, 130)}`],
    signersKey: `0x${rest.slice(130, 386)}`,
    absent: `0x${rest.slice(386)}`,
  };
}

/** A signature by a key of which no operator knows, with that key in G2: what an unbound G2 would let through. */
function rogue(digest: Hex, key: Bn254Key, { roots, absent }: Parts): Hex {
  return join(key.sign(digest), "0x02", ...roots, key.publicKey.g2, absent);
}

const wordsOf = (bytes: Hex): Hex[] => (bytes.slice(2).match(/.{64}/g) ?? []).map((digits) => `0x${digits}`);

/** The same first coordinate, written with the prime added. */
const unreduced = (bytes: Hex): Hex => {
  const [first, ...rest] = wordsOf(bytes) as [Hex, ...Hex[]];
  return join(uint(fieldElement(first, "coordinate") + FIELD_PRIME, 32, "coordinate"), ...rest);
};

/** A last coordinate that is one too large. */
const off = (bytes: Hex): Hex => {
  const words = wordsOf(bytes);
  const last = BigInt(words.pop() ?? ZERO);
  return join(...words, uint((last + 1n) % FIELD_PRIME, 32, "coordinate"));
};

const odd = (root: Hex): Hex => uint(FIELD_PRIME - BigInt(root), 32, "root");

const negated = (g1: Hex): Hex => join(`0x${g1.slice(2, 66)}`, odd(`0x${g1.slice(66)}`));

const flipped = (g2: Hex): Hex => {
  const [x1, x0, y1, y0] = wordsOf(g2) as [Hex, Hex, Hex, Hex];
  return join(x0, x1, y0, y1);
};

/** A point of the curve of G2 that is not in G2: there are many more of these. */
function outsideOfG2(random: Random): Hex {
  const { Fp2 } = bn254.fields;
  const { b } = bn254.G2.Point.CURVE();
  for (;;) {
    const x = { c0: BigInt(random.hash()) % FIELD_PRIME, c1: BigInt(random.hash()) % FIELD_PRIME };
    const square = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      const y = Fp2.sqrt(square);
      return join(...[x.c1, x.c0, y.c1, y.c0].map((part) => uint(part, 32, "coordinate")));
    } catch {
      // No square: another x.
    }
  }
}
