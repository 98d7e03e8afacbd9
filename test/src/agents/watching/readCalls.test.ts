import { expect } from "chai";
import { id, ZeroAddress } from "ethers";

import { readCalls } from "../../../../src/agents/watching/readCalls.ts";
import { encodeBatch, encodeProof, fold, genesis, Level, memberId, ZERO_WORD } from "../../../../src/wire/index.ts";
import { IGateway__factory } from "../../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";

const AT = { chainId: 1n, settlement: "0x00000000000000000000000000000000000000aa" };
const SOURCE = { chainId: 2n, gateway: "0x00000000000000000000000000000000000000bb" };
const GATEWAY = { id: memberId(AT, { ...SOURCE, chainId: 3n }), chainId: 3n };

const abi = IGateway__factory.createInterface();
const signature = `0x${"11".repeat(64)}`;
const certificate = `0x00${signature.slice(2)}`;
const hashes = [id("one"), id("two")];
const start = genesis(memberId(AT, SOURCE), GATEWAY.id);
const items = encodeBatch(hashes.map((messageHash) => ({ kind: "skip", messageHash })));
const proof = {
  kind: "certificate",
  level: Level.fast,
  reachedBy: 7n,
  blockHash: id("b"),
  siblings: [id("s")],
} as const;
const deliver = abi.encodeFunctionData("deliver", [SOURCE, items, encodeProof({ ...proof, certificate }), start]);

const NOTHING = { statements: [], folds: [], calls: 0 };

describe("readCalls", () => {
  it("reads the checkpoint, the certificate and the fold of a delivery", () => {
    expect(readCalls(deliver, true, GATEWAY, AT)).to.deep.equal({
      statements: [
        {
          checkpoint: {
            source: memberId(AT, SOURCE),
            destination: GATEWAY.id,
            laneWord: fold(start, hashes),
            ...{ reachedBy: 7n, level: Level.fast, blockHash: id("b") },
          },
          siblings: [id("s")],
          signatures: [signature],
        },
      ],
      folds: [{ from: start, messageHashes: hashes }],
      calls: 1,
    });
  });

  it("reads a delivery by a held word as a fold alone", () => {
    const held = encodeProof({ kind: "held", level: Level.final });
    const call = abi.encodeFunctionData("deliver", [SOURCE, items, held, start]);
    const { statements, folds, calls } = readCalls(call, true, GATEWAY, AT);
    expect([statements, folds.length, calls]).to.deep.equal([[], 1, 1]);
  });

  it("finds calls that other data carries, and those alone", () => {
    const other = abi.encodeFunctionData("setAcceptAll", [true]);
    const carrier = `0x12345678${"00".repeat(5)}${deliver.slice(2)}${"00".repeat(28)}${deliver.slice(2)}`;
    expect(readCalls(carrier, false, GATEWAY, AT).statements).to.have.lengthOf(2);
    expect(readCalls(other, false, GATEWAY, AT)).to.deep.equal(NOTHING);
    expect(readCalls(other, true, GATEWAY, AT)).to.deep.equal(NOTHING);
  });

  it("reads nothing from what a Gateway cannot read either", () => {
    const selector = abi.getFunction("deliver").selector;
    const noBatch = abi.encodeFunctionData("deliver", [SOURCE, "0xff", encodeProof({ ...proof, certificate }), start]);
    const noProof = abi.encodeFunctionData("deliver", [SOURCE, items, "0x05", start]);
    const noMember = abi.encodeFunctionData("deliver", [
      { chainId: 0n, gateway: ZeroAddress },
      items,
      encodeProof({ ...proof, certificate }),
      ZERO_WORD,
    ]);
    const noEvidence = abi.encodeFunctionData("revokeTable", ["0x1234"]);
    const noCertificate = abi.encodeFunctionData("advance", [[], "0x"]);
    for (const call of [
      "0x",
      "0x12",
      selector,
      deliver.slice(0, 300),
      noBatch,
      noProof,
      noMember,
      noEvidence,
      noCertificate,
    ]) {
      for (const isDirect of [true, false]) {
        expect(readCalls(call, isDirect, GATEWAY, AT).statements, `${call.slice(0, 20)} ${isDirect}`).to.deep.equal([]);
      }
    }
  });
});
