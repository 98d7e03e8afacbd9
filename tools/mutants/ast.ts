/** solc's AST, as far as mutants need it: nodes with a type, a place in the source, and fields. */
export type AstNode = { readonly nodeType: string; readonly src: string; readonly [field: string]: unknown };

/** Bytes of a source, from `start` to before `end`. */
export type Range = { readonly start: number; readonly end: number };

export const isNode = (value: unknown): value is AstNode =>
  typeof value === "object" && value !== null && "nodeType" in value && "src" in value;

/** Where a node is in its source. */
export function rangeOf(node: AstNode): Range {
  const [start = 0, length = 0] = node.src.split(":").map(Number);
  return { start, end: start + length };
}

/** The nodes below a node, in the source's order. */
export function childrenOf(node: AstNode): AstNode[] {
  return Object.values(node)
    .flat()
    .filter(isNode)
    .sort((a, b) => rangeOf(a).start - rangeOf(b).start);
}

/** A node's field that is a node, if it has it. */
export function childOf(node: AstNode, field: string): AstNode | undefined {
  const value = node[field];
  return isNode(value) ? value : undefined;
}

/** A node's field that is a list, without its gaps (`(, b)` has one). */
export function listOf(node: AstNode, field: string): AstNode[] {
  const value = node[field];
  return Array.isArray(value) ? value.filter(isNode) : [];
}

/** A node's field that is text; empty if it has none. */
export function textOf(node: AstNode, field: string): string {
  const value = node[field];
  return typeof value === "string" ? value : "";
}

/** An expression's type as solc writes it, without where its data is. */
export function typeOf(node: AstNode): string {
  const { typeDescriptions } = node;
  if (typeof typeDescriptions !== "object" || typeDescriptions === null || !("typeString" in typeDescriptions))
    return "";
  return String(typeDescriptions.typeString).replace(/ (memory|calldata|storage|ref|pointer|slice)\b/g, "");
}
