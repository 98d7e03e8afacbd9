import { expect } from "chai";
import { getBytes, hexlify, Signature, SigningKey, Wallet } from "ethers";
import fc from "fast-check";

import { join } from "../../../src/wire/bytes.ts";
import {
  certificateDigest,
  compactSignature,
  decodeCertificate,
  encodeCertificate,
  recoverSigner,
  signRoot,
} from "../../../src/wire/index.ts";
import { hash, near } from "../../support/arbitraries.ts";
import { check } from "../../support/property.ts";
import { acceptedBy, expectRefusal } from "../../support/refusal.ts";
import { vectors } from "../../support/vectors.ts";

describe("wire/certificate", () => {
  const { valid, invalid } = vectors("certificate");
  const keys = [1, 2, 3, 4].map((value) => new SigningKey(`0x${value.toString(16).padStart(64, "0")}`));
  const certificate = fc
    .tuple(hash, fc.uniqueArray(fc.nat(255), { minLength: 1, maxLength: 4 }))
    .map(([digest, indices]) =>
      indices.map((index, place) => ({ index, signature: keys[place]!.sign(digest).serialized })),
    );

  it("replays the vectors", () => {
    for (const { domain, root, digest, signatures, bytes } of valid) {
      expect(certificateDigest(domain, root)).to.equal(digest);
      expect(encodeCertificate(signatures)).to.equal(bytes);
      expect(encodeCertificate(signatures.map(({ index, compact }) => ({ index, signature: compact })))).to.equal(
        bytes,
      );
      expect(decodeCertificate(bytes)).to.deep.equal(
        signatures.map(({ index, compact }) => ({ index, signature: compact })),
      );
      for (const { signer, signature, compact } of signatures) {
        expect(recoverSigner(digest, signature)).to.equal(signer);
        expect(recoverSigner(digest, compact)).to.equal(signer);
      }
    }
  });

  for (const { name, bytes, error } of invalid) {
    it(`R17 refuses a certificate: ${name}`, () => {
      expectRefusal(() => decodeCertificate(bytes), error);
    });
  }

  it("is signed as EIP-712 typed data, so that wallets can show it", async () => {
    const wallet = new Wallet(keys[0]!);
    const domain = { settlementChainId: 1n, serviceManager: `0x${"11".repeat(20)}` };
    const root = `0x${"ab".repeat(32)}`;
    const signature = await signRoot(wallet, domain, root);
    expect(signature).to.have.length(2 + 128);
    expect(recoverSigner(certificateDigest(domain, root), signature)).to.equal(wallet.address);
  });

  it("puts signatures into ascending order, whatever theirs", () => {
    check(
      fc.property(certificate, (signatures) => {
        const bytes = encodeCertificate(signatures);
        expect(encodeCertificate([...signatures].reverse())).to.equal(bytes);
        const indices = decodeCertificate(bytes).map(({ index }) => index);
        expect(indices).to.deep.equal(signatures.map(({ index }) => index).sort((a, b) => a - b));
      }),
    );
  });

  it("has one encoding: whatever it accepts, it would have written so", () => {
    check(
      fc.property(near(certificate.map(encodeCertificate)), (bytes) => {
        const accepted = acceptedBy(() => decodeCertificate(bytes));
        if (accepted !== undefined) expect(encodeCertificate(accepted)).to.equal(bytes);
      }),
    );
  });

  it("refuses an operator twice, an index beyond a byte, and no signatures", () => {
    const { signature } = valid[0]!.signatures[0]!;
    expectRefusal(
      () =>
        encodeCertificate([
          { index: 3, signature },
          { index: 3, signature },
        ]),
      "wire/order",
    );
    expectRefusal(() => encodeCertificate([{ index: 256, signature }]), "wire/range");
    expectRefusal(() => encodeCertificate([]), "wire/empty");
  });

  it("R17 refuses the malleated twin of a signature (EIP-2)", () => {
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const { r, s, v } = Signature.from(valid[0]!.signatures[0]!.signature);
    const twin = join(r, `0x${(order - BigInt(s)).toString(16).padStart(64, "0")}`, v === 27 ? "0x1c" : "0x1b");
    expectRefusal(() => compactSignature(twin), "wire/signature");
  });

  it("takes v as 27, 28, 0 or 1, and nothing else", () => {
    const { signature, compact } = valid[0]!.signatures[0]!;
    const raw = getBytes(signature);
    const withV = (v: number): string => hexlify(Uint8Array.from([...raw.slice(0, 64), v]));
    expect(compactSignature(withV(raw[64]! - 27))).to.equal(compact);
    for (const v of [2, 26, 29, 37, 255]) expectRefusal(() => compactSignature(withV(v)), "wire/signature");
    expectRefusal(() => compactSignature(hexlify(raw.slice(0, 63))), "wire/signature");
    expectRefusal(() => compactSignature(join(signature, "0x00")), "wire/signature");
  });

  it("recovers nobody from a signature that no key made", () => {
    // r = 5 is no x coordinate of a point on secp256k1.
    const signature = join(`0x${"05".padStart(64, "0")}`, `0x${"01".padStart(64, "0")}`);
    expectRefusal(() => recoverSigner(`0x${"11".repeat(32)}`, signature), "wire/signature");
  });
});
