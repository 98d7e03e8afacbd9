/** What operators of a fabric can be made to say, true or not. */
import { id, ZeroHash } from "ethers";

import { operatorSigner, type RelayedMember } from "../../../../src/agents/index.ts";
import { readBlock } from "../../../../src/chain/blocks.ts";
import type { DevnetOperator } from "../../../../src/testing/operators.ts";
import {
  checkpointTree,
  encodeAdvanceProof,
  encodeBatch,
  encodeCertificate,
  encodeProof,
  fold,
  genesis,
  Level,
  type Checkpoint,
  type Hex,
  type LaneWord,
  type Statement,
} from "../../../../src/wire/index.ts";
import { gatewayOf, type World } from "../fixture.ts";

/** A final statement about a lane, as true as the word. */
export async function finalOf(
  from: Pick<RelayedMember, "id" | "provider">,
  to: Pick<RelayedMember, "id">,
  laneWord: LaneWord,
): Promise<Checkpoint> {
  const { timestamp } = await readBlock(from.provider, "latest");
  return {
    source: from.id,
    destination: to.id,
    laneWord,
    reachedBy: timestamp,
    level: Level.final,
    blockHash: ZeroHash,
  };
}

/** Messages that nobody sent. */
export const inventedHashes = (name: string, count: number): Hex[] =>
  Array.from({ length: count }, (_, place) => id(`${name} ${place}`));

/** The word to which invented messages lead a lane. */
export const inventedWord = (
  from: Pick<RelayedMember, "id">,
  to: Pick<RelayedMember, "id">,
  name: string,
  count: number,
): LaneWord => fold(genesis(from.id, to.id), inventedHashes(name, count));

/** The statement with the signatures of operators that sign anything. */
export async function signedBy(
  { fabric, domain }: Pick<World, "fabric" | "domain">,
  checkpoint: Checkpoint,
  signers: readonly DevnetOperator[],
): Promise<Statement> {
  const listed = [...fabric.operators].sort((a, b) => (BigInt(a.keyAddress) < BigInt(b.keyAddress) ? -1 : 1));
  const { root } = checkpointTree([checkpoint]);
  const signatures = await Promise.all(
    signers.map(async (operator) => ({
      index: listed.indexOf(operator),
      signature: await operatorSigner(operator.key).signRoot(domain, root),
    })),
  );
  return { checkpoint, siblings: [], certificate: encodeCertificate(signatures) };
}

/** Has a Gateway hold a certified word; answers the transaction. */
export async function hold(on: RelayedMember, { checkpoint, certificate }: Statement): Promise<Hex> {
  const proof = encodeAdvanceProof({ siblings: [[]], certificate });
  const response = await gatewayOf(on).advance([checkpoint], proof);
  await response.wait();
  return response.hash;
}

/** The call that delivers an invented message, behind others of which only the hashes are shown. */
export function deliverCall(
  from: RelayedMember,
  to: RelayedMember,
  { checkpoint, certificate }: Statement,
  items: Parameters<typeof encodeBatch>[0],
): Hex {
  const { level, reachedBy, blockHash } = checkpoint;
  const proof = encodeProof({ kind: "certificate", level, reachedBy, blockHash, siblings: [], certificate });
  const source = { chainId: from.chainId, gateway: from.gateway };
  return gatewayOf(to).interface.encodeFunctionData("deliver", [
    source,
    encodeBatch(items),
    proof,
    genesis(from.id, to.id),
  ]);
}
