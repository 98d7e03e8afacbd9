import { expect } from "chai";
import fc from "fast-check";

import { withoutBitVectors } from "../../../tools/formal/bitwise.ts";
import { parseExpressions, printExpression, type Expression } from "../../../tools/formal/expression.ts";
import { check } from "../../support/property.ts";
import { hasSolution, meaningOf, numbers } from "./evaluate.ts";

const VARIABLES = ["a", "b", "s"];
/** As large as any number that the words below lead to. */
const TRIED = numbers(-1, 16);

/** An integer as solc makes a word of it. */
const word = (bits: number, value: Expression): Expression => {
  const cast: Expression = ["_", "int2bv", bits.toString()];
  return ["ite", [">=", value, "0"], [cast, value], ["bvneg", [cast, ["-", value]]]];
};
const onWords = (bits: number, operator: string, ...values: Expression[]): Expression => [
  "bv2nat",
  [operator, ...values.map((value) => word(bits, value))],
];
const numeral = (value: number): string => value.toString();

/** An equation `(= name expression)` that a clause begins with. */
type Definition = { readonly name: string; readonly value: Expression };

/** The clause as a query has it: variables, what is known of them, and what they are defined as. */
function queryOf(ranges: readonly Expression[], definitions: readonly Definition[]): string {
  const names = [...VARIABLES, ...definitions.map(({ name }) => name)];
  const equations = definitions.map(({ name, value }): Expression => ["=", name, value]);
  const body: Expression = ["and", ...ranges, ...equations];
  return printExpression(["assert", ["forall", names.map((name) => [name, "Int"]), ["=>", body, "false"]]]);
}

/** Whether the body of a query's only clause can hold with these values: the query is proven if it never can. */
function canFail(query: string, values: Record<string, bigint>): boolean {
  const [command] = parseExpressions(query);
  const [, variables, implication] = command?.[1] as [string, [string, string][], Expression[]];
  const [, body] = implication as [string, Expression];
  const conditions = body[0] === "and" ? (body.slice(1) as Expression[]) : [body];
  const unknowns = variables.filter(([name]) => !(name in values)).map(([name]) => [name, TRIED] as const);
  return hasSolution(conditions, unknowns, values);
}

/** The word widths that meet in a clause. */
const bits = fc.constantFrom(2, 3, 4);

/** An operand: a variable, or what was defined before. */
const operand = (definitions: number): fc.Arbitrary<string> =>
  fc.constantFrom(...VARIABLES, ...Array.from({ length: definitions }, (_, i) => `d${i}`));

/** A constant in all the forms that solc writes. */
const constant = (value: number, width: number): fc.Arbitrary<Expression> =>
  fc.constantFrom<Expression>(numeral(value), onWords(width, "bvnot", numeral(2 ** width - 1 - value)));

/** An operation for which there is an equal expression of integers. */
const exact = (definitions: number): fc.Arbitrary<Expression> =>
  fc.tuple(bits, operand(definitions), operand(definitions), fc.nat(4), fc.nat(4)).chain(([width, x, y, m, n]) => {
    const [high, low] = [Math.min(Math.max(m, n), width), Math.min(m, n, width)];
    const bit = onWords(width, "bvshl", "1", y);
    return fc.oneof(
      constant(2 ** high - 2 ** low, width).chain((mask) =>
        fc
          .constantFrom("bvand", "bvor", "bvxor")
          .chain((operator) => fc.constantFrom(onWords(width, operator, x, mask), onWords(width, operator, mask, x))),
      ),
      fc.constantFrom(onWords(width, "bvshl", x, numeral(m)), onWords(width, "bvlshr", x, numeral(m))),
      fc.constantFrom(bit, onWords(width, "bvlshr", x, y), onWords(width, "bvnot", x)),
      fc.constantFrom("bvand", "bvor", "bvxor").map((operator) => onWords(width, operator, x, bit)),
      fc.constant(onWords(width, "bvand", x, onWords(width, "bvnot", bit))),
      fc.constant(onWords(width, "bvand", onWords(width, "bvnot", bit), x)),
      fc.constantFrom<Expression>(x, numeral(m), ["+", x, y]),
    );
  });

/** Any operation of two words, of those above too, which then meet in other widths. */
const any = (definitions: number): fc.Arbitrary<Expression> =>
  fc.tuple(bits, operand(definitions), operand(definitions), fc.nat(16)).chain(([width, x, y, value]) =>
    fc.oneof(
      {
        weight: 2,
        arbitrary: fc
          .constantFrom<Expression>(x, y, numeral(value))
          .chain((other) =>
            fc
              .constantFrom("bvand", "bvor", "bvxor")
              .chain((operator) =>
                fc.constantFrom(onWords(width, operator, x, other), onWords(width, operator, other, x)),
              ),
          ),
      },
      {
        weight: 1,
        arbitrary: fc.constantFrom(
          onWords(width, "bvshl", "1", y),
          onWords(width, "bvlshr", x, y),
          onWords(width, "bvnot", x),
          ["+", x, y],
        ),
      },
    ),
  );

/** What a clause says of a variable: that it is a word, that it is not below or not above one, or nothing. */
const bounds = fc.constantFrom("both", "least", "most", "neither");

