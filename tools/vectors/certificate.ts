import { computeAddress, SigningKey } from "ethers";

import { join, uint } from "../../src/wire/bytes.ts";
import {
  certificateDigest,
  compactSignature,
  decodeCertificate,
  encodeCertificate,
  type Hex,
  type OperatorSignature,
} from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refusedBytes } from "./refused.ts";

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
/** Together two thirds of the weight and more; no others matter beside them. */
const HEAVY = [3, 200];

/** ECDSA certificates by the operators of a table, and the weight behind them. */
export const certificateVectors = ((random) => {
  const domain = { settlementChainId: 1n, serviceManager: random.address() };
  const signers = Array.from({ length: 256 }, () => new SigningKey(random.hash()))
    .map((key) => ({ key, address: computeAddress(key.publicKey) }))
    .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1))
    .map((signer, index) => ({ ...signer, weight: HEAVY.includes(index) ? 10n ** 21n : 1n + random.uint(40) }));
  const signed = (digest: Hex, index: number): OperatorSignature & { signer: string; weight: bigint } => {
    const signer = signers[index];
    if (signer === undefined) throw new Error(`no operator ${index}`);
    const { key, address, weight } = signer;
    return { index, signature: key.sign(digest).serialized, signer: address, weight };
  };
  const cases = [[0], [255], [0, 1, 2, 3, 4, 5], HEAVY, [1, 2, 4, 7, 100, 200, 255]];
  const valid = cases.map((indices) => {
    const root = random.hash();
    const digest = certificateDigest(domain, root);
    const signatures = indices.map((index) => signed(digest, index));
    return {
      domain,
      root,
      digest,
      signatures: signatures.map(({ index, signature, signer }) => ({
        index,
        signer,
        signature,
        compact: compactSignature(signature),
      })),
      bytes: encodeCertificate(signatures),
      signedWeight: signatures.reduce((sum, { weight }) => sum + weight, 0n),
    };
  });
  const digest = random.hash();
  const first = encodeCertificate([signed(digest, 0)]);
  const second = encodeCertificate([signed(digest, 1)]);
  const r = BigInt(`0x${first.slice(4, 4 + 64)}`);
  const raw = (rValue: bigint, s: bigint): Hex => join("0x00", uint(rValue, 32, "r"), uint(s, 32, "s"));
  const bad = refusedBytes(decodeCertificate);
  return {
    operators: signers.map(({ address, weight }) => ({ key: address, weight })),
    valid,
    invalidDigest: digest,
    invalid: [
      bad("empty", "wire/empty", "0x"),
      bad("index alone", "wire/truncated", "0x00"),
      bad("cut off", "wire/truncated", first.slice(0, -2)),
      bad("padded", "wire/truncated", join(first, "0x01")),
      bad("second signature cut off", "wire/truncated", join(first, second.slice(0, -2))),
      bad("descending", "wire/order", join(second, first)),
      bad("one operator twice", "wire/order", join(first, first)),
      bad("high s", "wire/signature", raw(r, ORDER / 2n + 1n)),
      bad("s = 0", "wire/signature", raw(r, 0n)),
      bad("r = 0", "wire/signature", raw(0n, 1n)),
      bad("r = n", "wire/signature", raw(ORDER, 1n)),
    ],
  };
}) satisfies Build;
