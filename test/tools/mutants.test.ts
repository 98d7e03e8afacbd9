import path from "node:path";

import { expect } from "chai";

import type { Verdict } from "../../tools/mutants/campaign.ts";
import { Compiler } from "../../tools/mutants/compiler.ts";
import { findMutants } from "../../tools/mutants/findMutants.ts";
import { sample, type Mutant } from "../../tools/mutants/mutant.ts";
import type { Kind } from "../../tools/mutants/operators/change.ts";
import { QUICK } from "../../tools/mutants/scope.ts";
import { scoreOf, tooFewKilled } from "../../tools/mutants/score.ts";
import { SourceText } from "../../tools/mutants/sourceText.ts";
import { reasonFor, staleSurvivors } from "../../tools/mutants/survivors.ts";
import { buildSwitched } from "../../tools/mutants/switchedBuild.ts";
import { applyMutant, batches, choose, isSwitchable } from "../../tools/mutants/switches.ts";

const FILE = "contracts/Sample.sol";
const TARGET = { file: FILE, name: "Sample" };
const compiler = new Compiler(path.resolve(import.meta.dirname, "../.."));

/** A contract with these members. A comment of more bytes than characters stands before them. */
const contract = (members: string): string => `// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;
// one ‖ two
contract Sample {
${members}
}
`;

function mutantsOf(members: string): Mutant[] {
  const content = contract(members);
  const ast = compiler.parse(new Map([[FILE, content]])).get(FILE);
  return findMutants(new SourceText(FILE, content), ast!);
}

const changes = (members: string, kind: Kind): string[] =>
  mutantsOf(members)
    .filter(({ change }) => change.kind === kind)
    .map(({ before, after }) => `${before} → ${after}`);

const body = (statements: string): string => `function f(uint256 a, uint256 b) external pure returns (uint256 c) {
  ${statements}
}`;

