import { expect } from "chai";
import { dataSlice, id, recoverAddress, Signature, toBeHex, Wallet, ZeroHash } from "ethers";

import { join, uint } from "../../../src/wire/bytes.ts";
import { encodeCertificate, type Hex } from "../../../src/wire/index.ts";
import { createChains, TABLE_FACTORIES, type Chain, type TableFactory } from "../../fixtures/gateways.ts";
import { makeOperators, type Operator } from "../../fixtures/operators.ts";
import { deployTable, type Source } from "../../fixtures/tables.ts";

const QUORUM = 6_667n;
const ETHER = 10n ** 18n;
const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const HIGH_BIT = 1n << 255n;
const digest = id("what operators sign");

/** The certificate of these operators over the digest. */
const sign = (operators: readonly Operator[], indices: readonly number[], over: Hex = digest): Hex =>
  encodeCertificate(
    indices.map((index) => ({ index, signature: operators[index]!.wallet.signingKey.sign(over).serialized })),
  );

/** One signature's 65 bytes, with whatever index and s. */
const raw = (index: number, { r, s, yParity }: { r: string; s: bigint; yParity: number }): Hex =>
  join(uint(BigInt(index), 1, "index"), r, uint(s | (yParity === 1 ? HIGH_BIT : 0n), 32, "s"));

/** What a table says of a source, in one word. */
const statusOf = (source: Source): bigint => (source.certifiableUntil << 8n) | BigInt(source.flags);

