import { network } from "hardhat";

import type { Equivocation, Listing, Statement } from "../../../src/wire/index.ts";
import type { WireHarness } from "../../../types/ethers-contracts/index.ts";

/** The wire format's Solidity, deployed for tests that only read it. */
export async function wireHarness(): Promise<WireHarness> {
  const { ethers } = await network.create();
  return ethers.deployContract("WireHarness");
}

/** A statement as a call returns it. */
export const statementFields = ({ checkpoint: one, siblings, certificate }: Statement): unknown[] => [
  [one.source, one.destination, one.laneWord, one.reachedBy, BigInt(one.level), one.blockHash],
  siblings,
  certificate,
];

/** A listing as a call returns it. */
export const listingFields = ({ tableId, index }: Listing): unknown[] => [tableId, BigInt(index)];

/** An equivocation as a call returns it. */
export const equivocationFields = ({ a, b, from, messageHashes }: Equivocation): unknown[] => [
  statementFields(a),
  statementFields(b),
  from,
  messageHashes,
];

type StatementInput = Statement & { siblings: string[] };

const statementInput = (statement: Statement): StatementInput => ({
  ...statement,
  siblings: [...statement.siblings],
});

/** An equivocation as a call takes it: with arrays that could be written to. */
export const equivocationInput = ({
  a,
  b,
  from,
  messageHashes,
}: Equivocation): Equivocation & { a: StatementInput; b: StatementInput; messageHashes: string[] } => ({
  a: statementInput(a),
  b: statementInput(b),
  from,
  messageHashes: [...messageHashes],
});
