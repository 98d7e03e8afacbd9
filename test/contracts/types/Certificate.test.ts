import { expect } from "chai";
import { concat, getAddress, SigningKey, computeAddress } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";

import { addressBytes, uint as uintBytes } from "../../../src/wire/bytes.ts";
import {
  decodeCertificate,
  encodeCertificate,
  encodeTable,
  isQuorum,
  SCHEME_ECDSA,
  signedWeight,
  totalWeight,
  type Hex,
  type OperatorSignature,
  type OperatorTable,
  type TableOperator,
} from "../../../src/wire/index.ts";
import type { EcdsaOperatorTable, TablesHarness } from "../../../types/ethers-contracts/index.ts";
import { bytes as someBytes, near } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";
import { acceptedBy } from "../../support/refusal.ts";
import { outcomeOf, refusalOf } from "../../support/solidity.ts";
import { vectors } from "../../support/vectors.ts";

const QUORUM = 6_667n;
const SOURCE = `0x${"01".repeat(32)}`;

/** A table of these operators, in the order given, and the contract that the factory makes of it. */
async function deployTable(operators: readonly TableOperator[]): Promise<[OperatorTable, EcdsaOperatorTable]> {
  const { ethers } = await network.create();
  const factory = await ethers.deployContract("EcdsaTableFactory");
  const expiry = 2n ** 64n - 1n;
  const header = { id: SOURCE, snapshot: 1n, expiry, weightFloor: 1n };
  const packed = concat(
    operators.flatMap(({ key, weight }) => [addressBytes(key, "key"), uintBytes(weight, 12, "weight")]),
  );
  const address = await factory.deploy.staticCall(header, [], packed);
  await factory.deploy(header, [], packed);
  const table = { scheme: SCHEME_ECDSA, snapshot: 1n, expiry, weightFloor: 1n, members: [], operators } as const;
  return [table, await ethers.getContractAt("EcdsaOperatorTable", address)];
}

describe("tables/EcdsaOperatorTable against src/wire", () => {
  describe("R17 by the vectors", () => {
    const { operators, valid, invalid, invalidDigest } = vectors("certificate");
    let table: OperatorTable;
    let solidity: EcdsaOperatorTable;
    before(async () => {
      [table, solidity] = await deployTable(operators);
    });

    for (const [index, one] of valid.entries()) {
      it(`adds up the weight that signed certificate ${index}`, async () => {
        const total = totalWeight(table);
        expect(signedWeight(table, one.digest, one.bytes)).to.equal(one.signedWeight);
        const outcome = await outcomeOf(solidity, solidity.verify(one.digest, one.bytes, QUORUM, SOURCE));
        expect(outcome.accepted).to.equal(isQuorum(one.signedWeight, total, QUORUM));
        if (!outcome.accepted) {
          expect(outcome.error).to.equal("QuorumNotReached");
          expect(outcome.args).to.deep.equal([one.signedWeight, total, QUORUM]);
        }
      });
    }

    it("has certificates on both sides of the quorum", () => {
      const total = totalWeight(table);
      const sides = valid.map((one) => isQuorum(one.signedWeight, total, QUORUM));
      expect(sides).to.include(true).and.include(false);
    });

    for (const { name, bytes } of invalid) {
      it(`refuses a certificate: ${name}`, async () => {
        const outcome = await outcomeOf(solidity, solidity.verify(invalidDigest, bytes, QUORUM, SOURCE));
        expect(outcome.accepted ? "accepted" : outcome.error).to.be.oneOf(["MalformedCertificate", "InvalidSignature"]);
      });
    }
  });

  it("R17 accepts the certificates that the TypeScript accepts, and refuses all others", async () => {
    const keys = Array.from(
      { length: 6 },
      (_, index) => new SigningKey(`0x${(index + 21).toString(16).padStart(64, "0")}`),
    )
      .map((key) => ({ key, address: getAddress(computeAddress(key.publicKey)) }))
      .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));
    const [table, solidity] = await deployTable(
      keys.map(({ address }, index) => ({ key: address, weight: 1n + BigInt(index % 2) })),
    );
    const digest: Hex = `0x${"5a".repeat(32)}`;
    const certificate = fc
      .uniqueArray(fc.nat(keys.length - 1), { minLength: 1, maxLength: keys.length })
      .map((indices) =>
        encodeCertificate(indices.map((index) => ({ index, signature: keys[index]!.key.sign(digest).serialized }))),
      );
    const candidates = fc.oneof(
      { weight: 3, arbitrary: certificate },
      { weight: 3, arbitrary: near(certificate) },
      { weight: 1, arbitrary: someBytes(0, 200) },
    );
    const total = totalWeight(table);
    const seen = new Set<string>();
    await checkAsync(
      fc.asyncProperty(candidates, async (bytes) => {
        const signed = acceptedBy(() => signedWeight(table, digest, bytes));
        const outcome = await outcomeOf(solidity, solidity.verify(digest, bytes, QUORUM, SOURCE));
        seen.add(outcome.accepted ? "accepted" : outcome.error);
        if (signed === undefined) {
          expect(outcome.accepted ? "accepted" : outcome.error).to.be.oneOf([
            "MalformedCertificate",
            "InvalidSignature",
          ]);
        } else if (isQuorum(signed, total, QUORUM)) {
          expect(outcome.accepted).to.equal(true);
        } else {
          expect(outcome.accepted).to.equal(false);
          if (!outcome.accepted) expect(outcome.args).to.deep.equal([signed, total, QUORUM]);
        }
      }),
    );
    expect([...seen].sort()).to.deep.equal([
      "InvalidSignature",
      "MalformedCertificate",
      "QuorumNotReached",
      "accepted",
    ]);
  });
});

