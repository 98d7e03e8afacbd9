import { bytes32, hex, inRange, maxUint, type Hex } from "./bytes.ts";
import { toCheckpoint, type Checkpoint } from "./checkpoint.ts";
import { laneWord } from "./lane.ts";
import { toLevel } from "./levels.ts";

/** A certified checkpoint: its way to a root, and the certificate over that root. */
export type Statement = {
  readonly checkpoint: Checkpoint;
  readonly siblings: readonly Hex[];
  readonly certificate: Hex;
};

/** Where a table lists a key: its position among the table's operators. */
export type Listing = { readonly tableId: Hex; readonly index: number };

const CHECKPOINT_ABI =
  "tuple(bytes32 source, bytes32 destination, bytes32 laneWord, uint64 reachedBy, uint8 level, bytes32 blockHash)";

/** As evidence carries them. */
export const STATEMENT_ABI = `tuple(${CHECKPOINT_ABI} checkpoint, bytes32[] siblings, bytes certificate)`;
export const LISTING_ABI = "tuple(bytes32 tableId, uint256 index)";

// What ethers decodes: tuples as arrays.
type CheckpointAbi = [source: Hex, destination: Hex, word: Hex, reachedBy: bigint, level: bigint, blockHash: Hex];
export type StatementAbi = [checkpoint: CheckpointAbi, siblings: Hex[], certificate: Hex];
export type ListingAbi = [tableId: Hex, index: bigint];

/** What was decoded. Throws as `toCheckpoint` does. */
export function statementOf([checkpoint, siblings, certificate]: StatementAbi): Statement {
  const [source, destination, word, reachedBy, level, blockHash] = checkpoint;
  return {
    checkpoint: toCheckpoint({
      source,
      destination,
      laneWord: laneWord(word),
      reachedBy,
      level: toLevel(level, "level"),
      blockHash,
    }),
    siblings: [...siblings],
    certificate,
  };
}

export const listingOf = ([tableId, index]: ListingAbi): Listing => ({ tableId, index: placeOf(index) });

/** What is to be encoded. Throws as `toCheckpoint` does, and `wire/hex`, `wire/length`. */
export function checkedStatement(statement: Statement): Statement {
  return {
    checkpoint: toCheckpoint(statement.checkpoint),
    siblings: statement.siblings.map((sibling) => bytes32(sibling, "sibling")),
    certificate: hex(statement.certificate, "certificate"),
  };
}

/** Throws `wire/range`, `wire/hex`, `wire/length`. */
export const checkedListing = ({ tableId, index }: Listing): Listing => ({
  tableId: bytes32(tableId, "table id"),
  index: placeOf(BigInt(index)),
});

/** A table has at most 256 operators. */
const placeOf = (index: bigint): number => Number(inRange(index, 0n, maxUint(8), "index in a table"));
