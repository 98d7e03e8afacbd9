import {
  isQuorum,
  joinSignatures,
  listedIds,
  makeCertificate,
  readBn254Signature,
  SCHEME_BN254,
  totalWeight,
  type Bn254Table,
  type Hex,
  type OperatorSignature,
  type OperatorTable,
  type SignaturePart,
} from "../../wire/index.ts";
import { chooseSigners } from "../relaying/chooseSigners.ts";
import type { SignedStatement } from "./signedStatement.ts";

/** Lowest quorum of a table, in basis points (R17). */
const MIN_QUORUM_BPS = 6_667n;

/**
 * A certificate of a quorum of a table over a statement; undefined if there is none, or the table weighs less than its floor.
 * @param member Position of an operator that must be among the signers; undefined if nobody must.
 */
export function quorumCertificate(statement: SignedStatement, table: OperatorTable, member?: number): Hex | undefined {
  if (totalWeight(table) < table.weightFloor) return undefined;
  if (table.scheme === SCHEME_BN254) return sharedQuorum(statement, table, member);
  const quorum = chooseSigners(table, MIN_QUORUM_BPS, statement.signatures);
  if (quorum === undefined) return undefined;
  const isIn = member === undefined || quorum.some(({ index }) => index === member);
  const own = isIn ? undefined : ownSignature(statement, table, member);
  if (!isIn && own === undefined) return undefined;
  return makeCertificate(table, statement.digest, own === undefined ? quorum : [...quorum, own]);
}

/** The certificate of fewest operators that has this one among its signers; undefined if there is none. */
export function loneCertificate(statement: SignedStatement, table: OperatorTable, member: number): Hex | undefined {
  if (table.scheme === SCHEME_BN254) {
    const own = partsOf(statement, table).filter(({ indices }) => indices.includes(member));
    const [least] = own.sort((a, b) => a.indices.length - b.indices.length);
    return least === undefined ? undefined : joinSignatures(table, statement.digest, [least]);
  }
  const own = ownSignature(statement, table, member);
  return own === undefined ? undefined : makeCertificate(table, statement.digest, [own]);
}

function ownSignature(
  { signatures }: SignedStatement,
  table: OperatorTable,
  index: number,
): OperatorSignature | undefined {
  const signature = signatures.get(listedIds(table)[index] ?? "");
  return signature === undefined ? undefined : { index, signature };
}

/** Joins signatures without a common signer, the heaviest first, from each that the member has a part in. */
function sharedQuorum(statement: SignedStatement, table: Bn254Table, member: number | undefined): Hex | undefined {
  const weightOf = ({ indices }: SignaturePart): bigint =>
    indices.reduce((sum, index) => sum + (table.operators[index]?.weight ?? 0n), 0n);
  const parts = partsOf(statement, table)
    .map((part) => ({ part, weight: weightOf(part) }))
    .sort((a, b) => (a.weight === b.weight ? 0 : a.weight > b.weight ? -1 : 1));
  const firsts = member === undefined ? parts : parts.filter(({ part }) => part.indices.includes(member));
  for (const first of firsts) {
    const chosen = [first.part];
    const signed = new Set(first.part.indices);
    let weight = first.weight;
    for (const next of parts) {
      if (next.part.indices.some((index) => signed.has(index))) continue;
      chosen.push(next.part);
      for (const index of next.part.indices) signed.add(index);
      weight += next.weight;
    }
    if (isQuorum(weight, totalWeight(table), MIN_QUORUM_BPS)) return joinSignatures(table, statement.digest, chosen);
  }
  return undefined;
}

/** All signatures over a statement of which each signer is in the table. */
function partsOf({ signatures, shared }: SignedStatement, table: Bn254Table): SignaturePart[] {
  const positions = new Map(listedIds(table).map((id, index) => [id, index]));
  const own = [...signatures].map(([id, bytes]) => {
    const { signature, g2 } = readBn254Signature(bytes);
    return { signers: [id], signature, key: g2 };
  });
  return [...shared.values(), ...own].flatMap(({ signers, signature, key }) => {
    const indices = signers.flatMap((id) => positions.get(id) ?? []);
    return indices.length === signers.length ? [{ indices, signature, key }] : [];
  });
}
