/**
 * Writes the bitwise operations of a query in the arithmetic of integers. solc writes words as integers, and `a & b` as a
 * detour over bit vectors; z3's Horn solver ends on none of those. With constant masks and shifts, and with one bit chosen by a
 * variable, there is an equal expression of integers:
 *
 *     x & (2^m - 2^k)  =  x mod 2^m - x mod 2^k            x >> k  =  x div 2^k            ~x  =  2^n - 1 - x
 *     x << k           =  x * 2^k mod 2^n                  x | y   =  x + y - (x & y)
 *     x & (1 << s)     =  b * 2^s     where x = (2 * q + b) * 2^s + r, b < 2, r < 2^s, case by case for every s
 *
 * What is left (`x & y` of two unknown words) is any number that is not above either, and zero where the one ends before the
 * other begins. So a query that is proven after this is proven before it. A violation may come from that last rule; the assertion
 * without the seeded bug, which is proven under the same rule, shows that it does not come from the rule alone.
 */
import { isEqual, operands, parseExpressions, printExpression, type Expression } from "./expression.ts";

/** A query without bit vectors, as far as there are rules. */
export function withoutBitVectors(query: string): string {
  return parseExpressions(query)
    .map((command) => {
      const clause = operands(command, "assert", 1)?.[0];
      const parts = clause === undefined ? undefined : operands(clause, "forall", 2);
      const [variables, implication] = parts ?? [];
      if (variables === undefined || implication === undefined || typeof variables === "string") return command;
      const rewritten = new Clause(implication).rewrite();
      return ["assert", ["forall", [...variables, ...rewritten.variables], rewritten.implication]];
    })
    .map(printExpression)
    .join("\n");
}

/** One Horn clause on its way. */
class Clause {
  readonly #implication: Expression;
  readonly #equals = new Map<string, Expression[]>();
  readonly #atLeastZero = new Set<string>();
  readonly #atMost = new Map<string, bigint>();
  readonly #fresh: Expression[] = [];
  readonly #facts: Expression[] = [];
  readonly #known = new Map<string, Expression>();

  constructor(implication: Expression) {
    this.#implication = implication;
    const body = operands(implication, "=>", 2)?.[0];
    if (body !== undefined) this.#learn(body);
  }