describe("tools/mutants", () => {
  describe("kinds", () => {
    for (const [kind, members, expected] of [
      ["bound", body("if (a < b) c = a;"), ["a < b → (a <= b)"]],
      ["bound", body("if (a >= b) c = a;"), ["a >= b → (a > b)"]],
      ["bound", body("assembly { c := lt(a, b) }"), ["c := lt(a, b) → c := iszero(gt(a, b))"]],
      ["operator", body("c = a + b;"), ["c = a + b; → c = (a - b);"]],
      ["operator", body("c *= a;"), ["c *= a; → c /= a;"]],
      [
        "operator",
        body("c = a == b && a != 0 ? 1 : 2;"),
        ["c = a == b && a != 0 ? 1 : 2; → c = (a == b || a != 0) ? 1 : 2;"],
      ],
      ["operator", body("++c;"), ["++c; → --c;"]],
      [
        "operator",
        body("assembly { c := shl(a, not(b)) }"),
        ["c := shl(a, not(b)) → c := shr(a, not(b))", "c := shl(a, not(b)) → c := shl(a, b)"],
      ],
      [
        "negation",
        body("if (a < b || a == 7) c = a;"),
        [
          "a < b || a == 7 → !(a < b || a == 7)",
          "a < b || a == 7 → (a >= b) || a == 7",
          "a < b || a == 7 → a < b || (a != 7)",
        ],
      ],
      ["negation", "function f(bool a) external pure returns (bool) { return !a; }", ["return !a; → return a;"]],
      [
        "negation",
        body("assembly { if b { c := eq(a, b) } }"),
        ["b → iszero(b)", "c := eq(a, b) → c := iszero(eq(a, b))"],
      ],
      ["literal", body("c = 0x0f + 7;"), ["c = 0x0f + 7; → c = 0x10 + 7;", "c = 0x0f + 7; → c = 0x0f + 8;"]],
      [
        "literal",
        "uint256 private constant DELAY = 14 days;",
        ["uint256 private constant DELAY = 14 days → uint256 private constant DELAY = 15 days"],
      ],
      ["literal", body("c = 0.5e1 + 7;"), ["c = 0.5e1 + 7; → c = (0.5e1 + 1) + 7;", "c = 0.5e1 + 7; → c = 0.5e1 + 8;"]],
      ["literal", "bool private _on = true;", ["bool private _on = true → bool private _on = false"]],
      ["drop", body("c = a;\nreturn c;"), ["c = a; → ", "return c; → "]],
      ["drop", body("if (a < b) { c = a; c = b; }"), ["a < b → false", "c = a; → ", "c = b; → "]],
      [
        "drop",
        `error No(); event Yes(); function f(bool a) external { if (a) revert No(); emit Yes(); require(a, No()); }`,
        ["revert No(); → ", "emit Yes(); → ", "require(a, No()); → "],
      ],
      [
        "drop",
        body("assembly { mstore(0, a) if b { c := a mstore(0, b) } }"),
        ["mstore(0, a) → ", "b → 0", "c := a → ", "mstore(0, b) → "],
      ],
      ["modifier", "modifier only() { _; } function f() external only {}", ["only → "]],
      [
        "swap",
        "event Moved(uint256 from, address by, uint8 to); function f(uint256 a, uint8 b) external { emit Moved(a, msg.sender, b); }",
        ["emit Moved(a, msg.sender, b); → emit Moved(b, msg.sender, a);"],
      ],
      [
        "swap",
        "function f(bool a, bool b) external pure returns (bool, bool) { return (a, b); }",
        ["return (a, b); → return (b, a);"],
      ],
      ["swap", body("assembly { c := sub(a, b) }"), ["c := sub(a, b) → c := sub(b, a)"]],
    ] as const) {
      it(`${kind}: ${expected[0]}`, () => {
        expect(changes(members, kind)).to.deep.equal(expected);
      });
    }

    it("makes none of types, declarations and comments", () => {
      expect(mutantsOf("struct S { uint256[3] a; } event E(uint8 a); error X(uint8 a); /// 7 + 7\nenum K { A, B }")).to
        .be.empty;
    });

    describe("literals of a slice's end", () => {
      const slices = (value: string): string[] =>
        changes(
          `function f(bytes calldata a, uint256 b) external pure returns (bytes8) { return ${value}; }`,
          "literal",
        ).map((change) => change.replace(/^.* → return (.*);$/, "$1"));

      it("stay where bytesN keeps the first N bytes alone", () => {
        expect(slices("bytes8(a[2:10])")).to.deep.equal(["bytes8(a[3:10])"]);
        expect(slices("bytes8(a[b:b + 8])")).to.be.empty;
        expect(slices("bytes8(a[b + 2:b + 10])")).to.deep.equal(["bytes8(a[b + 3:b + 10])"]);
      });

      it("change where more bytes would make another value", () => {
        expect(slices("bytes8(a[2:9])")).to.deep.equal(["bytes8(a[3:9])", "bytes8(a[2:10])"]);
        expect(slices("bytes8(a[b:8])")).to.deep.equal(["bytes8(a[b:9])"]);
        expect(slices("bytes8(keccak256(a[2:10]))")).to.deep.equal([
          "bytes8(keccak256(a[3:10]))",
          "bytes8(keccak256(a[2:11]))",
        ]);
      });
    });

    it("changes one place, and what it shows is what it does", () => {
      const source = new SourceText(FILE, contract(body("c = a + 1;\nc = a + 2;")));
      const [mutant] = mutantsOf(body("c = a + 1;\nc = a + 2;")).filter(({ after }) => after === "c = (a - 2);");
      expect(applyMutant(source, mutant!)).to.equal(contract(body("c = a + 1;\nc = (a - 2);")));
    });
  });

  describe("ids", () => {
    const ids = (members: string): string[] => mutantsOf(members).map(({ id }) => id);
    const code = body("if (a < b) c = a;\nassembly { c := add(a, 1) }\nc = b;\nc = b;");

    it("stay when the file around changes", () => {
      expect(ids(`uint256 private _before;\n\n// a comment\n${code}`)).to.deep.equal(ids(code));
    });

    it("are of one mutant each, even where a statement is repeated", () => {
      expect(new Set(ids(code)).size).to.equal(ids(code).length);
    });

    it("follow the function", () => {
      const other = ids(code.replace("function f", "function g"));
      expect(ids(code).filter((id) => other.includes(id))).to.be.empty;
    });
  });

  describe("a sample", () => {
    const mutants = Array.from({ length: 100 }, (_, i) => ({ id: i.toString() }));

    it("depends on the seed alone, not on the mutants' order", () => {
      expect(sample(mutants, 10, "a")).to.deep.equal(sample(mutants.toReversed(), 10, "a"));
      expect(sample(mutants, 10, "a")).not.to.deep.equal(sample(mutants, 10, "b"));
    });

    it("has that many, none twice, and keeps what a smaller one has", () => {
      expect(new Set(sample(mutants, 40, "a")).size).to.equal(40);
      expect(sample(mutants, 40, "a").slice(0, 10)).to.deep.equal(sample(mutants, 10, "a"));
    });
  });

  describe("a build of many", () => {
    const members = `
      struct S { uint256 a; }
      mapping(uint256 => S) private _s;
      function f(uint256 a, bytes calldata b) external returns (uint256 c) {
        S storage s = _s[a & 3];
        (uint256 d, bytes calldata e) = (a + 1, b[1:]);
        if (d < s.a) c = uint8(e[0]);
        else if (a > 5) revert();
        for (uint256 i = 0; i < d; ++i) ++c;
        assembly { c := add(c, 1) }
        s.a = c;
        return c;
      }`;
    const mutants = mutantsOf(members).filter(isSwitchable);
    const sources = new Map([[FILE, new SourceText(FILE, contract(members))]]);

    it("holds every mutant of statements, declarations, conditions and assembly", () => {
      const built = buildSwitched(compiler, sources, [TARGET], mutants, QUICK);
      expect(built.refused).to.be.empty;
      expect(built.mutants).to.have.lengthOf(mutants.length);
      expect(built.code.get("Sample")!.bytecode.length).to.be.greaterThan(1_000);
    });

    it("is one mutant or another by a number in the finished code alone", () => {
      const code = buildSwitched(compiler, sources, [TARGET], mutants, QUICK).code.get("Sample")!;
      const chosen = [0, 1, mutants.length].map((number) => choose(code, number));
      for (const { bytecode, deployedBytecode } of chosen) {
        expect(bytecode).to.have.lengthOf(code.bytecode.length).and.include(deployedBytecode.slice(2));
      }
      expect(new Set([code, ...chosen].map(({ deployedBytecode }) => deployedBytecode))).to.have.lengthOf(4);
    });

    it("leaves out what does not compile, wherever the compiler sees it", () => {
      // Solidity leaves no pointer to calldata unset.
      const partly = `${body("c = a;")}
        function g(bytes calldata a) external pure returns (bytes calldata b) { b = a; }
        function h(bytes32 a, uint256 b) external pure returns (bytes32 c, uint256 d) { (c, d) = (a, b >> 1); }`;
      const some = mutantsOf(partly).filter(isSwitchable);
      const there = new Map([[FILE, new SourceText(FILE, contract(partly))]]);
      const { mutants: kept, refused } = buildSwitched(compiler, there, [TARGET], some, QUICK);
      expect(refused.map(({ before, after }) => `${before} → ${after}`)).to.deep.equal(["b = a; → "]);
      expect(kept.map(({ before }) => before)).to.include.members(["c = a;", "(c, d) = (a, b >> 1);"]);
    });

    it("leaves what no `if` can choose to builds of their own", () => {
      const fixed = mutantsOf(`uint256 private constant A = 1;\n${members}`).filter((one) => !isSwitchable(one));
      expect(new Set(fixed.map(({ before }) => before))).to.deep.equal(new Set(["uint256 private constant A = 1"]));
    });

    it("is not too large", () => {
      const many = batches(mutants);
      expect(many.flat()).to.have.members(mutants);
      for (const batch of many) expect(batch.length).to.be.within(1, 60);
    });
  });

  describe("the score", () => {
    const [first, second, third] = mutantsOf(body("c = a + b;\nreturn c;")) as [Mutant, Mutant, Mutant];
    const verdicts: Verdict[] = [
      { mutant: first, outcome: "killed" },
      { mutant: second, outcome: "survived" },
      { mutant: third, outcome: "identical" },
    ];
    const listed = ({ file, within, before, after }: Mutant) => ({ file, within, before, after, reason: "because" });

    it("counts survivors whatever their reason, and leaves out what has the original's code or is no program", () => {
      expect(scoreOf([...verdicts, { mutant: third, outcome: "refused" }]).percent).to.equal(50);
    });

    it("is demanded of 100 mutants or more: of fewer only each survivor's reason", () => {
      const [killed, survived] = verdicts as [Verdict, Verdict];
      const some = (kills: number, survivals: number): Verdict[] => [
        ...Array.from({ length: kills }, () => killed),
        ...Array.from({ length: survivals }, () => survived),
      ];
      expect(tooFewKilled(some(8, 2))).to.be.empty;
      expect(tooFewKilled(some(0, 99))).to.be.empty;
      expect(tooFewKilled(some(90, 10))).to.be.empty;
      expect(tooFewKilled(some(89, 11))).to.deep.equal(["89.0 % killed, less than 90 %"]);
    });

    it("finds a survivor's reason by what it is", () => {
      expect(reasonFor(second, [listed(second)])).to.equal("because");
      expect(reasonFor(second, [listed(first)])).to.equal(undefined);
    });

    it("a reason for a mutant that is killed, or is none, is wrong", () => {
      const all = [first, second, third];
      expect(staleSurvivors([listed(second)], all, verdicts)).to.be.empty;
      expect(staleSurvivors([listed(first)], all, verdicts)[0]).to.match(/^listed as survivor, but killed/);
      expect(staleSurvivors([{ ...listed(first), before: "no" }], all, verdicts)[0]).to.match(/but no mutant/);
    });
  });
});
