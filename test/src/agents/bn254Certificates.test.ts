import { expect } from "chai";
import { id, Wallet, ZeroHash } from "ethers";

import { formatAnswer, parseAnswer } from "../../../src/agents/http/certifyMessages.ts";
import type { OperatorClient } from "../../../src/agents/operatorClient.ts";
import { operatorSigner } from "../../../src/agents/operatorSigner.ts";
import { batchGas, certificateCost, NO_CERTIFICATE } from "../../../src/agents/relaying/batchGas.ts";
import { chooseSigners } from "../../../src/agents/relaying/chooseSigners.ts";
import { collectCertificates } from "../../../src/agents/relaying/collectCertificates.ts";
import type { CertificateRequest } from "../../../src/agents/relaying/planCheckpoints.ts";
import type { LaneView } from "../../../src/agents/relaying/lanes.ts";
import { decodeG1, encodeG1 } from "../../../src/wire/bn254/points.ts";
import {
  aggregateG2Keys,
  Bn254Key,
  certificateDigest,
  checkpointLeaf,
  checkpointTree,
  decodeBn254Certificate,
  Level,
  rootOf,
  SCHEME_BN254,
  signersOf,
  wordOf,
  type Bn254Table,
  type Checkpoint,
  type Hex,
} from "../../../src/wire/index.ts";

const DOMAIN = { settlementChainId: 1n, serviceManager: `0x${"11".repeat(20)}` };
const QUORUM = 6_667n;

