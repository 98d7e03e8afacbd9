import { ZeroHash } from "ethers";

import { join } from "../../src/wire/bytes.ts";
import { decodeAdvanceProof, decodeProof, encodeAdvanceProof, encodeProof, type Proof } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import { refused, refusedBytes } from "./refused.ts";

/** Proofs of `deliver` and `advance`. Certificates in them are any bytes. */
export const proofVectors = ((random) => {
  const certificate = random.bytes(65);
  const proofs: Proof[] = [
    { kind: "held", level: 1 },
    { kind: "held", level: 2 },
    { kind: "held", level: 3 },
    { kind: "certificate", level: 2, reachedBy: 1_790_000_000n, blockHash: ZeroHash, siblings: [], certificate },
    { kind: "certificate", level: 1, reachedBy: 0n, blockHash: random.hash(), siblings: random.hashes(3), certificate },
    {
      kind: "certificate",
      level: 2,
      reachedBy: 2n ** 64n - 1n,
      blockHash: ZeroHash,
      siblings: random.hashes(255),
      certificate: random.bytes(390),
    },
  ];
  const final = encodeProof({
    kind: "certificate",
    level: 2,
    reachedBy: 1_790_000_000n,
    blockHash: ZeroHash,
    siblings: random.hashes(1),
    certificate,
  });
  const bad = refusedBytes(decodeProof);
  const advances = [[0], [1], [2, 0, 5], [255, 1]].map((depths) => ({
    siblings: depths.map((depth) => random.hashes(depth)),
    certificate: random.bytes(130),
  }));
  const badAdvance = (name: string, error: string, checkpoints: number, bytes: string) =>
    refused(name, error, { checkpoints, bytes }, (input) => decodeAdvanceProof(input.bytes, input.checkpoints));
  return {
    deliver: {
      valid: proofs.map((proof) => ({ proof, bytes: encodeProof(proof) })),
      invalid: [
        bad("no bytes", "wire/truncated", "0x"),
        bad("kind alone", "wire/truncated", "0x00"),
        bad("kind 2", "wire/kind", "0x0202"),
        bad("held at level 0", "wire/level", "0x0000"),
        bad("held at level 4", "wire/level", "0x0004"),
        bad("held and a byte more", "wire/trailing", "0x000200"),
        bad("certificate of level 0", "wire/level", join("0x0100", `0x${final.slice(6)}`)),
        bad("certificate of level settled", "wire/level", join("0x0103", `0x${final.slice(6)}`)),
        bad("cut off in reachedBy", "wire/truncated", final.slice(0, 2 + 2 * 9)),
        bad("no siblings' number", "wire/truncated", final.slice(0, 2 + 2 * 10)),
        bad("cut off in a sibling", "wire/truncated", final.slice(0, 2 + 2 * 42)),
        bad("no certificate", "wire/empty", final.slice(0, 2 + 2 * 43)),
        bad(
          "fast without a block hash",
          "wire/block-hash",
          join("0x0101", "0x000000006ab00000", ZeroHash, "0x00", certificate),
        ),
        bad("fast cut off in its block hash", "wire/truncated", join("0x0101", "0x000000006ab00000", random.bytes(31))),
      ],
    },
    advance: {
      valid: advances.map((proof) => ({
        checkpoints: proof.siblings.length,
        proof,
        bytes: encodeAdvanceProof(proof),
      })),
      invalid: [
        badAdvance("no bytes", "wire/truncated", 1, "0x"),
        badAdvance("no certificate", "wire/empty", 1, "0x00"),
        badAdvance("cut off in a sibling", "wire/truncated", 1, join("0x02", random.bytes(63))),
        badAdvance("fewer siblings' numbers than checkpoints", "wire/truncated", 2, "0x00"),
      ],
    },
  };
}) satisfies Build;
