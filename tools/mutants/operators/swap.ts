import { listOf, rangeOf, textOf, typeOf, type AstNode } from "../ast.ts";
import type { SourceText } from "../sourceText.ts";
import type { Change, Operator } from "./change.ts";

/** `f(a, b)` → `f(b, a)` and `(a, b)` → `(b, a)`: each value with the next one of its type. */
export const swap: Operator = (node, source) => {
  if (node.nodeType === "TupleExpression") return swapsOf(listOf(node, "components"), node, source);
  if (node.nodeType === "FunctionCall" && node.kind !== "typeConversion")
    return swapsOf(listOf(node, "arguments"), node, source);
  return [];
};

function swapsOf(values: readonly AstNode[], node: AstNode, source: SourceText): Change[] {
  return values.flatMap((value, i) => {
    const other = values.slice(i + 1).find((candidate) => kindOf(candidate) === kindOf(value));
    return other === undefined || source.of(other) === source.of(value) ? [] : [exchange(node, value, other, source)];
  });
}

/** The node with two nodes inside it exchanged. */
export function exchange(node: AstNode, first: AstNode, second: AstNode, source: SourceText): Change {
  const [whole, a, b] = [rangeOf(node), rangeOf(first), rangeOf(second)];
  const text = [
    source.at({ start: whole.start, end: a.start }),
    source.at(b),
    source.at({ start: a.end, end: b.start }),
    source.at(a),
    source.at({ start: b.end, end: whole.end }),
  ].join("");
  return { ...whole, kind: "swap", text };
}

/** Integers of any width are alike: the compiler refuses what does not fit. */
const kindOf = (value: AstNode): string =>
  typeOf(value).replace(/^u?int(\d+|_const.*)$/, "integer") || textOf(value, "nodeType");