describe("BN254 certificates of operators' answers", () => {
  const keys = [11n, 12n, 13n, 14n, 15n]
    .map((secret) => new Bn254Key(`0x${secret.toString(16).padStart(64, "0")}`))
    .sort((a, b) => (a.publicKey.g1 < b.publicKey.g1 ? -1 : 1));
  const table: Bn254Table = {
    scheme: SCHEME_BN254,
    snapshot: 1n,
    expiry: 2n,
    weightFloor: 1n,
    members: [],
    aggregateKey: aggregateG2Keys(keys.map(({ publicKey }) => publicKey.g2)),
    operators: keys.map(({ publicKey }) => ({ key: publicKey.g1, weight: 10n })),
  };
  const checkpoint: Checkpoint = {
    source: id("source"),
    destination: id("destination"),
    laneWord: wordOf(id("head").slice(0, 56), 3n),
    reachedBy: 7n,
    level: Level.final,
    blockHash: ZeroHash,
  };
  const view = { source: { name: "alpha" }, destination: { name: "beta" } } as unknown as LaneView;
  const request: CertificateRequest = { checkpoint, view, judges: { table, quorumBps: QUORUM } };
  const digest = certificateDigest(DOMAIN, checkpointTree([checkpoint]).root);

  const honest = (key: Bn254Key): OperatorClient => {
    const signer = operatorSigner(key);
    return {
      address: signer.address,
      certify: async (checkpoints) => {
        const { root } = checkpointTree(checkpoints);
        return { root, signature: await signer.signRoot(DOMAIN, root), refused: [] };
      },
    };
  };
  const answering = (key: Bn254Key, signature: Hex): OperatorClient => ({
    address: operatorSigner(key).address,
    certify: () => Promise.resolve({ root: undefined, signature, refused: [] }),
  });
  const collect = async (operators: readonly OperatorClient[]) =>
    await collectCertificates([request], operators, DOMAIN, 1_000);

  it("are of all who signed, absent none, where all answer", async () => {
    const { certified, uncertified } = await collect(keys.map(honest));
    expect(uncertified).to.deep.equal([]);
    const { certificate, siblings } = certified.get(checkpointLeaf(checkpoint))!;
    expect(rootOf(checkpointLeaf(checkpoint), siblings)).to.equal(checkpointTree([checkpoint]).root);
    expect(decodeBn254Certificate(certificate, digest).absent).to.deep.equal([]);
    expect(signersOf(table, digest, certificate)).to.deep.equal([0, 1, 2, 3, 4]);
  });

  it("R17 are not spoilt by an operator that answers with another's signature, or one of something else", async () => {
    const [, , bad] = keys as [Bn254Key, Bn254Key, Bn254Key];
    const right = await operatorSigner(bad).signRoot(DOMAIN, id("another root"));
    const foreign = await operatorSigner(keys[0]!).signRoot(DOMAIN, checkpointTree([checkpoint]).root);
    const ecdsa = await operatorSigner(new Wallet(id("key"))).signRoot(DOMAIN, checkpointTree([checkpoint]).root);
    for (const wrong of [right, foreign, ecdsa, `0x${"00".repeat(256)}`, "0x"]) {
      const operators = keys.map((key) => (key === bad ? answering(key, wrong) : honest(key)));
      const { certified } = await collect(operators);
      const { certificate } = certified.get(checkpointLeaf(checkpoint))!;
      expect(signersOf(table, digest, certificate)).to.deep.equal([0, 1, 3, 4]);
    }
  });

  it("R17 are not spoilt by two whose answers are wrong by opposite amounts, though their sum is right", async () => {
    const { root } = checkpointTree([checkpoint]);
    const shift = decodeG1(keys[4]!.publicKey.g1, "point");
    const shifted = async (key: Bn254Key, by: typeof shift): Promise<OperatorClient> => {
      const signed = await operatorSigner(key).signRoot(DOMAIN, root);
      const point = encodeG1(decodeG1(signed.slice(0, 130), "signature").add(by));
      return answering(key, `${point}${signed.slice(130)}`);
    };
    const [first, second, ...rest] = keys as [Bn254Key, Bn254Key, ...Bn254Key[]];
    const bad = [await shifted(first, shift), await shifted(second, shift.negate())];
    const { certified, uncertified } = await collect([...bad, ...rest.map(honest)]);
    expect(certified.size).to.equal(0);
    expect(uncertified[0]!.weight).to.equal(30n);
  });

  it("R17 are none without a quorum, and say why each is missing", async () => {
    const operators = keys.map((key, place) => (place < 3 ? honest(key) : answering(key, "0x")));
    const { certified, uncertified } = await collect(operators.slice(0, 4));
    expect(certified.size).to.equal(0);
    expect(uncertified[0]!.weight).to.equal(30n);
    expect(uncertified[0]!.answers).to.deep.equal([
      {
        operator: operatorSigner(keys[3]!).address,
        refusal: {
          code: "operator/silent",
          reason: uncertified[0]!.answers[0]!.refusal.reason,
        },
      },
      {
        operator: operatorSigner(keys[4]!).address,
        refusal: { code: "operator/unknown", reason: "this relayer cannot reach it" },
      },
    ]);
  });

  it("are of every signature that there is, not of the fewest", () => {
    const signatures = new Map(keys.slice(0, 4).map((key) => [operatorSigner(key).address.toLowerCase(), "0x"]));
    expect(chooseSigners(table, QUORUM, signatures)?.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3]);
    signatures.delete(operatorSigner(keys[0]!).address.toLowerCase());
    expect(chooseSigners(table, QUORUM, signatures)).to.equal(undefined);
  });

  it("have the gas of two pairings set aside for them, whatever the number of operators", () => {
    const few = batchGas([], certificateCost(table)) - batchGas([], NO_CERTIFICATE);
    expect(few > 170_000n).to.equal(true);
    const operators = Array.from({ length: 256 }, () => table.operators[0]!);
    const many = batchGas([], certificateCost({ ...table, operators })) - batchGas([], NO_CERTIFICATE);
    expect(many > few && many < 700_000n).to.equal(true);
  });

  it("travel over HTTP as they are", async () => {
    const answer = await honest(keys[0]!).certify([checkpoint]);
    expect(parseAnswer(JSON.parse(formatAnswer(answer)))).to.deep.equal(answer);
    expect(() => parseAnswer({ ...answer, signature: answer.signature!.slice(0, -2) })).to.throw(
      "is not 256 bytes in hex",
    );
  });
});
