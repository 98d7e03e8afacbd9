import { gatewayAt } from "../chain/gatewayAt.ts";
import type { MemberNode } from "../chain/memberNode.ts";
import { ParleyError } from "../errors.ts";
import { Level, type Hex } from "../wire/index.ts";

/**
 * Throws `operator/fast-unwanted` unless the destination takes certificates at level fast about the source: its owner opts in
 * with `setSource`. Elsewhere a fast word is of no use, and costs its signers a part of their stake if it is never settled.
 */
export async function checkFast(source: Hex, { gateway, provider, name }: MemberNode): Promise<void> {
  const { minLevel } = await gatewayAt(gateway, provider).member(source);
  if (minLevel === BigInt(Level.fast)) return;
  throw new ParleyError(
    "operator/fast-unwanted",
    `${name} takes no certificate at level fast about ${source}`,
    "Ask at level final, or have the destination's owner opt in with `setSource`.",
  );
}
