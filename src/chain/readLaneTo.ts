import type { BlockTag } from "ethers";

import { gatewayAt } from "./gatewayAt.ts";
import { laneWord, type LaneWord } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** The word of a member's lane to a chain at a block; zero if there is no lane. */
export async function readLaneTo(
  node: Pick<MemberNode, "gateway" | "provider">,
  destinationChainId: bigint,
  block: BlockTag = "latest",
): Promise<LaneWord> {
  const gateway = gatewayAt(node.gateway, node.provider);
  return laneWord(await gateway.laneTo(destinationChainId, { blockTag: block }));
}
