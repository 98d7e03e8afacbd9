import { readdirSync, readFileSync } from "node:fs";

import { expect } from "chai";

import { PROOFS } from "../../../tools/formal/proofs.ts";
import { check, sourceOf } from "../../../tools/formal/prove.ts";
import { MissingZ3, versionOfZ3 } from "../../../tools/formal/z3.ts";

/** Proven and refuted in a second, with all that the others need: quotes, bits, paths. */
const QUICK = "BatchTurnsThePage";
const SECONDS = 30;

function whyNoZ3(): string | undefined {
  try {
    versionOfZ3();
    return undefined;
  } catch (error) {
    if (error instanceof MissingZ3) return error.message;
    throw error;
  }
}

describe("tools/formal", () => {
  it("checks every contract of formal/proofs, and each of its own", () => {
    const contracts = readdirSync("formal/proofs").flatMap((file) => {
      const source = readFileSync(`formal/proofs/${file}`, "utf8");
      return [...source.matchAll(/^contract (\w+) /gm)].map(([, name]) => `${file} ${name}`);
    });
    expect(PROOFS.map(({ file, contract }) => `${file} ${contract}`)).to.have.members(contracts);
  });

  it("quotes what the contracts say, and finds the place of every bug", () => {
    for (const { file, bug } of PROOFS) {
      const sources = [`formal/proofs/${file}`, bug.file];
      const asTheyAre = sources.map((name) => sourceOf(name));
      expect(sources.map((name) => sourceOf(name, bug))).not.to.deep.equal(asTheyAre);
    }
  });

  const missing = whyNoZ3();
  if (missing !== undefined) {
    it(`is left out: ${missing}`, function () {
      this.skip();
    });
    return;
  }

  it(`proves ${QUICK}, and refutes it with a bug`, () => {
    const proof = PROOFS.find(({ contract }) => contract === QUICK)!;
    expect(check(proof, SECONDS)).to.equal("holds");
    expect(check(proof, SECONDS, proof.bug)).to.equal("fails");
  });
});
