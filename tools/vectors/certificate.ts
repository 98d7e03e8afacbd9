import { SigningKey, computeAddress } from "ethers";

import { join, uint } from "../../src/wire/bytes.ts";
import {
  certificateDigest,
  compactSignature,
  decodeCertificate,
  encodeCertificate,
  type Hex,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refusedBytes } from "./refused.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** ECDSA certificates. */
export const certificateVectors = ((random) => {
  const domain = { settlementChainId: 1n, serviceManager: random.address() };
  const keys = Array.from({ length: 8 }, () => new SigningKey(random.hash()));
  const operators = keys.map((key) => computeAddress(key.publicKey));
  const sign = (digest: Hex, index: number): Hex => {
    const key = keys[index % keys.length];
    if (key === undefined) throw new Error(`no key ${index}`);
    return key.sign(digest).serialized;
  };
  const valid = [[0], [255], [0, 1, 2, 3, 4, 5], [1, 2, 4, 7, 100, 255]].map((indices) => {
    const root = random.hash();
    const digest = certificateDigest(domain, root);
    const signatures = indices.map((index) => ({ index, signature: sign(digest, index) }));
    return {
      domain,
      root,
      digest,
      signatures: signatures.map(({ index, signature }) => ({
        index,
        signer: operators[index % keys.length] ?? "",
        signature,
        compact: compactSignature(signature),
      })),
      bytes: encodeCertificate(signatures),
    };
  });
  const digest = random.hash();
  const [first, second] = [0, 1].map((index) => encodeCertificate([{ index, signature: sign(digest, index) }])) as [
    Hex,
    Hex,
  ];
  const r = first.slice(4, 4 + 64);
  const raw = (rValue: bigint, s: bigint): Hex => join("0x00", uint(rValue, 32, "r"), uint(s, 32, "s"));
  const bad = refusedBytes(decodeCertificate);
  return {
    valid,
    invalid: [
      bad("empty", "wire/empty", "0x"),
      bad("index alone", "wire/truncated", "0x00"),
      bad("cut off", "wire/truncated", first.slice(0, -2)),
      bad("padded", "wire/truncated", join(first, "0x01")),
      bad("second signature cut off", "wire/truncated", join(first, second.slice(0, -2))),
      bad("descending", "wire/order", join(second, first)),
      bad("one operator twice", "wire/order", join(first, first)),
      bad("high s", "wire/signature", raw(BigInt(`0x${r}`), ORDER / 2n + 1n)),
      bad("s = 0", "wire/signature", raw(BigInt(`0x${r}`), 0n)),
      bad("r = 0", "wire/signature", raw(0n, 1n)),
      bad("r = n", "wire/signature", raw(ORDER, 1n)),
    ],
  };
}) satisfies Build;
