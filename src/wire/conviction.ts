import { AbiCoder } from "ethers";

import { bytes32, inRange, type Hex } from "./bytes.ts";
import { strictAbi } from "./envelope.ts";
import {
  checkedEquivocation,
  EQUIVOCATION,
  equivocationOf,
  type Equivocation,
  type EquivocationAbi,
} from "./evidence.ts";
import { MAX_OPERATORS } from "./table.ts";

/** What an operator can be convicted of, as the Slasher numbers it. */
export const OffenceKind = { equivocation: 0, falsehood: 1, unsettled: 2 } as const;

/** How grave an offence is: on the word of one operator, or of a quorum. Numbered as the Slasher does. */
export const Degree = { none: 0, lone: 1, quorum: 2 } as const;
export type Degree = (typeof Degree)[keyof typeof Degree];

/** Where a table lists a key. */
export type Listing = {
  readonly tableId: Hex;
  /** The key's position among the table's operators. */
  readonly index: number;
};

/** That an operator signed both of two statements that conflict: the indices in each certificate are those of its table. */
export type ConvictionEvidence = {
  readonly equivocation: Equivocation;
  /** Where the operator's key that signed `equivocation.a` is listed. */
  readonly a: Listing;
  readonly b: Listing;
};

const LISTING = "tuple(bytes32 tableId, uint256 index)";
const EVIDENCE = `tuple(${EQUIVOCATION} equivocation, ${LISTING} a, ${LISTING} b)`;

/** The `evidence` of the Slasher's `convict`. Throws as `encodeEquivocation` does, and `wire/range` (index). */
export function encodeConvictionEvidence({ equivocation, a, b }: ConvictionEvidence): Hex {
  return AbiCoder.defaultAbiCoder().encode(
    [EVIDENCE],
    [{ equivocation: checkedEquivocation(equivocation), a: checkedListing(a), b: checkedListing(b) }],
  );
}

/** What the `evidence` of `convict` says. Throws `wire/abi`, `wire/hex`, `wire/range`, and as `toCheckpoint` does. */
export function decodeConvictionEvidence(bytes: string): ConvictionEvidence {
  return strictAbi(
    bytes,
    "evidence",
    (data) => {
      const [[equivocation, a, b]] = AbiCoder.defaultAbiCoder().decode([EVIDENCE], data) as unknown as [EvidenceAbi];
      return { equivocation: equivocationOf(equivocation), a: listingOf(a), b: listingOf(b) };
    },
    encodeConvictionEvidence,
  );
}

// What ethers decodes: tuples as arrays.
type ListingAbi = [tableId: Hex, index: bigint];
type EvidenceAbi = [equivocation: EquivocationAbi, a: ListingAbi, b: ListingAbi];

const listingOf = ([tableId, index]: ListingAbi): Listing => checkedListing({ tableId, index: Number(index) });

function checkedListing({ tableId, index }: Listing): Listing {
  inRange(BigInt(index), 0n, BigInt(MAX_OPERATORS - 1), "operator index");
  return { tableId: bytes32(tableId, "table id"), index };
}
