import { expect } from "chai";

import { ParleyError } from "../../../src/errors.ts";
import {
  certificateDigest,
  checkConflict,
  checkFalsehood,
  checkpointLeaf,
  compactSignature,
  decodeAdvanceProof,
  decodeBatch,
  decodeBn254Certificate,
  decodeCertificate,
  decodeEnvelope,
  decodeEquivocation,
  decodeEquivocationEvidence,
  decodeFalsehoodEvidence,
  decodeGatewayItem,
  decodeInteroperableAddress,
  decodeProof,
  decodeSettlementItem,
  decodeTable,
  encodeAdvanceProof,
  encodeAttributes,
  encodeBatch,
  encodeCertificate,
  encodeEnvelope,
  encodeEquivocation,
  encodeEquivocationEvidence,
  encodeFalsehoodEvidence,
  encodeGatewayItem,
  encodeInteroperableAddress,
  encodeProof,
  encodeSettlementItem,
  encodeTable,
  fold,
  genesis,
  idOf,
  isBn254Signature,
  itemHash,
  keyId,
  Level,
  listedIds,
  memberId,
  messageHash,
  next,
  packOptions,
  readBn254Signature,
  recoverSigner,
  rootOf,
  SCHEME_BN254,
  SCHEME_ECDSA,
  schemeOf,
  signerOf,
  tableId,
  wordOf,
  type Hex,
} from "../../../src/wire/index.ts";
import { expectKnownText, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

/** Asserts that whatever `act` refuses, it says so in a text that is listed. Answers whether it refused. */
function refuses(act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    expectKnownText(error);
    return true;
  }
  return false;
}

/** The value with each of its parts made wrong in turn: bytes cut to one, no hex, a number below zero or too great. */
function* spoiled(value: unknown): Generator {
  if (typeof value === "string") yield* ["0x01", "no hex"];
  else if (typeof value === "bigint") yield* [-1n, 1n << 256n];
  else if (typeof value === "number") yield* [-1, 300];
  else if (Array.isArray(value)) {
    for (const [place, part] of value.entries()) for (const wrong of spoiled(part)) yield value.with(place, wrong);
  } else if (typeof value === "object" && value !== null) {
    for (const [name, part] of Object.entries(value)) {
      for (const wrong of name === "kind" ? [] : spoiled(part)) yield { ...value, [name]: wrong };
    }
  }
}