  rewrite(): { variables: Expression[]; implication: Expression } {
    const sides = operands(this.#implication, "=>", 2);
    const [body, head] = sides ?? [];
    if (body === undefined || head === undefined) return { variables: [], implication: this.#implication };
    const [newBody, newHead] = [this.#rewritten(body), this.#rewritten(head)];
    return {
      variables: this.#fresh,
      implication: ["=>", this.#facts.length === 0 ? newBody : ["and", newBody, ...this.#facts], newHead],
    };
  }

  /** Notes what holds throughout the clause. */
  #learn(fact: Expression): void {
    if (typeof fact === "string") return;
    const [operator, a, b] = fact;
    if (operator === "and") for (const part of fact.slice(1)) this.#learn(part);
    else if (operator === "=>" && a === "true" && b !== undefined) this.#learn(b);
    else if (operator === "=" && typeof a === "string" && b !== undefined) {
      this.#equals.set(a, [...(this.#equals.get(a) ?? []), b]);
      if (typeof b === "string") this.#equals.set(b, [...(this.#equals.get(b) ?? []), a]);
    } else if (operator === ">=" && typeof a === "string" && b === "0") this.#atLeastZero.add(a);
    else if (operator === "<=" && typeof a === "string" && typeof b === "string" && isNumber(b)) {
      this.#atMost.set(a, BigInt(b));
    }
  }

  #rewritten(expression: Expression): Expression {
    if (typeof expression === "string") return expression;
    const key = printExpression(expression);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const result = this.#word(expression) ?? expression.map((part) => this.#rewritten(part));
    this.#known.set(key, result);
    return result;
  }

  /** An operation on words; undefined if it is none. */
  #word(expression: Expression): Expression | undefined {
    const operation = operands(expression, "bv2nat", 1)?.[0];
    if (operation === undefined || typeof operation === "string") return undefined;
    const cast = asWord(operation);
    if (cast !== undefined) return this.#ranged(cast);
    const [operator, ...rest] = operation;
    const terms = rest.map(asWord);
    const [x, y] = terms;
    const bits = x?.bits;
    if (x === undefined || bits === undefined || terms.some((term) => term?.bits !== bits)) return undefined;
    if (operator === "bvnot" && y === undefined) return minus(2n ** bits - 1n, this.#ranged(x));
    if (y === undefined) return undefined;
    if (operator === "bvand") return this.#and(x, y);
    if (operator === "bvlshr") return this.#shiftedRight(x, y);
    if (operator === "bvshl") return this.#shiftedLeft(x, y);
    if (operator !== "bvor" && operator !== "bvxor") return undefined;
    const common = operator === "bvor" ? this.#and(x, y) : ["*", "2", this.#and(x, y)];
    return ["-", ["+", this.#ranged(x), this.#ranged(y)], common];
  }

  #and(x: Word, y: Word): Expression {
    const [maskX, maskY] = [this.#valueOf(x), this.#valueOf(y)];
    const byMask = maskY === undefined ? undefined : this.#masked(x, maskY);
    const byOther = byMask ?? (maskX === undefined ? undefined : this.#masked(y, maskX));
    if (byOther !== undefined) return byOther;
    for (const [word, bit] of [
      [x, y],
      [y, x],
    ] as const) {
      const position = this.#positionOf(bit);
      if (position !== undefined) return this.#bitOf(word, position);
      const hole = this.#complementOf(bit);
      if (hole !== undefined) return ["-", this.#ranged(word), this.#and(word, hole)];
    }
    return this.#someAnd(x, y);
  }

  /** `x & mask`; undefined if the mask is not one run of ones. */
  #masked(x: Word, mask: bigint): Expression | undefined {
    if (mask === 0n) return "0";
    const low = trailingZeros(mask);
    const high = low + trailingZeros((mask >> low) + 1n);
    if (mask !== 2n ** high - 2n ** low) return undefined;
    const upper: Expression = high === x.bits ? this.#ranged(x) : ["mod", this.#plain(x), number(2n ** high)];
    return low === 0n ? upper : ["*", number(2n ** low), ["div", upper, number(2n ** low)]];
  }

  /** `x & (1 << position)`, by cases. */
  #bitOf(x: Word, position: Expression): Expression {
    const value = this.#ranged(x);
    return this.#once(["bit", value, position], (result) => {
      const [quotient, bit, rest] = [this.#new(), this.#new(), this.#new()];
      this.#facts.push([">=", quotient, "0"], [">=", rest, "0"], ["or", ["=", bit, "0"], ["=", bit, "1"]]);
      for (let i = 0n; i < x.bits; i++) {
        const split: Expression = ["+", ["*", number(2n ** (i + 1n)), quotient], ["*", number(2n ** i), bit], rest];
        this.#facts.push([
          "=>",
          ["=", position, number(i)],
          ["and", ["=", value, split], ["<", rest, number(2n ** i)], ["=", result, ["*", number(2n ** i), bit]]],
        ]);
      }
      this.#facts.push(["=>", [">=", position, number(x.bits)], ["=", result, "0"]]);
    });
  }

  /** `x & y` of two words of which nothing is known. */
  #someAnd(x: Word, y: Word): Expression {
    const [a, b] = [this.#ranged(x), this.#ranged(y)];
    return this.#once(["and", a, b], (result) => {
      this.#facts.push([">=", result, "0"], ["<=", result, a], ["<=", result, b]);
      for (const [low, zeros] of [
        [b, this.#zerosOf(x.value)],
        [a, this.#zerosOf(y.value)],
      ] as const) {
        if (zeros === 0n) continue;
        this.#facts.push(["=>", ["<", low, number(2n ** zeros)], ["=", result, "0"]]);
      }
    });
  }

  #shiftedRight(x: Word, y: Word): Expression {
    const by = this.#valueOf(y);
    if (by !== undefined) {
      return by >= x.bits ? "0" : ["div", this.#ranged(x), number(2n ** by)];
    }
    const [value, position] = [this.#ranged(x), this.#position(y)];
    return this.#once(["right", value, position], (result) => {
      const rest = this.#new();
      this.#facts.push([">=", result, "0"], [">=", rest, "0"]);
      for (let i = 0n; i < x.bits; i++) {
        this.#facts.push([
          "=>",
          ["=", position, number(i)],
          ["and", ["=", value, ["+", ["*", number(2n ** i), result], rest]], ["<", rest, number(2n ** i)]],
        ]);
      }
      this.#facts.push(["=>", [">=", position, number(x.bits)], ["=", result, "0"]]);
    });
  }

  #shiftedLeft(x: Word, y: Word): Expression | undefined {
    const by = this.#valueOf(y);
    if (by !== undefined) {
      if (by >= x.bits) return "0";
      return ["mod", ["*", this.#ranged(x), number(2n ** by)], number(2n ** x.bits)];
    }
    if (this.#valueOf(x) !== 1n) return undefined;
    const position = this.#position(y);
    return this.#once(["left", number(x.bits), position], (result) => {
      for (let i = 0n; i < x.bits; i++) {
        this.#facts.push(["=>", ["=", position, number(i)], ["=", result, number(2n ** i)]]);
      }
      this.#facts.push(["=>", [">=", position, number(x.bits)], ["=", result, "0"]]);
    });
  }

  /** One name for the same position, however often it is computed. */
  #position(word: Word): Expression {
    const own = this.#ranged(word);
    const definition = this.#definitions(word.value).find((one) => typeof one !== "string");
    if (definition === undefined) return own;
    const key = `position of ${word.bits} bits ${printExpression(this.#representative(definition))}`;
    const known = this.#known.get(key);
    if (known === undefined) this.#known.set(key, own);
    return known ?? own;
  }

  /** The expression with one name for all variables that are equal. */
  #representative(expression: Expression): Expression {
    if (typeof expression !== "string") return expression.map((part) => this.#representative(part));
    const names = this.#definitions(expression).filter((name) => typeof name === "string");
    return names.find(isNumber) ?? names.sort()[0] ?? expression;
  }

  /** The `s` of which the word is `1 << s`, in as many bits. */
  #positionOf(word: Word): Expression | undefined {
    const [one, position] = this.#definitionOf(word.value, "bvshl") ?? [];
    if (one === undefined || position === undefined || one.bits !== word.bits) return undefined;
    return this.#valueOf(one) === 1n ? this.#position(position) : undefined;
  }

  /** The `x` of which the word is `~x`, in as many bits. */
  #complementOf(word: Word): Word | undefined {
    const [complement] = this.#definitionOf(word.value, "bvnot") ?? [];
    return complement?.bits === word.bits ? complement : undefined;
  }

  /** The words to which this operation is applied where the expression is defined. */
  #definitionOf(expression: Expression, operator: string): Word[] | undefined {
    for (const definition of this.#definitions(expression)) {
      const operation = operands(definition, "bv2nat", 1)?.[0];
      if (operation === undefined || typeof operation === "string" || operation[0] !== operator) continue;
      const words = operation.slice(1).map(asWord);
      if (words.every((word) => word !== undefined)) return words;
    }
    return undefined;
  }

  /** What an expression is equal to, by equations of the clause. */
  #definitions(expression: Expression, seen = new Set<string>()): Expression[] {
    if (typeof expression !== "string") return [expression];
    if (seen.has(expression)) return [];
    seen.add(expression);
    return [expression, ...(this.#equals.get(expression) ?? []).flatMap((other) => this.#definitions(other, seen))];
  }

  /** How many low bits are zero by the expression's definition: a mask or a shift by a constant. */
  #zerosOf(expression: Expression): bigint {
    const masks = this.#definitionOf(expression, "bvand")?.map((word) => this.#valueOf(word)) ?? [];
    for (const mask of masks) if (mask !== undefined && mask !== 0n) return trailingZeros(mask);
    const [, by] = this.#definitionOf(expression, "bvshl") ?? [];
    return (by === undefined ? undefined : this.#valueOf(by)) ?? 0n;
  }

  /** The value of a word that is a constant, or the complement of one. */
  #valueOf({ value, bits }: Word): bigint | undefined {
    const constant = this.#definitions(value).find((name) => typeof name === "string" && isNumber(name));
    if (typeof constant === "string") return BigInt(constant) % 2n ** bits;
    const [complement] = this.#definitionOf(value, "bvnot") ?? [];
    const inner = complement === undefined ? undefined : this.#valueOf(complement);
    return complement === undefined || inner === undefined
      ? undefined
      : (2n ** complement.bits - 1n - inner) % 2n ** bits;
  }

  /** The word's value below 2^bits; itself, where that is known. */
  #ranged(word: Word): Expression {
    const { value, bits } = word;
    const names = this.#definitions(value).filter((name) => typeof name === "string");
    const isInRange =
      names.some((name) => isNumber(name) && BigInt(name) < 2n ** bits) ||
      names.some((name) => this.#atLeastZero.has(name) && (this.#atMost.get(name) ?? 2n ** bits) < 2n ** bits) ||
      this.#definitions(value).some((definition) => this.#isWordOf(definition, bits));
    return isInRange ? this.#plain(word) : ["mod", this.#plain(word), number(2n ** bits)];
  }

  /** Whether an expression is of so many bits by its form: an operation on words, or a sum that wraps around. */
  #isWordOf(expression: Expression, bits: bigint): boolean {
    const operation = operands(expression, "bv2nat", 1)?.[0];
    if (operation !== undefined && typeof operation !== "string") {
      const words = [operation, ...operation.slice(1)].map(asWord);
      return words.some((word) => word !== undefined && word.bits <= bits);
    }
    const [, wrapped, inner] = operands(expression, "ite", 3) ?? [];
    const [, innerWrapped] = inner === undefined ? [] : (operands(inner, "ite", 3) ?? []);
    if (typeof wrapped !== "string" || wrapped !== innerWrapped) return false;
    return this.#atLeastZero.has(wrapped) && (this.#atMost.get(wrapped) ?? 2n ** bits) < 2n ** bits;
  }

  #plain(word: Word): Expression {
    return this.#rewritten(word.value);
  }

  #once(key: Expression, define: (result: string) => void): Expression {
    const name = `fresh ${printExpression(key)}`;
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const result = this.#new();
    this.#known.set(name, result);
    define(result);
    return result;
  }

  #new(): string {
    const name = `|fresh_${this.#fresh.length}|`;
    this.#fresh.push([name, "Int"]);
    return name;
  }
}

type Word = { readonly value: Expression; readonly bits: bigint };

/** The integer that solc turned into a bit vector: `(ite (>= x 0) ((_ int2bv n) x) (bvneg ((_ int2bv n) (- x))))`. */
function asWord(expression: Expression): Word | undefined {
  const [condition, positive] = operands(expression, "ite", 3) ?? [];
  const value = condition === undefined ? undefined : operands(condition, ">=", 2)?.[0];
  if (value === undefined || positive === undefined || typeof positive === "string") return undefined;
  const [conversion, converted] = positive;
  if (conversion === undefined || typeof conversion === "string" || conversion[1] !== "int2bv") return undefined;
  const bits = conversion[2];
  if (typeof bits !== "string" || converted === undefined || !isEqual(converted, value)) return undefined;
  return { value, bits: BigInt(bits) };
}

function isNumber(text: string): boolean {
  return /^\d+$/.test(text);
}

function number(value: bigint): string {
  return value.toString();
}

function minus(a: bigint, b: Expression): Expression {
  return ["-", number(a), b];
}

function trailingZeros(value: bigint): bigint {
  let zeros = 0n;
  while (value % 2n ** (zeros + 1n) === 0n) zeros++;
  return zeros;
}
