import { expect } from "chai";
import { ZeroHash } from "ethers";
import { network } from "hardhat";

import { Bn254Key } from "../../../src/wire/index.ts";
import type { Bn254OperatorTable, Bn254TableFactory } from "../../../types/ethers-contracts/index.js";
import { bn254OperatorBytes, deployBn254Table, type Bn254TableParts } from "../../fixtures/bn254.ts";
import { vectors } from "../../support/vectors.ts";

const QUORUM = 6_667n;
const given = vectors("bn254");

/** How the contract names what the TypeScript refuses by these codes. */
const ERRORS: Record<string, string> = {
  "wire/truncated": "MalformedCertificate",
  "wire/order": "MalformedCertificate",
  "wire/range": "MalformedCertificate",
  "wire/witness": "WrongRoot",
};

describe("BN254 operator tables", () => {
  let connection: Awaited<ReturnType<typeof network.create>>;
  let factory: Bn254TableFactory;
  before(async () => {
    connection = await network.create();
    factory = await connection.ethers.deployContract("Bn254TableFactory");
  });

  const deploy = (parts: Bn254TableParts): Promise<Bn254OperatorTable> => deployBn254Table(connection, factory, parts);

  describe("certificates", () => {
    it("takes the vectors' certificates, and refuses what the TypeScript refuses", async () => {
      const listed = given.operators.map(({ secret, weight }) => ({ key: new Bn254Key(secret), weight }));
      const total = listed.reduce((sum, { weight }) => sum + weight, 0n);
      const vectored = await deploy({ operators: bn254OperatorBytes(listed, given.allG2) });
      for (const { digest: over, bytes, signedWeight, absent } of given.certificates) {
        const verified = vectored.verify(over, bytes, QUORUM, ZeroHash);
        if (signedWeight * 10_000n > total * QUORUM) expect(await verified, absent.join()).to.equal(0n);
        else
          await expect(verified)
            .to.be.revertedWithCustomError(vectored, "QuorumNotReached")
            .withArgs(signedWeight, total, QUORUM);
      }
      for (const { name, bytes, error } of given.invalidCertificates) {
        const call = vectored.verify(given.invalidDigest, bytes, QUORUM, ZeroHash);
        const expected = ERRORS[error];
        if (expected === undefined) await expect(call, name).to.be.revert(connection.ethers);
        else await expect(call, name).to.be.revertedWithCustomError(vectored, expected);
      }
    });
  });
});
