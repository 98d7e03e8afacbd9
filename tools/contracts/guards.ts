/** Who may call a function: the conditions on `msg.sender` under which it goes on, read from its syntax tree. */
import { childrenOf, childOf, isNode, listOf, textOf, type AstNode } from "../mutants/ast.ts";
import { lineOf, type Build, type Contract } from "./build.ts";

/** A condition, and the error without it. */
export type Guard = { readonly condition: string; readonly error: string };

const CALLER = /\bmsg\.sender\b/;

/** The guards of a function and of whatever of its own contract it calls, in their order. */
export function guardsOf(contract: Contract, definition: AstNode): Guard[] {
  const line = lineOf(contract);
  const seen = new Set<AstNode>();
  const found = new Map<string, Guard>();

  const visit = (callable: AstNode): void => {
    if (seen.has(callable)) return;
    seen.add(callable);
    for (const invocation of listOf(callable, "modifiers")) {
      const modifier = contract.build.node(childOf(invocation, "modifierName")?.referencedDeclaration);
      if (modifier?.nodeType === "ModifierDefinition") visit(modifier);
    }
    const body = childOf(callable, "body");
    if (body === undefined) return;
    const locals = localsOf(contract.build, body);
    walk(body, (node) => {
      const guard = guardAt(contract.build, node, locals);
      if (guard !== undefined) found.set(`${guard.condition} ${guard.error}`, guard);
      const called = calledAt(contract.build, node, line);
      if (called !== undefined) visit(called);
    });
  };
  visit(definition);
  return [...found.values()];
}

function walk(node: AstNode, visit: (node: AstNode) => void): void {
  visit(node);
  for (const child of childrenOf(node)) walk(child, visit);
}

/** Local variables that say who calls, and what they are. */
function localsOf(build: Build, body: AstNode): Map<string, string> {
  const locals = new Map<string, string>();
  walk(body, (node) => {
    if (node.nodeType !== "VariableDeclarationStatement") return;
    const [declared, ...more] = listOf(node, "declarations");
    const value = childOf(node, "initialValue");
    if (declared === undefined || more.length > 0 || value === undefined) return;
    const text = textAt(build, value, locals);
    if (CALLER.test(text)) locals.set(textOf(declared, "name"), text);
  });
  return locals;
}

/** An expression's source, with OpenZeppelin's `_msgSender()` and such locals as what they are. */
function textAt(build: Build, node: AstNode, locals: ReadonlyMap<string, string>): string {
  let text = build.sourceOf(node).replaceAll("_msgSender()", "msg.sender");
  for (const [name, value] of locals) text = text.replace(new RegExp(`\\b(?<!\\.)${name}\\b`, "g"), () => value);
  return text;
}

/** `require(condition, Error(…))`, or `if (condition) revert Error(…)`, where either speaks of the caller. */
function guardAt(build: Build, node: AstNode, locals: ReadonlyMap<string, string>): Guard | undefined {
  const { condition, error, isNegated = false } = refusalAt(node) ?? {};
  if (condition === undefined || error === undefined) return undefined;
  const text = textAt(build, condition, locals);
  const refusal = build.sourceOf(error);
  if (!CALLER.test(text) && !CALLER.test(refusal)) return undefined;
  return { condition: isNegated ? negated(text) : text, error: refusal.replace(/\(.*$/s, "") };
}

type Refusal = {
  readonly condition: AstNode | undefined;
  readonly error: AstNode | undefined;
  readonly isNegated: boolean;
};

function refusalAt(node: AstNode): Refusal | undefined {
  if (node.nodeType === "FunctionCall" && textOf(childOf(node, "expression") ?? node, "name") === "require") {
    const [condition, error] = listOf(node, "arguments");
    return { condition, error, isNegated: false };
  }
  if (node.nodeType !== "IfStatement") return undefined;
  const body = childOf(node, "trueBody");
  const statement = body?.nodeType === "Block" ? listOf(body, "statements")[0] : body;
  if (statement?.nodeType !== "RevertStatement") return undefined;
  return { condition: childOf(node, "condition"), error: childOf(statement, "errorCall"), isNegated: true };
}

/** The opposite of a condition; of what is more than one comparison with its meaning spelled out. */
function negated(condition: string): string {
  if (/&&|\|\|/.test(condition)) return `!(${condition})`;
  if (condition.startsWith("!")) return condition.slice(1);
  if (condition.includes("!=")) return condition.replace("!=", "==");
  return condition.includes("==") ? condition.replace("==", "!=") : `!(${condition})`;
}

/** The function or modifier of the same contract that is called here, as the most derived contract has it. */
function calledAt(build: Build, node: AstNode, line: readonly AstNode[]): AstNode | undefined {
  if (node.nodeType !== "FunctionCall") return undefined;
  const callee = childOf(node, "expression");
  if (callee?.nodeType !== "Identifier" && !isSuper(callee)) return undefined;
  const declared = build.node(callee?.referencedDeclaration);
  if (declared?.nodeType !== "FunctionDefinition") return undefined;
  if (isSuper(callee)) return declared;
  for (const contract of line) {
    const override = listOf(contract, "nodes").find((one) => one === declared || overrides(build, one, declared));
    if (override !== undefined) return override;
  }
  return declared;
}

const isSuper = (callee: AstNode | undefined): boolean =>
  callee?.nodeType === "MemberAccess" && textOf(childOf(callee, "expression") ?? callee, "name") === "super";

/** Whether a definition overrides another, directly or by what it overrides itself. */
function overrides(build: Build, definition: AstNode, base: AstNode): boolean {
  const bases: unknown = definition.baseFunctions;
  if (!Array.isArray(bases)) return false;
  return bases
    .map((id) => build.node(id))
    .filter(isNode)
    .some((one) => one === base || overrides(build, one, base));
}
