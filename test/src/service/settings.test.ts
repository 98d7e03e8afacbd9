import { expect } from "chai";
import { z } from "zod";

import {
  checkSettingsConfig,
  list,
  oneOf,
  optionalSetting,
  placesOf,
  readSettings,
  requiredSetting,
  setting,
  shaped,
  text,
  wholeNumber,
  yesOrNo,
} from "../../../src/service/index.ts";
import { expectRefusal } from "../../support/refusal.ts";

const SETTINGS = {
  host: setting(text, "127.0.0.1", "Where it listens"),
  ratePerMinute: setting(wholeNumber(0, 100), 7, "Requests a minute"),
  metadata: optionalSetting(text, "Anything"),
};

const NOTHING = { flags: {}, environment: {}, config: undefined };

describe("Settings of a service", () => {
  it("are a flag, else the environment, else the config, else their default", () => {
    const config = { ratePerMinute: 1 };
    const environment = { PARLEY_OPERATOR_RATE_PER_MINUTE: "2" };
    const flags = { ratePerMinute: 3 };
    const rate = (sources: Partial<typeof NOTHING>): number =>
      readSettings("operator", SETTINGS, { ...NOTHING, ...sources }).ratePerMinute;
    expect(rate({})).to.equal(7);
    expect(rate({ config } as object)).to.equal(1);
    expect(rate({ config, environment } as object)).to.equal(2);
    expect(rate({ config, environment, flags } as object)).to.equal(3);
  });

  it("take what is not given, an empty variable or a flag that is not set as nothing", () => {
    const flags = { host: undefined, metadata: false };
    const environment = { PARLEY_OPERATOR_HOST: "" };
    const values = readSettings("operator", SETTINGS, { flags, environment, config: { host: "::1" } });
    expect(values).to.deep.equal({ host: "::1", ratePerMinute: 7, metadata: undefined });
  });

  it("name all three places where one is wrong or missing", () => {
    const places = placesOf("operator", "ratePerMinute");
    expect(places).to.deep.equal({
      flag: "--rate-per-minute",
      variable: "PARLEY_OPERATOR_RATE_PER_MINUTE",
      config: "parley.operator.ratePerMinute",
    });
    const environment = { PARLEY_OPERATOR_RATE_PER_MINUTE: "101" };
    const wrong = expectRefusal(
      () => readSettings("operator", SETTINGS, { ...NOTHING, environment }),
      "settings/invalid",
    );
    expect(wrong.message).to.contain(places.variable).and.contain("101");
    const missing = expectRefusal(
      () => readSettings("operator", { ratePerMinute: requiredSetting(text, "What it is") }, NOTHING),
      "settings/missing",
    );
    for (const place of Object.values(places)) {
      expect(wrong.hint).to.contain(place);
      expect(missing.hint).to.contain(place);
    }
  });

  it("tell of the config what is unknown or wrong in it", () => {
    const issues = checkSettingsConfig(SETTINGS, { host: "a", ratePerMinute: -1, hots: "b", metadata: undefined });
    expect(issues.map(({ name, isUnknown }) => [name, isUnknown])).to.deep.equal([
      ["ratePerMinute", false],
      ["hots", true],
    ]);
  });

  for (const [name, kind, good, bad] of [
    ["text", text, [["a", "a"]], ["", 1, null]],
    [
      "whole numbers",
      wholeNumber(1, 10),
      [
        ["10", 10],
        [1, 1],
      ],
      ["0", "11", "1.5", "x", 1.5, "-1", "0x1", " 1"],
    ],
    [
      "yes or no",
      yesOrNo,
      [
        ["true", true],
        [false, false],
        ["0", false],
      ],
      ["yes", 2],
    ],
    ["words", oneOf("a", "b"), [["b", "b"]], ["c", 1]],
    [
      "lists",
      list,
      [
        ["a, b", ["a", "b"]],
        [["c"], ["c"]],
      ],
      ["a,,b", [], [1], ""],
    ],
    [
      "shapes",
      shaped("a point", z.strictObject({ x: z.number() })),
      [
        ['{"x":1}', { x: 1 }],
        [{ x: 2 }, { x: 2 }],
      ],
      ["{", "[]", { y: 1 }],
    ],
  ] as const) {
    it(`read ${name}, and nothing else in their place`, () => {
      for (const [given, value] of good) expect(kind.parse(given)).to.deep.equal(value);
      for (const given of bad) expect(kind.parse(given), JSON.stringify(given)).to.equal(undefined);
    });
  }
});
