/** Literals that no mutant is made of, because one more of them changes nothing. */
import { childOf, childrenOf, listOf, typeOf, type AstNode } from "./ast.ts";
import type { SourceText } from "./sourceText.ts";

/**
 * Ends of slices that a conversion to `bytesN` cuts to their first N bytes: `bytes8(item[2:10])` has the value of
 * `bytes8(item[2:11])` wherever the item goes on behind, and where it does not, the item's length was checked before.
 */
export function idleSliceEnds(ast: AstNode, source: SourceText, found = new Set<AstNode>()): Set<AstNode> {
  const size = /^bytes(\d+)$/.exec(typeOf(ast))?.[1];
  if (ast.nodeType === "FunctionCall" && ast.kind === "typeConversion" && size !== undefined) {
    for (const slice of listOf(ast, "arguments")) {
      const [start, end] = [childOf(slice, "startExpression"), childOf(slice, "endExpression")];
      if (start === undefined || end === undefined) continue;
      const [from, to] = [distance(start, source), distance(end, source)];
      if (to.literal !== undefined && from.base === to.base && to.value - from.value >= BigInt(size))
        found.add(to.literal);
    }
  }
  for (const child of childrenOf(ast)) idleSliceEnds(child, source, found);
  return found;
}

/** `10` → 10 from nothing; `offset + 8` → 8 from `offset`. */
function distance(
  node: AstNode,
  source: SourceText,
): { readonly base: string; readonly value: bigint; readonly literal?: AstNode } {
  if (node.nodeType === "Literal") return { base: "", value: valueOf(source.of(node)), literal: node };
  const [left, right] = [childOf(node, "leftExpression"), childOf(node, "rightExpression")];
  if (left === undefined || right?.nodeType !== "Literal" || node.operator !== "+")
    return { base: source.of(node), value: 0n };
  return { base: source.of(left), value: valueOf(source.of(right)), literal: right };
}

const valueOf = (text: string): bigint => BigInt(text.replaceAll("_", ""));