describe("What the wire format says of what it refuses", () => {
  const item = vectors("item");
  const proof = vectors("proof");
  const bn254 = vectors("bn254");
  const [digest] = vectors("certificate").valid;
  const [{ evidence: equivocation } = expect.fail()] = vectors("evidence").conflicts;
  const last = <Value>(values: readonly Value[]): Value => values.at(-1) ?? expect.fail("no vector");
  const words = vectors("lane").steps;

  const encoders: readonly (readonly [name: string, encode: (...values: never[]) => unknown, ...values: unknown[]])[] =
    [
      ...vectors("batch").valid.map(({ items }) => ["batch", encodeBatch, items] as const),
      ...vectors("batch").valid.map(
        ({ source, destinationChainId, items }) =>
          ["batch's item", itemHash, { source, destinationChainId }, last(items)] as const,
      ),
      ...vectors("message").valid.map(({ message }) => ["message", messageHash, message] as const),
      ...vectors("options").valid.flatMap(({ options }) => [
        ["options", packOptions, options] as const,
        ["attributes", encodeAttributes, options] as const,
      ]),
      ["member", memberId, vectors("member").valid[0]!.at, vectors("member").valid[0]!.member],
      ["account", encodeInteroperableAddress, vectors("interoperableAddress").valid[0]!.account],
      ...vectors("checkpoint").checkpoints.map(({ checkpoint }) => ["checkpoint", checkpointLeaf, checkpoint] as const),
      ["digest", certificateDigest, digest!.domain, digest!.root],
      ["signature", compactSignature, digest!.signatures[0]!.signature],
      ["signer", recoverSigner, digest!.digest, digest!.signatures[0]!.signature],
      ["signer of a scheme", signerOf, digest!.digest, digest!.signatures[0]!.signature],
      ["signature's scheme", isBn254Signature, digest!.signatures[0]!.signature],
      ["certificate", encodeCertificate, digest!.signatures.map(({ index, signature }) => ({ index, signature }))],
      ...proof.deliver.valid.map((one) => ["proof", encodeProof, one.proof] as const),
      ...proof.advance.valid.map((one) => ["proof of advance", encodeAdvanceProof, one.proof] as const),
      ["evidence", encodeEquivocation, last(vectors("evidence").conflicts).evidence],
      ["evidence", encodeEquivocation, { ...equivocation, messageHashes: [equivocation.from] }],
      ["evidence against one", encodeEquivocationEvidence, last(vectors("equivocation").conflicts).evidence],
      ...vectors("falsehood").contradictions.map(
        ({ evidence }) => ["falsehood", encodeFalsehoodEvidence, evidence] as const,
      ),
      ...item.tables.slice(0, 2).map(({ table }) => ["table", encodeTable, table, item.settlement] as const),
      ["table of BN254", encodeTable, bn254.tables[0]!.table, bn254.settlement],
      ...item.settled.map((one) => ["settled item", encodeGatewayItem, one.item, item.settlement] as const),
      ...item.revoked.map((one) => ["revoked item", encodeGatewayItem, one.item, item.settlement] as const),
      ...item.words.map((one) => ["item of a word", encodeSettlementItem, one.item] as const),
      ["envelope", encodeEnvelope, ["0x01", "0x02"]],
      ["table's id", tableId, item.tables[0]!.item],
      ["key's id", keyId, bn254.operators[0]!.g1],
      ["key's id", keyId, item.tables[0]!.table.operators[0]!.key],
      ["word", wordOf, words[0]!.head, words[0]!.count],
      ["first word", genesis, item.settled[0]!.item.source, item.settled[0]!.item.destination],
      ["next word", (hash: Hex) => next(words[0]!.word, hash), words[0]!.messageHash],
      ["message's id", (hash: Hex) => idOf(words[0]!.word, hash), words[0]!.messageHash],
      ["fold", (hashes: Hex[]) => fold(words[0]!.word, hashes), [words[0]!.messageHash]],
      ["root", rootOf, words[0]!.messageHash, [words[0]!.messageHash]],
    ];

  for (const [name, encode, ...values] of encoders) {
    it(`of a ${name} with a part that is wrong`, () => {
      let refused = 0;
      for (const wrong of spoiled(values)) if (refuses(() => encode(...(wrong as never[])))) refused += 1;
      const options = name === "options" || name === "attributes";
      expect(refused > 0 || (options && [...spoiled(values)].length === 0)).to.equal(true);
    });
  }

  const decoders: readonly (readonly [name: string, decode: (bytes: Hex) => unknown, ...valid: Hex[]])[] = [
    [
      "batch",
      decodeBatch,
      ...vectors("batch")
        .valid.slice(0, 4)
        .map(({ bytes }) => bytes),
    ],
    ["certificate", decodeCertificate, digest!.bytes],
    [
      "BN254 certificate",
      (bytes) => decodeBn254Certificate(bytes, bn254.certificates[1]!.digest),
      bn254.certificates[1]!.bytes,
    ],
    ["BN254 signature", readBn254Signature, `0x${"11".repeat(256)}`],
    ["envelope", decodeEnvelope, item.envelopes[0]!.bytes],
    ["evidence", decodeEquivocation, vectors("evidence").conflicts[0]!.bytes],
    ["evidence against one", decodeEquivocationEvidence, vectors("equivocation").conflicts[0]!.bytes],
    ["falsehood", decodeFalsehoodEvidence, vectors("falsehood").contradictions[0]!.bytes],
    ["account", decodeInteroperableAddress, vectors("interoperableAddress").valid[0]!.bytes],
    ["table", (bytes) => decodeTable(bytes, item.settlement), item.tables[0]!.item],
    ["table of BN254", (bytes) => decodeTable(bytes, bn254.settlement), bn254.tables[0]!.item],
    [
      "item to a Gateway",
      (bytes) => decodeGatewayItem(bytes, item.settlement),
      ...[...item.settled, ...item.revoked].map(({ bytes }) => bytes),
    ],
    ["item to Settlement", decodeSettlementItem, ...item.words.map(({ bytes }) => bytes)],
    ["proof", decodeProof, ...proof.deliver.valid.map(({ bytes }) => bytes)],
    ["proof of advance", (bytes) => decodeAdvanceProof(bytes, 1), proof.advance.valid[0]!.bytes],
  ];

  for (const [name, decode, ...valid] of decoders) {
    it(`of a ${name} that is cut off, or goes on, or is no hex`, () => {
      expect(refuses(() => decode("no hex"))).to.equal(true);
      for (const bytes of valid) {
        let refused = 0;
        const step = bytes.length > 1_000 ? 32 : 2;
        for (let end = 2; end < bytes.length; end += step) if (refuses(() => decode(bytes.slice(0, end)))) refused += 1;
        refuses(() => decode(`${bytes}00`));
        expect(refused).to.be.greaterThan(0);
      }
    });
  }

  it("of evidence names the very thing that is missing", () => {
    const reasons: Record<string, string> = {
      "one statement twice": "both have the word",
      "another source": "two lanes",
      "another destination": "two lanes",
      "fast against final": "block hashes",
      "fast words of two blocks": "block hashes",
      "counts differ, no fold": "count 0 instead of 7",
      "folds from the word of a": "is a's own",
      "folds from another count": "count 299 instead of 300",
      "folds to another word": "folding leads to",
      "folds too few messages": "folding leads to",
      "folds 256 messages": "256 messages are folded",
      "a fold between fast words": "not both final",
      "the other way round": "count 300 instead of 303",
      "the very word is settled": "is what is settled",
      "a fold past a word that is settled itself": "is what is settled",
      "a fold from the word that was said": "the one that is not contradicted",
      "a fold from the word that is settled": "the one that is not contradicted",
      "a fold from another count": "count 299 instead of 300",
      "a fold to another word": "folding leads to",
      "a fold of too few messages": "folding leads to",
      "a fold of 256 messages": "256 messages are folded",
      "no messages to a later settled word": "folding leads to",
      "a smaller current count in the same second": "had 6 messages at 1000, not after 1000",
      "a smaller count of an anchor": "not settled as one that was current",
      "a fast word that is settled after all": "is settled after all",
    };
    for (const { name, evidence } of vectors("evidence").noConflicts) {
      expect(expectRefusal(() => checkConflict(evidence), "wire/no-conflict").message).to.include(reasons[name]);
    }
    for (const { name, evidence, facts } of vectors("falsehood").noContradictions) {
      const error = expectRefusal(() => checkFalsehood(evidence, facts), "wire/no-contradiction");
      expect(error.message).to.include(reasons[name]);
    }
    // Of two levels neither may be another one.
    const folded = vectors("evidence").conflicts.find(
      ({ evidence: { messageHashes } }) => messageHashes.length > 0,
    )!.evidence;
    for (const side of ["a", "b"] as const) {
      const checkpoint = { ...folded[side].checkpoint, level: Level.fast, blockHash: item.settled[0]!.item.source };
      const one = { ...folded, [side]: { ...folded[side], checkpoint } };
      expect(expectRefusal(() => checkConflict(one), "wire/no-conflict").message).to.include("not both final");
    }
  });

  it("of a table's kind, and of a signature that goes on", () => {
    const table = item.tables[0]!;
    const { message } = expectRefusal(() => decodeTable(`0x02${table.item.slice(4)}`, item.settlement), "wire/kind");
    expect(message).to.include("kind 2, not 1");
    expectRefusal(() => readBn254Signature(`0x${"11".repeat(257)}`), "wire/trailing");
  });

  it("knows the schemes of key types, and the ids that a table lists", () => {
    expect([schemeOf("ecdsa"), schemeOf("bn254")]).to.deep.equal([SCHEME_ECDSA, SCHEME_BN254]);
    const { table } = item.tables[0]!;
    const ids = listedIds(table);
    expect(ids).to.deep.equal(table.operators.map(({ key }) => key.toLowerCase()));
    expect(listedIds(table)).to.equal(ids);
  });
});
