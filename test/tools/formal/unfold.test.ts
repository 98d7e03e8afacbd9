import { expect } from "chai";
import fc from "fast-check";

import { operands, parseExpressions, printExpression, type Expression } from "../../../tools/formal/expression.ts";
import { unfold } from "../../../tools/formal/unfold.ts";
import { check } from "../../support/property.ts";
import { hasSolution, meaningOf, numbers, type Value } from "./evaluate.ts";

/** Values of a clause's integers, which is what its conditions say, and of what becomes of them. */
const SMALL = numbers(0, 2);
const TRIED = numbers(0, 3);
const BOOLEANS = [true, false];

/** The variables of every clause. */
const VARIABLES = [
  ["x", "Int"],
  ["y", "Int"],
  ["z", "Int"],
  ["t", "Bool"],
] as const;

/** Predicates of an integer and a boolean; a clause says one of them, or false, of what was said of those before. */
type Clause = { readonly head: Expression; readonly body: readonly Expression[] };

const predicate = (i: number): string => `p${i}`;
const integers = fc.constantFrom<Expression>("x", "y", "z", "0", "1", "2");

const condition: fc.Arbitrary<Expression> = fc.oneof(
  fc.tuple(fc.constantFrom("=", ">", "<="), integers, integers).map(([operator, a, b]): Expression => [operator, a, b]),
  fc.constantFrom<Expression>(
    "t",
    ["not", "t"],
    ["=", "t", "true"],
    ["not", ["=", "x", "y"]],
    ["=", "z", ["+", "x", "y"]],
  ),
  // What bitwise.ts writes of a position.
  fc
    .tuple(integers, fc.nat(2), integers, integers)
    .map(([position, value, a, b]): Expression => ["=>", ["=", position, value.toString()], [">", a, b]]),
  fc
    .tuple(integers, integers)
    .map(([a, b]): Expression => ["=>", "true", ["and", [">=", a, b], ["or", "t", [">", a, b]]]]),
);

const application = (i: number): fc.Arbitrary<Expression> =>
  fc.tuple(integers, fc.constantFrom("t", "true", "false")).map(([a, b]) => [predicate(i), a, b]);

/** Clauses of predicate `i`, of one before it and perhaps of the first once more. */
const clauseOf = (i: number, head: fc.Arbitrary<Expression>): fc.Arbitrary<Clause> => {
  const before = fc.nat(Math.max(0, i - 1)).chain(application);
  const applications = fc.tuple(before, fc.array(application(0), { maxLength: 1 }));
  return fc.record({
    head,
    body: fc
      .tuple(
        fc.array(condition, { maxLength: 2 }),
        i === 0 ? fc.constant([]) : applications.map(([one, more]) => [one, ...more]),
      )
      .map((parts) => parts.flat()),
  });
};

const said = (i: number): fc.Arbitrary<Expression> =>
  fc
    .tuple(
      fc.oneof(integers, fc.constant<Expression>(["+", "x", "1"])),
      fc.constantFrom<Expression>("t", "true", "false"),
    )
    .map(([a, b]) => [predicate(i), a, b]);

const PREDICATES = [0, 1, 2];

const systems: fc.Arbitrary<Clause[]> = fc
  .tuple(
    ...PREDICATES.map((i) => fc.array(clauseOf(i, said(i)), { minLength: 1, maxLength: 2 })),
    fc.array(clauseOf(PREDICATES.length, fc.constant("false")), { minLength: 1, maxLength: 2 }),
  )
  .map((clauses) => clauses.flat());

const IN_RANGE = VARIABLES.filter(([, sort]) => sort === "Int").flatMap(([name]): Expression[] => [
  [">=", name, "0"],
  ["<=", name, "2"],
]);

function queryOf(clauses: readonly Clause[]): string {
  const declared = PREDICATES.map((i): Expression => ["declare-fun", predicate(i), ["Int", "Bool"], "Bool"]);
  const asserted = clauses.map(({ head, body }): Expression => [
    "assert",
    ["forall", VARIABLES, ["=>", ["and", ...IN_RANGE, ...body], head]],
  ]);
  return [...declared, ...asserted].map(printExpression).join("\n");
}

const isApplication = (part: Expression): boolean =>
  typeof part !== "string" && PREDICATES.some((i) => part[0] === predicate(i));

/** What an application says, once its variables have values. */
function factOf(application: Expression): (values: Record<string, Value>) => string {
  const [name = "", ...terms] = application as string[];
  const meanings = terms.map(meaningOf);
  return (values) => [name, ...meanings.map((meaning) => Number(meaning(values)))].join(" ");
}

/** Whether the clauses lead to false, by what they say of which values, from the first predicate on. */
function leadToFalse(clauses: readonly Clause[]): boolean {
  const facts = new Set<string>();
  const choices = SMALL.flatMap((x) =>
    SMALL.flatMap((y) => SMALL.flatMap((z) => BOOLEANS.map((t) => ({ x, y, z, t })))),
  );
  for (const { head, body } of clauses) {
    const applied = body.filter(isApplication).map(factOf);
    const conditions = body.filter((part) => !isApplication(part)).map(meaningOf);
    const said = head === "false" ? undefined : factOf(head);
    for (const values of choices) {
      if (!conditions.every((condition) => condition(values) === true)) continue;
      if (!applied.every((fact) => facts.has(fact(values)))) continue;
      if (said === undefined) return true;
      facts.add(said(values));
    }
  }
  return false;
}

