import type { BlockTag } from "ethers";

import { gatewayAt } from "./gatewayAt.ts";
import { laneWord, Level, ZERO_WORD, type Hex, type LaneWord } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** A word that an Inbox holds and lets prove messages now. */
export type HeldWord = { readonly level: Level; readonly word: LaneWord };

/**
 * The words of a source that a member holds: the certified ones, unless none ever arrived, and, of the settled words that arrived,
 * those that can be used now.
 */
export async function readHeld(
  node: Pick<MemberNode, "gateway" | "provider">,
  source: Hex,
  settledCounts: readonly bigint[],
  { block = "latest", isCertified = true }: { readonly block?: BlockTag; readonly isCertified?: boolean } = {},
): Promise<readonly HeldWord[]> {
  const gateway = gatewayAt(node.gateway, node.provider);
  const held = await Promise.all([
    ...(isCertified ? [Level.fast, Level.final] : []).map(async (level) => ({
      level,
      word: laneWord(await gateway.heldCertified(source, level, { blockTag: block })),
    })),
    ...settledCounts.map(async (count) => ({
      level: Level.settled,
      word: laneWord(await gateway.held(source, Level.settled, count, { blockTag: block })),
    })),
  ]);
  return held.filter(({ word }) => word !== ZERO_WORD);
}
