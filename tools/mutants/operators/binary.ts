import { childOf, rangeOf, textOf } from "../ast.ts";
import type { Kind, Operator } from "./change.ts";

const REPLACEMENTS: Readonly<Record<string, readonly (readonly [Kind, string])[]>> = {
  "<": [
    ["bound", "<="],
    ["negation", ">="],
  ],
  "<=": [
    ["bound", "<"],
    ["negation", ">"],
  ],
  ">": [
    ["bound", ">="],
    ["negation", "<="],
  ],
  ">=": [
    ["bound", ">"],
    ["negation", "<"],
  ],
  "==": [["negation", "!="]],
  "!=": [["negation", "=="]],
  "&&": [["operator", "||"]],
  "||": [["operator", "&&"]],
  "+": [["operator", "-"]],
  "-": [["operator", "+"]],
  "*": [["operator", "/"]],
  "/": [["operator", "*"]],
  "%": [["operator", "/"]],
  "&": [["operator", "|"]],
  "|": [["operator", "&"]],
  "^": [["operator", "|"]],
  "<<": [["operator", ">>"]],
  ">>": [["operator", "<<"]],
};

/** `a < b` → `(a <= b)`, `(a >= b)`; `a += b` → `a -= b`. */
export const binary: Operator = (node, source) => {
  const assigns = node.nodeType === "Assignment";
  if (node.nodeType !== "BinaryOperation" && !assigns) return [];
  const [left, right] = assigns
    ? [childOf(node, "leftHandSide"), childOf(node, "rightHandSide")]
    : [childOf(node, "leftExpression"), childOf(node, "rightExpression")];
  if (left === undefined || right === undefined) return [];
  const operator = textOf(node, "operator");
  const whole = rangeOf(node);
  const gap = { start: rangeOf(left).end, end: rangeOf(right).start };
  return (REPLACEMENTS[assigns ? operator.slice(0, -1) : operator] ?? []).map(([kind, other]) => {
    const between = source.at(gap).replace(operator, assigns ? `${other}=` : other);
    const text =
      source.at({ start: whole.start, end: gap.start }) + between + source.at({ start: gap.end, end: whole.end });
    return { ...whole, kind, text: assigns ? text : `(${text})` };
  });
};
