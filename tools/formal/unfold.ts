/**
 * Unfolds the Horn clauses of a query into the paths by which its assertion could fail, where the clauses are without cycles:
 * the assertion can fail if and only if the conditions of one path have a solution. z3 decides those where its Horn solver runs
 * without end. What a contract did before (`interface_…`) is taken for anything, so what is proven after this is proven before it.
 */
import { operands, parseExpressions, printExpression, type Expression } from "./expression.ts";

type Clause = { readonly variables: readonly Expression[]; readonly body: Expression; readonly head: Expression };
/** What a path has come to: its conditions, and what variables stand for. */
type Path = { readonly conditions: readonly Expression[]; readonly bindings: ReadonlyMap<string, Expression> };

/** What is known of a contract between two calls: anything. */
const ANY_STATE = /^\|?(nondet_)?interface_/;
const MOST_CLAUSES = 20_000;
const MOST_PATHS = 4_000;

/**
 * For each path, queries that share no variable: the path can be taken if all of them have a solution. Undefined if the clauses
 * have a cycle or no end.
 */
export function unfold(query: string): string[][] | undefined {
  const commands = parseExpressions(query);
  const clauses = commands.flatMap((command) => clauseOf(command) ?? []);
  const goals = clauses.filter(({ head }) => head === "false");
  if (goals.length === 0) return undefined;
  const types = commands.filter((command) => command[0] === "declare-datatypes").map(printExpression);
  const predicates = commands.flatMap((command) => (command[0] === "declare-fun" ? [nameOf(command[1] ?? "")] : []));
  return new Unfolding(predicates, clauses, types.join("\n")).pathsTo(goals);
}

function clauseOf(command: Expression): Clause[] | undefined {
  const quantified = operands(command, "assert", 1)?.[0];
  if (quantified === undefined) return undefined;
  const [variables, matrix] = operands(quantified, "forall", 2) ?? [[], quantified];
  if (matrix === undefined || typeof variables !== "object") return undefined;
  const [body, head] = operands(matrix, "=>", 2) ?? ["true", matrix];
  return body === undefined || head === undefined ? undefined : [{ variables, body, head }];
}

class Unfolding {
  readonly #clauses = new Map<string, Clause[]>();
  readonly #sorts = new Map<string, string>();
  readonly #open = new Set<string>();
  #instances = 0;
  #isEndless = false;

  readonly #types: string;

  constructor(predicates: readonly string[], clauses: readonly Clause[], types: string) {
    this.#types = types;
    for (const name of predicates) this.#clauses.set(name, []);
    for (const clause of clauses.filter(({ head }) => head !== "false")) {
      const name = nameOf(clause.head);
      this.#clauses.set(name, [...(this.#clauses.get(name) ?? []), clause]);
    }
  }

