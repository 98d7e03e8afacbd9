import { childOf, rangeOf, textOf } from "../ast.ts";
import type { Operator } from "./change.ts";

/** `!a` → `a`; `++a` ↔ `--a`. */
export const unary: Operator = (node, source) => {
  const operand = childOf(node, "subExpression");
  if (node.nodeType !== "UnaryOperation" || operand === undefined) return [];
  const operator = textOf(node, "operator");
  const text = source.of(node);
  if (operator === "!") return [{ ...rangeOf(node), kind: "negation", text: text.slice(1) }];
  if (operator === "++") return [{ ...rangeOf(node), kind: "operator", text: text.replace("++", "--") }];
  if (operator === "--") return [{ ...rangeOf(node), kind: "operator", text: text.replace("--", "++") }];
  return [];
};
