import { expect } from "chai";

import { Level, levelName, toLevel } from "../../../src/wire/index.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("wire/levels", () => {
  it("names its levels, in their order", () => {
    expect([Level.fast, Level.final, Level.settled].map(levelName)).to.deep.equal(["fast", "final", "settled"]);
    expect([1, 2n, 3].map((value) => toLevel(value, "level"))).to.deep.equal([1, 2, 3]);
  });

  it("refuses what is no level", () => {
    for (const value of [0, 4, 255, 257n, -1n]) expectRefusal(() => toLevel(value, "minFinality"), "wire/level");
  });
});
