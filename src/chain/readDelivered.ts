import type { BlockTag } from "ethers";

import { gatewayAt } from "./gatewayAt.ts";
import type { Hex } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** Which of these messages from `source` a member has executed. */
export async function readDelivered(
  node: Pick<MemberNode, "gateway" | "provider">,
  source: Hex,
  nonces: readonly bigint[],
  block: BlockTag = "latest",
): Promise<ReadonlySet<bigint>> {
  const gateway = gatewayAt(node.gateway, node.provider);
  const delivered = await Promise.all(
    nonces.map(async (nonce) => await gateway.isDelivered(source, nonce, { blockTag: block })),
  );
  return new Set(nonces.filter((_, place) => delivered[place]));
}
