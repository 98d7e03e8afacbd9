import {
  isQuorum,
  keyId,
  SCHEME_BN254,
  totalWeight,
  type Hex,
  type OperatorSignature,
  type OperatorTable,
} from "../../wire/index.ts";

/**
 * The signatures whose certificate costs the destination least, of weight strictly more than the quorum of the table. ECDSA: the
 * fewest, the heaviest signers first, as each costs the same. BN254: all, as each that is absent costs. Undefined if all of them
 * together do not reach it.
 * @param signatures By the ids of the signers' keys in lower case; verified.
 */
export function chooseSigners(
  table: OperatorTable,
  quorumBps: bigint,
  signatures: ReadonlyMap<string, Hex>,
): OperatorSignature[] | undefined {
  const total = totalWeight(table);
  const signers = table.operators
    .map(({ key, weight }, index) => ({ index, weight, signature: signatures.get(keyId(key).toLowerCase()) }))
    .sort((a, b) => (a.weight === b.weight ? a.index - b.index : a.weight > b.weight ? -1 : 1));
  const chosen: OperatorSignature[] = [];
  let signed = 0n;
  for (const { index, weight, signature } of signers) {
    if (signature === undefined) continue;
    chosen.push({ index, signature });
    signed += weight;
    if (table.scheme !== SCHEME_BN254 && isQuorum(signed, total, quorumBps)) return chosen;
  }
  return isQuorum(signed, total, quorumBps) ? chosen : undefined;
}
