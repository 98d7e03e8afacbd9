/** What the expressions of a query mean, as SMT-LIB has it, by trying values. */
import type { Expression } from "../../../tools/formal/expression.ts";

/** A word of so many bits. */
type Bits = { readonly bits: bigint; readonly word: bigint };
export type Value = bigint | boolean | Bits;
type Values = Record<string, Value>;
type Meaning = (values: Values) => Value;

const integer = (value: Value | undefined): bigint => {
  if (typeof value !== "bigint") throw new Error("An integer is needed.");
  return value;
};

const truth = (value: Value | undefined): boolean => {
  if (typeof value !== "boolean") throw new Error("True or false is needed.");
  return value;
};

const bitsOf = (value: Value | undefined): Bits => {
  if (typeof value !== "object") throw new Error("A word is needed.");
  return value;
};

/** As SMT-LIB has it: what remains is never negative. */
const modulo = (a: bigint, b: bigint): bigint => ((a % b) + b) % b;
const wordOf = (bits: bigint, value: bigint): Bits => ({ bits, word: modulo(value, 2n ** bits) });
const onWords =
  (operation: (a: bigint, b: bigint, bits: bigint) => bigint) =>
  (a: Value, b: Value): Bits =>
    wordOf(bitsOf(a).bits, operation(bitsOf(a).word, bitsOf(b).word, bitsOf(a).bits));

const OPERATIONS: Record<string, (...operands: readonly [Value, Value, ...Value[]]) => Value> = {
  "=": (a, b) => a === b,
  "<": (a, b) => integer(a) < integer(b),
  "<=": (a, b) => integer(a) <= integer(b),
  ">": (a, b) => integer(a) > integer(b),
  ">=": (a, b) => integer(a) >= integer(b),
  "+": (...terms) => terms.map(integer).reduce((sum, term) => sum + term),
  "*": (...factors) => factors.map(integer).reduce((product, factor) => product * factor),
  mod: (a, b) => modulo(integer(a), integer(b)),
  div: (a, b) => (integer(a) - modulo(integer(a), integer(b))) / integer(b),
  bvand: onWords((a, b) => a & b),
  bvor: onWords((a, b) => a | b),
  bvxor: onWords((a, b) => a ^ b),
  bvshl: onWords((a, b, bits) => (b < bits ? a << b : 0n)),
  bvlshr: onWords((a, b, bits) => (b < bits ? a >> b : 0n)),
};

/** What is evaluated only as far as it matters, or has one operand. */
const FORMS: Record<string, (operands: readonly Meaning[]) => Meaning> = {
  and: (parts) => (values) => parts.every((part) => truth(part(values))),
  or: (parts) => (values) => parts.some((part) => truth(part(values))),
  "=>":
    ([premise, conclusion]) =>
    (values) =>
      !truth(premise?.(values)) || truth(conclusion?.(values)),
  not:
    ([part]) =>
    (values) =>
      !truth(part?.(values)),
  ite:
    ([condition, a, b]) =>
    (values) =>
      (truth(condition?.(values)) ? a : b)?.(values) ?? false,
  "-": ([a, b]) =>
    b === undefined ? (values) => -integer(a?.(values)) : (values) => integer(a?.(values)) - integer(b(values)),
  bv2nat:
    ([part]) =>
    (values) =>
      bitsOf(part?.(values)).word,
  bvnot:
    ([part]) =>
    (values) =>
      wordOf(bitsOf(part?.(values)).bits, -1n - bitsOf(part?.(values)).word),
  bvneg:
    ([part]) =>
    (values) =>
      wordOf(bitsOf(part?.(values)).bits, -bitsOf(part?.(values)).word),
};

/** What an expression means, where its variables have values. */
export function meaningOf(expression: Expression): Meaning {
  if (typeof expression === "string") {
    if (/^\d+$/.test(expression)) return () => BigInt(expression);
    if (expression === "true" || expression === "false") return () => expression === "true";
    return (values) => {
      const value = values[expression];
      if (value === undefined) throw new Error(`${expression} has no value.`);
      return value;
    };
  }
  const [operator = "", ...rest] = expression;
  const operands = rest.map(meaningOf);
  if (typeof operator !== "string") {
    const bits = BigInt(operator[2] as string);
    return (values) => wordOf(bits, integer(operands[0]?.(values)));
  }
  const form = FORMS[operator]?.(operands);
  const operation = OPERATIONS[operator];
  if (form !== undefined) return form;
  if (operation === undefined) throw new Error(`No meaning is known of ${operator}.`);
  return (values) => operation(...(operands.map((operand) => operand(values)) as [Value, Value, ...Value[]]));
}

/** The names in an expression. */
function namesIn(expression: Expression): string[] {
  return typeof expression === "string" ? [expression] : expression.flatMap(namesIn);
}

/** Whether unknowns have values, among those that are tried, with which all conditions hold. */
export function hasSolution(
  conditions: readonly Expression[],
  unknowns: readonly (readonly [name: string, tried: readonly Value[]])[],
  known: Values = {},
): boolean {
  // The unknowns have the numbers from 1 on. Each condition is looked at as soon as the last of its unknowns has a value.
  const numberOf = new Map(unknowns.map(([name], i) => [name, i + 1]));
  const due: { holds: Meaning; unknowns: number[] }[][] = Array.from({ length: unknowns.length + 1 }, () => []);
  for (const condition of conditions) {
    const own = namesIn(condition).flatMap((name) => numberOf.get(name) ?? []);
    due[Math.max(0, ...own)]?.push({ holds: meaningOf(condition), unknowns: own });
  }
  const values = { ...known };
  /** Undefined if there is a solution; else on which of the first `i` unknowns it depends that there is none. */
  const obstacleFrom = (i: number): Set<number> | undefined => {
    const broken = due[i]?.find(({ holds }) => !truth(holds(values)));
    if (broken !== undefined) return new Set(broken.unknowns);
    const [name, tried] = unknowns[i] ?? [];
    if (name === undefined || tried === undefined) return undefined;
    const obstacle = new Set<number>();
    for (const value of tried) {
      values[name] = value;
      const next = obstacleFrom(i + 1);
      if (next === undefined || !next.has(i + 1)) return next;
      for (const one of next) obstacle.add(one);
    }
    obstacle.delete(i + 1);
    return obstacle;
  };
  return obstacleFrom(0) === undefined;
}

/** The whole numbers from the first to the last. */
export function numbers(first: number, last: number): bigint[] {
  return Array.from({ length: last - first + 1 }, (_, i) => BigInt(first + i));
}
