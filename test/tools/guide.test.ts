import { expect } from "chai";

import { missingLine } from "../../tools/guide/missingLine.ts";
import { parseGuide } from "../../tools/guide/parseGuide.ts";
import { sectionOf } from "../../tools/guide/sectionOf.ts";

const block = (info: string, ...lines: string[]): string => ["```" + info, ...lines, "```", ""].join("\n");

describe("Following a guide", () => {
  describe("its steps", () => {
    it("are its blocks, in their order: files, commands with what they print, and what runs on", () => {
      const guide = [
        "# A guide\n",
        block("ts", "// scripts/one.ts", "one();"),
        "Then:\n",
        block("sh", "npm install", "npm test # exit code 3: it fails"),
        block("text", "3 failing"),
        block("sh terminal", "serve"),
        block("text", "ready"),
        block("sh soon", "look"),
      ].join("");
      expect(parseGuide(guide)).to.deep.equal([
        { kind: "file", line: 2, path: "scripts/one.ts", text: "// scripts/one.ts\none();\n" },
        {
          ...{ kind: "command", line: 7, exitCode: 3, isSoon: false },
          ...{ script: "npm install\nnpm test # exit code 3: it fails\n", excerpt: "3 failing\n" },
        },
        { kind: "terminal", line: 14, script: "serve\n", excerpt: "ready\n" },
        { kind: "command", line: 20, script: "look\n", exitCode: 0, isSoon: true, excerpt: undefined },
      ]);
    });

    for (const [what, guide, reason] of [
      ["a file without a name", block("ts", "one();"), "neither names its file"],
      ["an output of no command", block("text", "ready"), "neither names its file"],
      ["a terminal that is never ready", block("sh terminal", "serve"), "when it is ready"],
      ["a block without an end", "```sh\nnpm test\n", "no end"],
    ] as const) {
      it(`refuses ${what}`, () => {
        expect(() => parseGuide(guide))
          .to.throw(`Line 1: `)
          .with.property("message")
          .that.contains(reason);
      });
    }
  });

  describe("a section", () => {
    const inside = ["## Two", "text", block("sh", "# no heading", "two"), "### Deeper", "more"];
    const guide = ["# Title", block("sh", "one"), ...inside, "## Three", block("sh", "three")].join("\n");

    it("is what stands below its heading, at the lines where it stands", () => {
      expect(parseGuide(sectionOf(guide, "## Two"))).to.deep.equal([
        { kind: "command", line: 8, script: "# no heading\ntwo\n", exitCode: 0, isSoon: false, excerpt: undefined },
      ]);
      expect(sectionOf(guide, "## Two").trim()).to.equal(inside.join("\n"));
      expect(sectionOf(guide, "## Three")).to.contain("three").and.to.not.contain("two");
    });

    it("has to be there", () => {
      expect(() => sectionOf(guide, "## Four")).to.throw('There is no "## Four".');
    });
  });

  describe("what a command prints", () => {
    const output =
      "Messages\n  from   to    status\n  alpha  beta  delivered  45,365\n  beta  alpha  failed\ndone (3 s)\n";

    it("has the excerpt's lines in their order, other lines between them; spaces do not count, and … is anything", () => {
      const excerpt = "from to status\n…\nalpha beta delivered …\nbeta … failed\n\ndone\n";
      expect(missingLine(excerpt, output)).to.equal(undefined);
    });

    it("lacks a line that is not there, or not behind the one before, or of which only the pattern fits", () => {
      expect(missingLine("alpha beta failed", output)).to.equal("alpha beta failed");
      expect(missingLine("done\nMessages", output)).to.equal("Messages");
      expect(missingLine("done .3", output)).to.equal("done .3");
    });
  });
});
