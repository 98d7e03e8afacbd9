import { TypedDataEncoder, ZeroHash } from "ethers";

import { certificateDomain } from "../../src/wire/certificate.ts";
import { certificateDigest, checkpointLeaf, checkpointTree, Level, type Checkpoint } from "../../src/wire/index.ts";
import type { Build } from "./build.ts";
import type { Random } from "./random.ts";
import { refused } from "./refused.ts";

/** A checkpoint of this level. */
export function someCheckpoint(random: Random, level: Level): Checkpoint {
  return {
    source: random.hash(),
    destination: random.hash(),
    laneWord: random.word(),
    reachedBy: 1_790_000_000n + random.uint(20),
    level,
    blockHash: level === Level.fast ? random.hash() : ZeroHash,
  };
}

/** Checkpoints, their leaves and trees, and what operators sign. */
export const checkpointVectors = ((random) => {
  const checkpoints = [
    someCheckpoint(random, Level.final),
    someCheckpoint(random, Level.fast),
    { ...someCheckpoint(random, Level.final), reachedBy: 0n },
    { ...someCheckpoint(random, Level.fast), reachedBy: 2n ** 64n - 1n },
    ...Array.from({ length: 13 }, (_, index) => someCheckpoint(random, index % 2 === 0 ? Level.final : Level.fast)),
  ];
  const domains = [
    { settlementChainId: 1n, serviceManager: random.address() },
    { settlementChainId: 31337n, serviceManager: random.address() },
  ];
  const trees = [1, 2, 3, 4, 5, 8, checkpoints.length].map((size) => {
    const tree = checkpointTree(checkpoints.slice(0, size));
    return { size, root: tree.root, siblings: tree.siblings };
  });
  const bad = (name: string, error: string, checkpoint: Checkpoint) =>
    refused(name, error, { checkpoint }, (input) => checkpointLeaf(input.checkpoint));
  const final = someCheckpoint(random, Level.final);
  const fast = someCheckpoint(random, Level.fast);
  return {
    checkpoints: checkpoints.map((checkpoint) => ({ checkpoint, leaf: checkpointLeaf(checkpoint) })),
    trees,
    digests: domains.flatMap((domain) =>
      trees.map(({ root }) => ({
        domain,
        domainSeparator: TypedDataEncoder.hashDomain(certificateDomain(domain)),
        root,
        digest: certificateDigest(domain, root),
      })),
    ),
    invalid: [
      bad("final with a block hash", "wire/block-hash", { ...final, blockHash: random.hash() }),
      bad("fast without a block hash", "wire/block-hash", { ...fast, blockHash: ZeroHash }),
      bad("settled", "wire/level", { ...final, level: Level.settled }),
      bad("reachedBy of 65 bits", "wire/range", { ...final, reachedBy: 2n ** 64n }),
    ],
  };
}) satisfies Build;