describe("types/Certificate", () => {
  const { operators, valid, invalid, invalidDigest } = vectors("certificate");
  const at = { chainId: 1n, settlement: `0x${"11".repeat(20)}` };
  const members = [{ chainId: 1n, gateway: `0x${"22".repeat(20)}`, certifiableUntil: 0n, flags: 0 }];
  const table: OperatorTable = { scheme: SCHEME_ECDSA, snapshot: 1n, expiry: 2n, weightFloor: 1n, members, operators };
  const item = encodeTable(table, at);
  let solidity: TablesHarness;
  before(async () => {
    const { ethers } = await network.create();
    solidity = await ethers.deployContract("TablesHarness");
  });

  for (const [number, { bytes, digest, signedWeight: weight }] of valid.entries()) {
    it(`R17 adds up who signed certificate ${number}, and says who did`, async () => {
      const signers = new Set(decodeCertificate(bytes).map(({ index }) => index));
      const [signer] = signers;
      const silent = operators.findIndex((_, index) => !signers.has(index));
      expect(await solidity.certificate(item, bytes, digest, signer!)).to.deep.equal([weight, true]);
      const last = [...signers].at(-1)!;
      expect(await solidity.certificate(item, bytes, digest, last)).to.deep.equal([weight, true]);
      if (silent >= 0) expect(await solidity.certificate(item, bytes, digest, silent)).to.deep.equal([weight, false]);
    });
  }

  for (const { name, bytes } of invalid) {
    it(`R17 refuses, as an operator table does: ${name}`, async () => {
      const [, deployed] = await deployTable(operators);
      const there = await outcomeOf(deployed, deployed.verify(invalidDigest, bytes, QUORUM, SOURCE));
      const here = await outcomeOf(deployed, solidity.certificate(item, bytes, invalidDigest, 0));
      expect(here.accepted).to.equal(false);
      expect(here).to.deep.equal(there);
    });
  }

  it("R17 refuses the signature of another operator, of another digest, and an index beyond the table", async () => {
    const { bytes, digest } = valid.find((one) => (decodeCertificate(one.bytes)[0]?.index ?? 0) > 0)!;
    const [{ index, signature }] = decodeCertificate(bytes) as [OperatorSignature];
    const [, deployed] = await deployTable(operators);
    const refusal = (certificate: string, signed: string): Promise<string | undefined> =>
      refusalOf(deployed, solidity.certificate(item, certificate, signed, 0));
    expect(await refusal(encodeCertificate([{ index: index - 1, signature }]), digest)).to.equal("InvalidSignature");
    expect(await refusal(bytes, SOURCE)).to.equal("InvalidSignature");
    const few = encodeTable({ ...table, operators: operators.slice(0, index) }, at);
    const beyond = await refusalOf(deployed, solidity.certificate(few, bytes, digest, 0));
    expect(beyond).to.equal("MalformedCertificate");
    expect(await refusal("0x", digest)).to.equal("MalformedCertificate");
  });
});
