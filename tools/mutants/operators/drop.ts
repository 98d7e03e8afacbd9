import { childOf, listOf, rangeOf, type AstNode } from "../ast.ts";
import type { Operator } from "./change.ts";

const STATEMENTS = new Set(["ExpressionStatement", "EmitStatement", "RevertStatement", "Return", "Break", "Continue"]);
const YUL_STATEMENTS = new Set(["YulExpressionStatement", "YulAssignment", "YulBreak", "YulContinue", "YulLeave"]);

/** A statement → none; a branch of several statements → never taken. */
export const drop: Operator = (node, source) => {
  if (STATEMENTS.has(node.nodeType)) return [{ ...source.withSemicolon(rangeOf(node)), kind: "drop", text: "{}" }];
  if (YUL_STATEMENTS.has(node.nodeType)) return [{ ...rangeOf(node), kind: "drop", text: "" }];
  const condition = childOf(node, "condition");
  if (condition === undefined) return [];
  if (node.nodeType === "YulIf" && bodyOf(node, "body").length > 1)
    return [{ ...rangeOf(condition), kind: "drop", text: "0" }];
  // A branch that is a single statement goes with that.
  if (node.nodeType === "IfStatement" && bodyOf(node, "trueBody").length > 1)
    return [{ ...rangeOf(condition), kind: "drop", text: "false" }];
  return [];
};

/** A modifier of a function → none. */
export const dropModifier: Operator = (node) =>
  node.nodeType === "ModifierInvocation" && node.kind === "modifierInvocation"
    ? [{ ...rangeOf(node), kind: "modifier", text: "" }]
    : [];

function bodyOf(node: AstNode, field: string): AstNode[] {
  const body = childOf(node, field);
  if (body === undefined) return [];
  return body.nodeType.endsWith("Block") ? listOf(body, "statements") : [body];
}