/** Whether one of the parts of a path can hold. */
function canHold(part: string): boolean {
  const commands = parseExpressions(part);
  const sorts = commands.flatMap((command) => [operands(command, "declare-const", 2) ?? []]).filter(([name]) => name);
  const unknowns = sorts.map(([name, sort]): [string, readonly Value[]] => [
    name as string,
    sort === "Bool" ? BOOLEANS : TRIED,
  ]);
  return hasSolution(
    commands.flatMap((command) => operands(command, "assert", 1) ?? []),
    unknowns,
  );
}

describe("tools/formal/unfold", () => {
  it("finds a path that can be taken exactly if the clauses lead to false", () => {
    let failing = 0;
    check(
      fc.property(systems, (clauses) => {
        const paths = unfold(queryOf(clauses));
        const fails = leadToFalse(clauses);
        if (fails) failing++;
        expect(paths?.some((parts) => parts.every(canHold))).to.equal(fails);
      }),
      500,
    );
    // Neither all nor none.
    expect(failing).to.be.within(100, 400);
  });

  const declared = "(declare-fun p (Int) Bool) (declare-fun q (Int) Bool)";
  const start = "(assert (forall ((x Int)) (=> (= x 1) (p x))))";
  const goal = "(assert (forall ((x Int)) (=> (and (p x) (> x 0)) false)))";

  it("gives each path in parts that share no variable", () => {
    const paths = unfold(`${declared} ${start}
      (assert (forall ((x Int) (y Int) (z Int)) (=> (and (p x) (> y x) (> z 5) (< z 9)) (q y))))
      (assert (forall ((x Int)) (=> (and (q x) (< x 3)) false)))`);
    expect(paths).to.have.length(1);
    const assertions = paths?.[0]?.map((part) => (part.match(/\(assert /g) ?? []).length);
    expect(assertions).to.deep.equal([2, 2]);
    expect(paths?.[0]?.every(canHold)).to.equal(false); // Ten is too large to be tried.
  });

  it("keeps together what is connected by what comes later", () => {
    const round = `(assert (forall ((x Int) (y Int) (z Int) (w Int))
      (=> (and (> x y) (> z w) (> y z) (> w x)) false)))`;
    expect(unfold(round)?.map((parts) => parts.map(canHold))).to.deep.equal([[false]]);
  });

  it("gives no path where nothing leads to the assertion", () => {
    expect(unfold(`${declared} ${goal}`)).to.deep.equal([]);
    expect(unfold(`${declared} ${start} (assert (forall ((x Int)) (=> (and (p x) (= x 2)) false)))`)).to.deep.equal([]);
  });

  it("tells the values of a position apart, and what is said of each", () => {
    const said = (last: string): string => `${declared} (assert (forall ((x Int) (y Int))
      (=> (and (> x 0) (<= x 2) (<= y 2) (=> (= x 0) (> y 1)) (=> (= x 1) (> y 2)) (=> (= x 2) ${last})) false)))`;
    const canFail = (query: string): boolean | undefined => unfold(query)?.some((parts) => parts.every(canHold));
    expect(canFail(said("(> y 2)"))).to.equal(false);
    expect(canFail(said("(> y 1)"))).to.equal(true);
  });

  it("takes what a contract did before for anything", () => {
    const any =
      "(declare-fun interface_0 (Int) Bool) (assert (forall ((x Int)) (=> (and (interface_0 x) (> x 2)) false)))";
    expect(unfold(any)?.map((parts) => parts.map(canHold))).to.deep.equal([[true]]);
  });

  it("takes every clause that must not hold for an assertion", () => {
    const paths = unfold(`${declared} ${start} (assert (forall ((x Int)) (=> (and (p x) (> x 2)) false))) ${goal}`);
    expect(paths?.map((parts) => parts.every(canHold))).to.deep.equal([false, true]);
  });

  it("has no paths of clauses with a cycle, of too many, or of a query without an assertion", () => {
    const step = "(assert (forall ((x Int)) (=> (p x) (p (+ x 1)))))";
    expect(unfold(`${declared} ${start} ${step} ${goal}`)).to.equal(undefined);
    const back = "(assert (forall ((x Int)) (=> (q x) (p x)))) (assert (forall ((x Int)) (=> (p x) (q x))))";
    expect(unfold(`${declared} ${start} ${back} ${goal}`)).to.equal(undefined);
    expect(unfold(`${declared} ${start}`)).to.equal(undefined);
    const choices = Array.from({ length: 20 }, (_, i) => `(assert (forall ((x Int)) (=> (> x ${i}) (p x))))`).join(
      "\n",
    );
    const many = `(assert (forall ((x Int) (y Int) (z Int)) (=> (and (p x) (p y) (p z)) false)))`;
    expect(unfold(`${declared} ${choices} ${many}`)).to.equal(undefined);
  });
});