  pathsTo(goals: readonly Clause[]): string[][] | undefined {
    const start: Path = { conditions: [], bindings: new Map() };
    const paths = goals.flatMap((goal) => this.#throughClause(goal, [], start));
    if (this.#isEndless) return undefined;
    const cases = paths.flatMap(({ conditions, bindings }) =>
      casesOf(conditions.map((condition) => resolved(condition, bindings))),
    );
    return cases.length > MOST_PATHS
      ? undefined
      : cases.map((conditions) => apart(conditions).map((part) => this.#printed(part)));
  }

  /** The paths that come from a path by this clause giving these arguments to its head. */
  #throughClause(clause: Clause, given: readonly Expression[], path: Path): Path[] {
    const index = this.#instances++;
    if (index >= MOST_CLAUSES) this.#isEndless = true;
    if (this.#isEndless) return [];
    const renamed = new Map<string, string>();
    for (const [name, sort] of clause.variables as readonly [string, Expression][]) {
      const fresh = `|${name.replaceAll("|", "")}!${index}|`;
      renamed.set(name, fresh);
      this.#sorts.set(fresh, printExpression(sort));
    }
    const rename = (expression: Expression): Expression =>
      typeof expression === "string" ? (renamed.get(expression) ?? expression) : expression.map(rename);
    const head = argumentsOf(rename(clause.head));
    const parts = conjunctsOf(rename(clause.body));
    const applied = parts.filter((part) => this.#clauses.has(nameOf(part)));
    const conditions = parts.filter((part) => !applied.includes(part));
    const bindings = new Map(path.bindings);
    const equations = head.map((term, i): Expression => ["=", term, given[i] ?? term]);
    const kept = takeIn([...equations, ...conditions], bindings);
    if (kept === undefined) return [];
    let paths: Path[] = [{ conditions: [...path.conditions, ...kept], bindings }];
    for (const application of applied) {
      const name = nameOf(application);
      if (ANY_STATE.test(name)) continue;
      if (this.#open.has(name)) this.#isEndless = true;
      this.#open.add(name);
      const next = this.#clauses.get(name) ?? [];
      paths = paths.flatMap((one) =>
        next.flatMap((clauseOfName) => this.#throughClause(clauseOfName, argumentsOf(application), one)),
      );
      this.#open.delete(name);
    }
    return paths;
  }

  #printed(assertions: readonly string[]): string {
    const names = new Set(assertions.flatMap(variablesOf));
    const sorts = [...names].map((name): [string, string] => [name, this.#sorts.get(name) ?? "Int"]);
    const types = sorts.some(([, sort]) => sort !== "Int" && sort !== "Bool") ? [this.#types] : [];
    return [
      ...types,
      ...sorts.map(([name, sort]) => `(declare-const ${name} ${sort})`),
      ...assertions,
      "(check-sat)",
    ].join("\n");
  }
}

/** The assertions of conditions, in parts that share no variable. */
function apart(conditions: readonly Expression[]): string[][] {
  const groups = new Map<string, { assertions: Set<string>; names: Set<string> }>();
  for (const condition of conditions) {
    const assertion = `(assert ${printExpression(condition)})`;
    const names = new Set(variablesOf(assertion));
    const assertions = new Set<string>();
    for (const group of new Set([...names].flatMap((name) => groups.get(name) ?? []))) {
      for (const other of group.assertions) assertions.add(other);
      for (const name of group.names) names.add(name);
    }
    assertions.add(assertion);
    const merged = { assertions, names };
    for (const name of names.size === 0 ? [`ground ${assertion}`] : names) groups.set(name, merged);
  }
  return [...new Set(groups.values())].map(({ assertions }) => [...assertions]);
}

function variablesOf(text: string): string[] {
  return text.match(/\|[^|]*![0-9]+\|/g) ?? [];
}

/**
 * The conditions, apart for each position of a bit that they tell apart (`bitwise.ts`): what they say of the one position is
 * little, what they say of all of them is more than z3 sees through.
 */
function casesOf(conditions: readonly Expression[]): Expression[][] {
  const position = conditions.map((condition) => caseOf(condition)?.position).find((name) => name !== undefined);
  if (position === undefined) return [[...conditions]];
  const mine = (condition: Expression): boolean => caseOf(condition)?.position === position;
  const rest = conditions.filter((condition) => !mine(condition));
  const values = new Set(conditions.filter(mine).map((condition) => caseOf(condition)?.value ?? ""));
  const cases = [...values].map((value): Expression[] => {
    const ofValue = conditions.filter((condition) => mine(condition) && caseOf(condition)?.value === value);
    return [...rest, ["=", position, value], ...ofValue.map((condition) => condition[2] ?? condition)];
  });
  return [...cases, [...rest, ["not", ["or", ...[...values].map((value) => ["=", position, value])]]]].flatMap(casesOf);
}

/** The position and its value, of a condition `(=> (= position value) …)`. */
function caseOf(condition: Expression): { position: string; value: string } | undefined {
  const [premise] = operands(condition, "=>", 2) ?? [];
  const [position, value] = premise === undefined ? [] : (operands(premise, "=", 2) ?? []);
  if (typeof position !== "string" || !isVariable(position) || typeof value !== "string") return undefined;
  return /^\d+$/.test(value) ? { position, value } : undefined;
}

/** Takes equations of variables into the bindings; the other conditions, or undefined if one cannot hold. */
function takeIn(conditions: readonly Expression[], bindings: Map<string, Expression>): Expression[] | undefined {
  const rest: Expression[] = [];
  for (const condition of conditions) {
    const equation = operands(condition, "=", 2);
    const negated = operands(condition, "not", 1)?.[0];
    const [a, b] =
      equation ??
      (typeof condition === "string" ? [condition, "true"] : typeof negated === "string" ? [negated, "false"] : []);
    if (a === undefined || b === undefined || !isAtom(a) || !isAtom(b)) {
      rest.push(condition);
      continue;
    }
    const [left, right] = [rootOf(a, bindings), rootOf(b, bindings)];
    if (left === right) continue;
    if (isVariable(left)) bindings.set(left, right);
    else if (isVariable(right)) bindings.set(right, left);
    else if (isConstant(left) && isConstant(right)) return undefined;
    else rest.push(condition);
  }
  return rest.some((condition) => isRefuted(resolved(condition, bindings))) ? undefined : rest;
}

/** Whether a condition is a comparison of numbers that does not hold. */
function isRefuted(condition: Expression): boolean {
  if (typeof condition === "string") return condition === "false";
  const [operator, a, b] = condition;
  if (condition.length !== 3 || typeof a !== "string" || typeof b !== "string") return false;
  if (!/^\d+$/.test(a) || !/^\d+$/.test(b)) return false;
  if (operator === ">") return BigInt(a) <= BigInt(b);
  return operator === "=" && a !== b;
}

function resolved(expression: Expression, bindings: ReadonlyMap<string, Expression>): Expression {
  return typeof expression === "string"
    ? rootOf(expression, bindings)
    : expression.map((part) => resolved(part, bindings));
}

function rootOf(name: string, bindings: ReadonlyMap<string, Expression>): string {
  let root = name;
  for (let next = bindings.get(root); typeof next === "string"; next = bindings.get(root)) root = next;
  return root;
}

/** The parts of a conjunction, those on condition of `true` among them. */
function conjunctsOf(expression: Expression): Expression[] {
  if (expression === "true") return [];
  if (typeof expression !== "string" && expression[0] === "and") return expression.slice(1).flatMap(conjunctsOf);
  const [condition, consequence] = operands(expression, "=>", 2) ?? [];
  return condition === "true" && consequence !== undefined ? conjunctsOf(consequence) : [expression];
}

function isVariable(name: string): boolean {
  return /![0-9]+\|$/.test(name);
}

function isConstant(name: string): boolean {
  return /^(\d+|true|false)$/.test(name);
}

function isAtom(expression: Expression): expression is string {
  return typeof expression === "string" && (isVariable(expression) || isConstant(expression));
}

function nameOf(expression: Expression): string {
  const name = typeof expression === "string" ? expression : expression[0];
  return typeof name === "string" ? name : "";
}

function argumentsOf(expression: Expression): readonly Expression[] {
  return typeof expression === "string" ? [] : expression.slice(1);
}
