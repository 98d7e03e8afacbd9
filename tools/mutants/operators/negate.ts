import { childOf, rangeOf, textOf, type AstNode } from "../ast.ts";
import type { Operator } from "./change.ts";

const BRANCHES = new Set(["IfStatement", "WhileStatement", "ForStatement", "DoWhileStatement", "Conditional"]);
const COMPARISONS = new Set(["<", "<=", ">", ">=", "==", "!="]);
const YUL_COMPARISONS = new Set(["lt", "gt", "slt", "sgt", "eq", "iszero"]);

/** `if (a)` → `if (!(a))`, where no other operator negates `a` as a whole. */
export const negate: Operator = (node, source) => {
  const condition = childOf(node, "condition");
  if (condition === undefined) return [];
  const place = rangeOf(condition);
  if (BRANCHES.has(node.nodeType)) {
    if (isNegatedElsewhere(condition)) return [];
    return [{ ...place, kind: "negation", text: `!(${source.of(condition)})` }];
  }
  if (node.nodeType !== "YulIf" && node.nodeType !== "YulForLoop") return [];
  const called = childOf(condition, "functionName");
  if (called !== undefined && YUL_COMPARISONS.has(textOf(called, "name"))) return [];
  return [{ ...place, kind: "negation", text: `iszero(${source.of(condition)})` }];
};

function isNegatedElsewhere(condition: AstNode): boolean {
  const operator = textOf(condition, "operator");
  return condition.nodeType === "Literal" || COMPARISONS.has(operator) || operator === "!";
}