/** Three definitions, and values of the variables, those in range that the clause says are. */
const clauses = (operation: (definitions: number) => fc.Arbitrary<Expression>) =>
  fc.record({
    operations: fc.tuple(operation(0), operation(1), operation(2)),
    range: bits,
    known: fc.tuple(bounds, bounds, bounds),
    values: fc.tuple(fc.integer({ min: -2, max: 17 }), fc.integer({ min: -2, max: 17 }), fc.nat(5)),
    isUnderCondition: fc.boolean(),
    wrong: fc.constantFrom("", "", "d0", "d1", "d2"),
  });

type Clause = ReturnType<typeof clauses> extends fc.Arbitrary<infer T> ? T : never;

/** The query of a random clause, and values with which its body holds unless one is `wrong`. */
function made(clause: Clause): { query: string; values: Record<string, bigint> } {
  const { operations, range, known, isUnderCondition, wrong } = clause;
  const definitions = operations.map((value, i): Definition => ({ name: `d${i}`, value }));
  const most = 2 ** range - 1;
  const values: Record<string, bigint> = {};
  const ranges = VARIABLES.flatMap((name, i): Expression[] => {
    const [value = 0, bound] = [clause.values[i], known[i]];
    const [hasLeast, hasMost] = [bound === "both" || bound === "least", bound === "both" || bound === "most"];
    const leastOfValue = hasLeast ? Math.abs(value) : value;
    values[name] = BigInt(hasMost ? Math.min(leastOfValue, most) : leastOfValue);
    const facts: Expression[] = [];
    if (hasLeast) facts.push([">=", name, "0"]);
    if (hasMost) facts.push(["<=", name, numeral(most)]);
    return isUnderCondition ? [["=>", "true", ["and", ...facts, "true"]]] : facts;
  });
  for (const { name, value } of definitions) {
    values[name] = (meaningOf(value)(values) as bigint) + (name === wrong ? 1n : 0n);
  }
  return { query: queryOf(ranges, definitions), values };
}

describe("tools/formal/bitwise", () => {
  it("writes what it has rules for in integers, of which exactly the same can fail", () => {
    check(
      fc.property(clauses(exact), (clause) => {
        const { query, values } = made(clause);
        const rewritten = withoutBitVectors(query);
        expect(rewritten).not.to.contain("bv");
        expect(canFail(rewritten, values), rewritten).to.equal(canFail(query, values));
      }),
      300,
    );
  });

  it("leaves of two unknown words all open that can be: what can fail still can", () => {
    check(
      fc.property(clauses(any), (clause) => {
        const { query, values } = made(clause);
        const rewritten = withoutBitVectors(query);
        expect(rewritten).not.to.contain("bv");
        if (canFail(query, values)) expect(canFail(rewritten, values), rewritten).to.equal(true);
      }),
      2_000,
    );
  });

  describe("of two unknown words", () => {
    const query = (x: Expression): string => queryOf([], [{ name: "d0", value: onWords(4, "bvand", x, "b") }]);
    const canBe = (x: Expression, values: { a: bigint; b: bigint; d0: bigint }): boolean =>
      canFail(withoutBitVectors(query(x)), { ...values, s: 0n });

    it("says that what they have in common is above neither", () => {
      expect(canBe("a", { a: 10n, b: 7n, d0: 7n })).to.equal(true);
      expect(canBe("a", { a: 10n, b: 7n, d0: 8n })).to.equal(false);
      expect(canBe("a", { a: 5n, b: 7n, d0: 6n })).to.equal(false);
      expect(canBe("a", { a: 10n, b: 7n, d0: -1n })).to.equal(false);
    });

    it("says that it is nothing where the one ends before the other begins", () => {
      for (const x of [onWords(4, "bvshl", "a", "2"), onWords(4, "bvand", "a", "12")]) {
        expect(canBe(x, { a: 13n, b: 3n, d0: 1n })).to.equal(false);
        expect(canBe(x, { a: 13n, b: 3n, d0: 0n })).to.equal(true);
        expect(canBe(x, { a: 13n, b: 4n, d0: 4n })).to.equal(true);
      }
    });
  });

  it("takes each word in the width in which it stands there", () => {
    const pairs: [Expression, Expression][] = [
      [onWords(2, "bvnot", "a"), onWords(4, "bvand", "b", "d0")],
      [onWords(2, "bvshl", "1", "s"), onWords(4, "bvand", "b", "d0")],
      [onWords(4, "bvshl", "1", "s"), onWords(2, "bvshl", "1", "s")],
      [["+", "a", "b"], onWords(2, "bvlshr", "b", "d0")],
      [onWords(2, "bvand", "a", "6"), onWords(2, "bvshl", "a", "5")],
    ];
    const twoBits = parseExpressions("(>= s 0) (<= s 3)");
    for (const operations of pairs) {
      const definitions = operations.map((value, i): Definition => ({ name: `d${i}`, value }));
      const rewritten = withoutBitVectors(queryOf(twoBits, definitions));
      for (const [a, b, s] of [
        [1n, 12n, 3n],
        [14n, 7n, 1n],
      ] as const) {
        const values: Record<string, bigint> = { a, b, s };
        for (const { name, value } of definitions) values[name] = meaningOf(value)(values) as bigint;
        expect(canFail(rewritten, values), rewritten).to.equal(true);
      }
    }
  });

  it("leaves a shift of an unknown word to the left by an unknown number, and what is no clause, as they are", () => {
    const shift = queryOf([], [{ name: "d0", value: onWords(4, "bvshl", "a", "s") }]);
    const declaration = "(declare-fun p (Int) Bool)\n(assert p)\n(check-sat)";
    expect(withoutBitVectors(`${shift}\n${declaration}`)).to.equal(`${shift}\n${declaration}`);
  });
});
