import { childOf, childrenOf, rangeOf, textOf, type AstNode, type Range } from "./ast.ts";
import { mutantId, type Mutant, type Site } from "./mutant.ts";
import { OPERATORS } from "./operators/all.ts";
import type { Change } from "./operators/change.ts";
import type { SourceText } from "./sourceText.ts";

const STATEMENTS = new Set([
  "ExpressionStatement",
  "EmitStatement",
  "RevertStatement",
  "Return",
  "Break",
  "Continue",
  "InlineAssembly",
]);

/** What no mutant is made of: types, and what is declared without being run. */
const SKIPPED = new Set([
  "ArrayTypeName",
  "ElementaryTypeName",
  "EnumDefinition",
  "ErrorDefinition",
  "EventDefinition",
  "ImportDirective",
  "Mapping",
  "OverrideSpecifier",
  "ParameterList",
  "PragmaDirective",
  "StructDefinition",
  "StructuredDocumentation",
  "UserDefinedTypeName",
  "UserDefinedValueTypeDefinition",
  "UsingForDirective",
]);

/** Where the walk is. */
type Place = {
  readonly within: string;
  /** Which site the changes below belong to; none between functions. */
  readonly site?: Site;
  /** What a reader is shown of it, which in assembly is one statement. */
  readonly shown?: Range;
};

/** Every single-point mutant of a source, in its order. */
export function findMutants(source: SourceText, ast: AstNode): Mutant[] {
  const found: Mutant[] = [];
  const times = new Map<string, number>();
  const add = (change: Change, { within, site, shown }: Place): void => {
    const place = site ?? { kind: "fixed", start: change.start, end: change.end };
    // A dropped statement takes its semicolon along.
    const range = shown ?? place;
    const before = oneLine(source.at(range));
    const same = [source.path, within, before, after(source, range, change)].join("\n");
    const time = (times.get(same) ?? 0) + 1;
    times.set(same, time);
    const text = after(source, range, change) + (time === 1 ? "" : ` (${time})`);
    found.push({
      file: source.path,
      within,
      before,
      after: text,
      change,
      site: place,
      id: mutantId(source.path, within, before, text),
    });
  };
  walk(ast, { within: "" }, source, add);
  return found;
}

function walk(node: AstNode, place: Place, source: SourceText, add: (change: Change, place: Place) => void): void {
  if (SKIPPED.has(node.nodeType)) return;
  const here = enter(node, place, source);
  for (const operator of OPERATORS) {
    for (const change of operator(node, source)) {
      // In a loop's header a statement cannot go.
      if (here.site?.kind !== "expression" || change.text !== "{}") add(change, placeOf(change, node, here));
    }
  }
  for (const child of childrenOf(node)) walk(child, below(node, child, here), source, add);
}

/** The place of a node, seen from the place of its parent. */
function enter(node: AstNode, place: Place, source: SourceText): Place {
  if (node.nodeType === "FunctionDefinition" || node.nodeType === "ModifierDefinition")
    return { within: textOf(node, "name") || textOf(node, "kind") };
  if (node.nodeType === "VariableDeclaration" && place.site === undefined)
    return { within: textOf(node, "name"), site: { kind: "fixed", ...rangeOf(node) } };
  if (place.site?.kind === "fixed" || place.site?.kind === "expression") return place;
  if (STATEMENTS.has(node.nodeType))
    return { within: place.within, site: { kind: "statement", ...source.withSemicolon(rangeOf(node)) } };
  if (node.nodeType === "VariableDeclarationStatement") {
    const value = childOf(node, "initialValue");
    const range = source.withSemicolon(rangeOf(node));
    if (value === undefined) return place;
    return { within: place.within, site: { kind: "declaration", ...range, value: rangeOf(value) } };
  }
  if (
    node.nodeType.startsWith("Yul") &&
    /Statement$|Assignment$|Declaration$|Break$|Leave$|Continue$/.test(node.nodeType)
  )
    return { ...place, shown: rangeOf(node) };
  return place;
}

/** The place of a node's part: conditions and loop headers are sites of their own. */
function below(node: AstNode, child: AstNode, place: Place): Place {
  if (child === node.condition) return conditionPlace(node, child, place);
  if (node.nodeType === "ForStatement" && child !== node.body) return headerPlace(child, place);
  if (node.nodeType === "YulSwitch" && child === node.expression) return { ...place, shown: rangeOf(child) };
  return place;
}

function conditionPlace(node: AstNode, condition: AstNode, place: Place): Place {
  if (node.nodeType === "Conditional") return place;
  if (node.nodeType.startsWith("Yul")) return { ...place, shown: rangeOf(condition) };
  return { within: place.within, site: { kind: "expression", ...rangeOf(condition) } };
}

/** A loop's header has no room for statements, but its expressions can be chosen. */
function headerPlace(part: AstNode, { within }: Place): Place {
  const expression = childOf(part, "expression") ?? childOf(part, "initialValue");
  return { within, site: { kind: "expression", ...rangeOf(expression ?? part) }, shown: rangeOf(part) };
}

/** The place of a change that an operator on `node` made, which may be of the node's condition alone. */
function placeOf(change: Change, node: AstNode, place: Place): Place {
  const condition = childOf(node, "condition");
  if (condition !== undefined && change.start === rangeOf(condition).start && change.end === rangeOf(condition).end)
    return below(node, condition, place);
  return place;
}

function after(source: SourceText, range: Range, change: Change): string {
  if (change.start <= range.start && change.end >= range.end)
    return change.text === "" || change.text === "{}" ? "" : oneLine(change.text);
  return oneLine(
    source.at({ start: range.start, end: change.start }) +
      change.text +
      source.at({ start: change.end, end: range.end }),
  );
}

const oneLine = (text: string): string =>
  text
    .replace(/\/\/[^\n]*\n/g, "")
    .replace(/\s+/g, " ")
    .trim();