const describeTables = (tableFactory: TableFactory) => (): void => {
  let chain: Chain;
  before(async () => {
    [chain] = await createChains([1001n], { tableFactory });
  });
  beforeEach(() => chain.reset());

  describe("quorum", () => {
    it("R17, invariant 3: exactly at the quorum is refused, one unit of weight above is accepted", async () => {
      for (const [signed, accepted] of [
        [6_667n, false],
        [6_668n, true],
      ] as const) {
        const operators = makeOperators(2, [signed, 10_000n - signed]);
        const table = await deployTable(chain, { operators });
        const verified = table.verify(digest, sign(operators, [0]), QUORUM, ZeroHash);
        if (accepted) expect(await verified).to.equal(0n);
        else
          await expect(verified)
            .to.be.revertedWithCustomError(table, "QuorumNotReached")
            .withArgs(signed, 10_000n, QUORUM);
      }
    });

    it("R17, trap 2: what is left of a basis point is rounded against the signers", async () => {
      // 6,667 of 10,001 is 66.66 %; 10,001 × 0.6667 is 6,667.67: the next whole weight is needed.
      for (const [signed, accepted] of [
        [6_667n, false],
        [6_668n, true],
      ] as const) {
        const operators = makeOperators(2, [signed, 10_001n - signed]);
        const table = await deployTable(chain, { operators });
        const verified = table.verify(digest, sign(operators, [0]), QUORUM, ZeroHash);
        if (accepted) expect(await verified).to.equal(0n);
        else await expect(verified).to.be.revertedWithCustomError(table, "QuorumNotReached");
      }
    });

    it("R17: two of three equal weights are no quorum, three are", async () => {
      const operators = makeOperators(3);
      const table = await deployTable(chain, { operators });
      for (const two of [
        [0, 1],
        [0, 2],
        [1, 2],
      ]) {
        await expect(table.verify(digest, sign(operators, two), QUORUM, ZeroHash)).to.be.revertedWithCustomError(
          table,
          "QuorumNotReached",
        );
      }
      expect(await table.verify(digest, sign(operators, [0, 1, 2]), QUORUM, ZeroHash)).to.equal(0n);
    });

    it("R17: weights count, not heads: nine light signers are less than one heavy", async () => {
      const operators = makeOperators(10, [...Array.from({ length: 9 }, () => 1n), 100n]);
      const table = await deployTable(chain, { operators });
      const light = Array.from({ length: 9 }, (_, i) => i);
      await expect(table.verify(digest, sign(operators, light), QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(table, "QuorumNotReached")
        .withArgs(9n, 109n, QUORUM);
      expect(await table.verify(digest, sign(operators, [9]), QUORUM, ZeroHash)).to.equal(0n);
    });

    it("R17: weights at the top of 96 bits are added up without overflow", async () => {
      const most = (1n << 96n) - 1n;
      const operators = makeOperators(2, [most - 1n, 1n]);
      const table = await deployTable(chain, { operators });
      expect(await table.verify(digest, sign(operators, [0]), 9_000n, ZeroHash)).to.equal(0n);
      expect((await table.table()).totalWeight).to.equal(most);
    });

    it("R17, incident: Ronin 2024: a quorum below the minimum, zero too, is refused whoever signed", async () => {
      const operators = makeOperators(4);
      const table = await deployTable(chain, { operators });
      const all = sign(operators, [0, 1, 2, 3]);
      for (const quorum of [0n, 1n, 5_000n, 6_666n]) {
        await expect(table.verify(digest, all, quorum, ZeroHash))
          .to.be.revertedWithCustomError(table, "QuorumNotReached")
          .withArgs(128n * ETHER, 128n * ETHER, quorum);
      }
      expect(await table.verify(digest, all, QUORUM, ZeroHash)).to.equal(0n);
    });

    it("R17: nobody reaches a quorum of all", async () => {
      const operators = makeOperators(4);
      const table = await deployTable(chain, { operators });
      const all = sign(operators, [0, 1, 2, 3]);
      expect(await table.verify(digest, all, 9_999n, ZeroHash)).to.equal(0n);
      for (const quorum of [10_000n, 65_535n]) {
        await expect(table.verify(digest, all, quorum, ZeroHash)).to.be.revertedWithCustomError(
          table,
          "QuorumNotReached",
        );
      }
    });

    it("R17, trap 1: a table below its weight floor verifies nothing, one at its floor does", async () => {
      const operators = makeOperators(3, [10n, 10n, 10n]);
      const all = sign(operators, [0, 1, 2]);
      const below = await deployTable(chain, { operators, weightFloor: 31n });
      await expect(below.verify(digest, all, QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(below, "WeightBelowFloor")
        .withArgs(30n, 31n);
      const at = await deployTable(chain, { operators, weightFloor: 30n });
      expect(await at.verify(digest, all, QUORUM, ZeroHash)).to.equal(0n);
      const most = await deployTable(chain, { operators, weightFloor: (1n << 96n) - 1n });
      await expect(most.verify(digest, all, QUORUM, ZeroHash)).to.be.revertedWithCustomError(most, "WeightBelowFloor");
    });

    it("R18: an expired table verifies nothing, one that expires later does", async () => {
      const operators = makeOperators(3);
      const now = BigInt(await chain.helpers.time.latest());
      const expired = await deployTable(chain, { operators, expiry: now - 1n });
      await expect(expired.verify(digest, sign(operators, [0, 1, 2]), QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(expired, "TableExpired")
        .withArgs(now - 1n, (time: bigint) => time >= now);
      const expiry = now + 3_600n;
      const live = await deployTable(chain, { operators, expiry });
      await chain.helpers.time.increaseTo(expiry - 1n);
      expect(await live.verify(digest, sign(operators, [0, 1, 2]), QUORUM, ZeroHash)).to.equal(0n);
      await chain.helpers.time.increaseTo(expiry);
      await expect(live.verify(digest, sign(operators, [0, 1, 2]), QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(live, "TableExpired")
        .withArgs(expiry, expiry);
    });

    it("R17: a signature that recovers to nobody is none of an operator whose key a call could leave in memory", async () => {
      const expiry = (1n << 64n) - 1n;
      // 1 and, in its low 160 bits, the first word that a table reads of itself.
      const keys = [1n, ((expiry & 0xffffffffn) << 128n) | (2n << 32n)];
      const operators = keys.map((key) => ({ key: toBeHex(key, 20), weight: 1n }));
      const table = await deployTable(chain, { operators, expiry });
      for (const index of [0, 1]) {
        for (const [r, s] of [
          [ORDER, 1n],
          [1n, (ORDER + 1n) / 2n],
        ] as const) {
          const nobody = raw(index, { r: toBeHex(r, 32), s, yParity: 0 });
          await expect(table.verify(digest, nobody, QUORUM, ZeroHash))
            .to.be.revertedWithCustomError(table, "InvalidSignature")
            .withArgs(index);
        }
      }
    });

    it("R17: answers errors to the byte", async () => {
      const operators = makeOperators(3);
      const table = await deployTable(chain, { operators });
      const answer = (certificate: Hex): Promise<string> =>
        table.verify(digest, certificate, QUORUM, ZeroHash).then(
          () => "none",
          (error: unknown) => String(error instanceof Error && "data" in error ? error.data : error),
        );
      const malformed = table.interface.encodeErrorResult("MalformedCertificate");
      expect(await answer("0x")).to.equal(malformed);
      expect(await answer(join(sign(operators, [1]), sign(operators, [0])))).to.equal(malformed);
      const invalid = table.interface.encodeErrorResult("InvalidSignature", [2]);
      expect(await answer(sign(operators, [2], id("another")))).to.equal(invalid);
    });

    it("R22: evidence of an expired table counts, by the quorum and the floor of every certificate", async () => {
      const expiry = 1n;
      const operators = makeOperators(2, [6_667n, 3_333n]);
      const [one, both] = [sign(operators, [0]), sign(operators, [0, 1])];
      const table = await deployTable(chain, { operators, expiry });
      await expect(table.verify(digest, both, QUORUM, ZeroHash)).to.be.revertedWithCustomError(table, "TableExpired");
      await table.verifyEvidence(digest, both);
      await expect(table.verifyEvidence(digest, one))
        .to.be.revertedWithCustomError(table, "QuorumNotReached")
        .withArgs(6_667n, 10_000n, QUORUM);
      await expect(table.verifyEvidence(id("another"), both)).to.be.revertedWithCustomError(table, "InvalidSignature");
      await expect(table.verifyEvidence(digest, "0x")).to.be.revertedWithCustomError(table, "MalformedCertificate");

      const above = await deployTable(chain, { operators: makeOperators(2, [6_668n, 3_332n]), expiry });
      await above.verifyEvidence(digest, one);
      const below = await deployTable(chain, { operators, expiry, weightFloor: 10_001n });
      await expect(below.verifyEvidence(digest, both))
        .to.be.revertedWithCustomError(below, "WeightBelowFloor")
        .withArgs(10_000n, 10_001n);
    });

    if (tableFactory === "EcdsaTableFactory") {
      it("R17, incident: Wormhole 2022: the master copy, which carries no table, verifies nothing", async () => {
        const copy = await chain.ethers.deployContract("EcdsaOperatorTable");
        const operators = makeOperators(1);
        for (const certificate of ["0x", sign(operators, [0])]) {
          // What its last bytes happen to say is no table: the call fails, one way or another.
          await expect(copy.verify(digest, certificate, QUORUM, ZeroHash)).to.revert(chain.ethers);
        }
      });
    }
  });

  describe("certificates", () => {
    const operators = makeOperators(4);
    let table: Awaited<ReturnType<typeof deployTable>>;
    beforeEach(async () => {
      table = await deployTable(chain, { operators });
    });

    const refuse = async (certificate: Hex, error: string, ...args: unknown[]): Promise<void> => {
      const refusal = expect(table.verify(digest, certificate, QUORUM, ZeroHash)).to.be.revertedWithCustomError(
        table,
        error,
      );
      await (args.length === 0 ? refusal : refusal.withArgs(...args));
    };
    const part = (index: number): Hex => sign(operators, [index]);

    it("R17: every order of a quorum but the ascending one is refused", async () => {
      expect(await table.verify(digest, join(part(0), part(1), part(3)), QUORUM, ZeroHash)).to.equal(0n);
      await refuse(join(part(1), part(0), part(3)), "MalformedCertificate");
      await refuse(join(part(0), part(3), part(1)), "MalformedCertificate");
      await refuse(join(part(3), part(1), part(0)), "MalformedCertificate");
    });

    it("R17, incident: Wormhole 2022: one operator's signature never counts twice", async () => {
      await refuse(join(part(0), part(0), part(0)), "MalformedCertificate");
      await refuse(join(part(0), part(1), part(1), part(2)), "MalformedCertificate");
      // Nor under another operator's index.
      await refuse(join(part(0), part(1), join("0x02", dataSlice(part(1), 1))), "InvalidSignature", 2n);
    });

    it("R17: an index beyond the table is refused, whatever is signed there", async () => {
      await refuse(join(part(0), part(1), part(2), join("0x04", dataSlice(part(3), 1))), "MalformedCertificate");
      await refuse(join(part(0), part(1), part(2), join("0xff", dataSlice(part(3), 1))), "MalformedCertificate");
    });

    it("R17, incident: Wormhole 2022: an empty, cut off or padded certificate is refused", async () => {
      await refuse("0x", "MalformedCertificate");
      const good = sign(operators, [0, 1, 2]);
      await refuse(dataSlice(good, 0, 194), "MalformedCertificate");
      await refuse(dataSlice(good, 0, 1), "MalformedCertificate");
      await refuse(join(good, "0x00"), "MalformedCertificate");
      // A whole signature's length of zeros is index 0 again.
      await refuse(join(good, toBeHex(0, 65)), "MalformedCertificate");
      await refuse(join("0x00", toBeHex(0, 64)), "InvalidSignature", 0n);
    });

    it("R17, incident: BNB 2022: a certificate that says to end within its last signature, which stands there whole, is refused", async () => {
      const good = sign(operators, [0, 1, 2]);
      const data = table.interface.encodeFunctionData("verify", [digest, good, QUORUM, ZeroHash]);
      const call = (length: number): Promise<string> =>
        chain.ethers.provider.call({
          to: table,
          data: data.replace(toBeHex(195, 32).slice(2), toBeHex(length, 32).slice(2)),
        });
      await call(195);
      for (const length of [131, 160, 194]) {
        await expect(call(length)).to.be.revertedWithCustomError(table, "MalformedCertificate");
      }
    });

    it("R17: the malleated twin of a signature, with high s, is refused", async () => {
      const signature = operators[0]!.wallet.signingKey.sign(digest);
      const twin = { r: signature.r, s: ORDER - BigInt(signature.s), yParity: 1 - signature.yParity };
      // A valid signature for ecrecover: the table refuses it for its form alone.
      expect(raw(0, { r: signature.r, s: BigInt(signature.s), yParity: signature.yParity })).to.equal(part(0));
      expect(twin.s > ORDER / 2n).to.be.true;
      const at65 = join(raw(0, twin), part(1), part(2));
      // In 65 bytes there is no room for such an s: its highest bit would be the parity, so this is another signature.
      await refuse(at65, "InvalidSignature", 0n);
    });

    it("R17: s just above half of the order is refused even where it recovers to a key in the table", async () => {
      // The lowest s above n/2 still leaves the highest bit free; r is the abscissa of a known point, so some key made it.
      const s = ORDER / 2n + 1n;
      expect(s < HIGH_BIT).to.be.true;
      const { r } = operators[0]!.wallet.signingKey.sign(digest);
      // (r, s, v) and (r, n − s, 1 − v) are signatures by one key.
      const key = recoverAddress(digest, Signature.from({ r, s: toBeHex(ORDER - s, 32), yParity: 1 }));
      const forged = await deployTable(chain, { operators: [{ key, weight: 1n }] });
      await expect(forged.verify(digest, raw(0, { r, s, yParity: 0 }), QUORUM, ZeroHash))
        .to.be.revertedWithCustomError(forged, "InvalidSignature")
        .withArgs(0n);
      const low = raw(0, { r, s: ORDER - s, yParity: 1 });
      expect(await forged.verify(digest, low, QUORUM, ZeroHash)).to.equal(0n);
    });

    it("R17: a signature by a key that differs from the operator's in a single bit is refused", async () => {
      const [{ wallet }] = makeOperators(1) as [Operator];
      const certificate = encodeCertificate([{ index: 0, signature: wallet.signingKey.sign(digest).serialized }]);
      for (const bit of [0n, 1n, 80n, 159n]) {
        const key = toBeHex(BigInt(wallet.address) ^ (1n << bit), 20);
        const near = await deployTable(chain, { operators: [{ key, weight: 1n }] });
        await expect(near.verify(digest, certificate, QUORUM, ZeroHash))
          .to.be.revertedWithCustomError(near, "InvalidSignature")
          .withArgs(0n);
      }
    });

    it("R17: a signature by a stranger, over another digest, or in another's place is refused", async () => {
      const stranger = new Wallet(id("a stranger"));
      const by = (wallet: Wallet, index: number, over: Hex = digest): Hex =>
        encodeCertificate([{ index, signature: wallet.signingKey.sign(over).serialized }]);
      await refuse(join(part(0), by(stranger, 1), part(2)), "InvalidSignature", 1n);
      await refuse(join(part(0), part(1), by(operators[2]!.wallet, 2, id("another"))), "InvalidSignature", 2n);
      await refuse(join(by(operators[1]!.wallet, 0), by(operators[0]!.wallet, 1), part(2)), "InvalidSignature", 0n);
    });

    it("R17, incident: Nomad 2022: zero or unrecoverable r and s, which ecrecover answers with nothing, never match", async () => {
      const { r, s, yParity } = operators[0]!.wallet.signingKey.sign(digest);
      const bad = [
        { r: ZeroHash, s: BigInt(s), yParity },
        { r, s: 0n, yParity },
        { r: ZeroHash, s: 0n, yParity: 0 },
        { r: toBeHex(ORDER, 32), s: BigInt(s), yParity },
        { r: toBeHex((1n << 256n) - 1n, 32), s: BigInt(s), yParity },
        // 5 is the abscissa of no point of the curve.
        { r: toBeHex(5n, 32), s: BigInt(s), yParity },
      ];
      for (const signature of bad) await refuse(join(raw(0, signature), part(1), part(2)), "InvalidSignature", 0n);
    });

    it("R17: one bad signature spoils a certificate that has a quorum without it", async () => {
      const bad = raw(3, { r: ZeroHash, s: 1n, yParity: 0 });
      await refuse(join(part(0), part(1), part(2), bad), "InvalidSignature", 3n);
    });

    it("R17: the other parity is another key's signature", async () => {
      const { r, s, yParity } = operators[0]!.wallet.signingKey.sign(digest);
      await refuse(join(raw(0, { r, s: BigInt(s), yParity: 1 - yParity }), part(1), part(2)), "InvalidSignature", 0n);
    });
  });

  describe("what it says of itself", () => {
    it("answers its id, times and total weight", async () => {
      const operators = makeOperators(3, [5n, 6n, 7n]);
      const table = await deployTable(chain, { operators, id: id("me"), snapshot: 77n, expiry: 99n });
      expect(await table.table()).to.deep.equal([id("me"), 77n, 99n, 18n]);
    });

    it("R20: finds every source among any number, with its status, and no other", async () => {
      const operators = makeOperators(1);
      for (const count of [0, 1, 2, 3, 63, 64]) {
        const sources: Source[] = Array.from({ length: count }, (_, i) => ({
          id: id(`source ${i}`),
          certifiableUntil: i === 0 ? (1n << 64n) - 1n : BigInt(i) << 32n,
          flags: i === 0 ? 0xff : i,
        })).sort((a, b) => (a.id < b.id ? -1 : 1));
        const table = await deployTable(chain, { operators, sources });
        const certificate = sign(operators, [0]);
        for (const source of sources) {
          const status = statusOf(source);
          expect(await table.sourceStatus(source.id)).to.equal(status);
          const neighbour = toBeHex(BigInt(source.id) + 1n, 32);
          expect(await table.sourceStatus(neighbour)).to.equal(0n);
        }
        const some = sources[count >> 1];
        if (some !== undefined) {
          expect(await table.verify(digest, certificate, QUORUM, some.id)).to.equal(statusOf(some));
        }
        for (const none of [ZeroHash, toBeHex((1n << 256n) - 1n, 32), id("elsewhere"), id("me")]) {
          expect(await table.sourceStatus(none)).to.equal(0n);
        }
      }
    });
  });
};

for (const tableFactory of TABLE_FACTORIES)
  describe(`Operator tables of ${tableFactory}`, describeTables(tableFactory));
