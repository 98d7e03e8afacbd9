import { childOf, listOf, rangeOf, textOf } from "../ast.ts";
import type { Change, Operator } from "./change.ts";
import { exchange } from "./swap.ts";

const RENAMED: Readonly<Record<string, string>> = {
  add: "sub",
  sub: "add",
  mul: "div",
  div: "mul",
  mod: "div",
  and: "or",
  or: "and",
  xor: "or",
  shl: "shr",
  shr: "shl",
};

const OPPOSITES: Readonly<Record<string, string>> = { lt: "gt", gt: "lt", slt: "sgt", sgt: "slt" };
const SWAPPED = new Set(["sub", "div", "mod", "shl", "shr", "mstore", "byte"]);

/** Opcodes: `add` ↔ `sub`, `lt(a, b)` → `iszero(gt(a, b))`, `iszero(a)` → `a`, `sub(a, b)` → `sub(b, a)` … */
export const assembly: Operator = (node, source) => {
  const called = childOf(node, "functionName");
  if (node.nodeType !== "YulFunctionCall" || called === undefined) return [];
  const name = textOf(called, "name");
  const [whole, text] = [rangeOf(node), source.of(node)];
  const [first, second] = listOf(node, "arguments");
  const changes: Change[] = [];

  const renamed = RENAMED[name];
  if (renamed !== undefined) changes.push({ ...whole, kind: "operator", text: text.replace(name, renamed) });
  const opposite = OPPOSITES[name];
  if (opposite !== undefined) {
    changes.push({ ...whole, kind: "bound", text: `iszero(${text.replace(name, opposite)})` });
    changes.push({ ...whole, kind: "negation", text: `iszero(${text})` });
  }
  if (name === "eq") changes.push({ ...whole, kind: "negation", text: `iszero(${text})` });
  if (name === "iszero") changes.push({ ...whole, kind: "negation", text: `iszero(${text})` });
  if (name === "not" && first !== undefined) changes.push({ ...whole, kind: "operator", text: source.of(first) });
  if (SWAPPED.has(name) && first !== undefined && second !== undefined && source.of(first) !== source.of(second))
    changes.push(exchange(node, first, second, source));
  return changes;
};
