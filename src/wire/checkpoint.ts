import { id, keccak256, ZeroHash } from "ethers";

import { ParleyError } from "../errors.ts";
import { bytes32, inRange, join, maxUint, uint, type Hex } from "./bytes.ts";
import { laneWord, type LaneWord } from "./lane.ts";
import { Level, levelName, toLevel } from "./levels.ts";

/**
 * What operators say about a lane: on the chain that the source settles, the lane's word at this count is this, reached
 * no later than the last block with timestamp ≤ `reachedBy`.
 */
export type Checkpoint = {
  /** The source's member id. */
  readonly source: Hex;
  /** The destination's member id. */
  readonly destination: Hex;
  readonly laneWord: LaneWord;
  /** Seconds since 1970. */
  readonly reachedBy: bigint;
  /** Fast or final: operators never speak for the level settled. */
  readonly level: Level;
  /** At level fast the block in which the word was read, not zero; at level final zero. */
  readonly blockHash: Hex;
};

/** The EIP-712 type of a checkpoint, in the shape that ethers takes. */
export const CHECKPOINT_TYPES = {
  Checkpoint: [
    { name: "source", type: "bytes32" },
    { name: "destination", type: "bytes32" },
    { name: "laneWord", type: "bytes32" },
    { name: "reachedBy", type: "uint64" },
    { name: "level", type: "uint8" },
    { name: "blockHash", type: "bytes32" },
  ],
};

/** `keccak` of the checkpoint's type (EIP-712). */
export const CHECKPOINT_TYPEHASH: Hex = id(
  "Checkpoint(bytes32 source,bytes32 destination,bytes32 laneWord,uint64 reachedBy,uint8 level,bytes32 blockHash)",
);

/**
 * Checks a checkpoint, and writes it in its one form. Throws `wire/level` (not fast or final), `wire/block-hash` (none
 * at level fast, or one at level final), `wire/range`, `wire/hex`, `wire/length`.
 */
export function toCheckpoint(checkpoint: Checkpoint): Checkpoint {
  const level = certifiableLevel(checkpoint.level);
  return {
    source: bytes32(checkpoint.source, "source"),
    destination: bytes32(checkpoint.destination, "destination"),
    laneWord: laneWord(checkpoint.laneWord),
    reachedBy: inRange(checkpoint.reachedBy, 0n, maxUint(64), "reachedBy"),
    level,
    blockHash: checkedBlockHash(level, checkpoint.blockHash),
  };
}

/** The leaf that a checkpoint is in a tree: its EIP-712 struct hash. Throws as {@link toCheckpoint} does. */
export function checkpointLeaf(checkpoint: Checkpoint): Hex {
  const checked = toCheckpoint(checkpoint);
  return keccak256(
    join(
      CHECKPOINT_TYPEHASH,
      checked.source,
      checked.destination,
      checked.laneWord,
      uint(checked.reachedBy, 32, "reachedBy"),
      uint(BigInt(checked.level), 32, "level"),
      checked.blockHash,
    ),
  );
}

/** Checks that a level is one that operators certify. Throws `wire/level` unless it is fast or final. */
export function certifiableLevel(value: bigint | number): Level {
  const level = toLevel(value, "level");
  if (level === Level.settled) {
    throw new ParleyError(
      "wire/level",
      "no checkpoint or certificate is of level 3 (settled)",
      "Use 1 (fast) or 2 (final); settled words come through L1 and need no certificate.",
    );
  }
  return level;
}

/** Checks that a block hash fits its level. Throws `wire/block-hash`, `wire/hex`, `wire/length`. */
export function checkedBlockHash(level: Level, value: string): Hex {
  const blockHash = bytes32(value, "block hash");
  if ((level === Level.fast) === (blockHash === ZeroHash)) {
    throw new ParleyError(
      "wire/block-hash",
      `a checkpoint of level ${levelName(level)} has block hash ${blockHash}`,
      "Name the block at level fast, and give zero at level final.",
    );
  }
  return blockHash;
}
