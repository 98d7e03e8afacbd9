import { isQuorum, totalWeight, type Hex, type OperatorSignature, type OperatorTable } from "../../wire/index.ts";

/**
 * The fewest signatures whose weight is strictly more than the quorum of the table: each costs the destination the same
 * gas, so the heaviest signers first. Undefined if all of them together do not reach it.
 * @param signatures By the signers' addresses in lower case; verified.
 */
export function chooseSigners(
  table: OperatorTable,
  quorumBps: bigint,
  signatures: ReadonlyMap<string, Hex>,
): OperatorSignature[] | undefined {
  const total = totalWeight(table);
  const signers = table.operators
    .map(({ key, weight }, index) => ({ index, weight, signature: signatures.get(key.toLowerCase()) }))
    .sort((a, b) => (a.weight === b.weight ? a.index - b.index : a.weight > b.weight ? -1 : 1));
  const chosen: OperatorSignature[] = [];
  let signed = 0n;
  for (const { index, weight, signature } of signers) {
    if (signature === undefined) continue;
    chosen.push({ index, signature });
    signed += weight;
    if (isQuorum(signed, total, quorumBps)) return chosen;
  }
  return undefined;
}
