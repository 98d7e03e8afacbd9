import { expect } from "chai";

import { ParleyError } from "../../../src/errors.ts";
import { createLogger } from "../../../src/service/index.ts";

describe("A service's log", () => {
  const lines: string[] = [];
  const stream = { write: (line: string): number => lines.push(line) };

  beforeEach(() => (lines.length = 0));

  it("is a JSON object a line, with errors' codes and hints", () => {
    const log = createLogger({ service: "operator", stream });
    log.warn({ err: new ParleyError("a/b", "text", "hint"), lane: "x" }, "what happened");
    log.debug("not said at this level");
    const [line, ...others] = lines.map((text) => JSON.parse(text) as Record<string, unknown>);
    expect(others).to.deep.equal([]);
    expect(line).to.include({ level: "warn", service: "operator", msg: "what happened", lane: "x" });
    expect(line!["err"]).to.deep.equal({ code: "a/b", message: "text", hint: "hint" });
    expect(Date.parse(String(line!["time"]))).to.be.greaterThan(0);
  });

  it("never holds a secret that is put into a field named so", () => {
    const log = createLogger({ service: "operator", stream });
    log.info({ password: "hunter22", settings: { token: "hunter22", a: { privateKey: "hunter22" } } }, "started");
    expect(lines.join()).to.contain("[secret]").and.not.contain("hunter22");
  });

  it("is a line of text for people", () => {
    createLogger({ service: "operator", stream, isForPeople: true }).error({ count: 2 }, "stopped");
    expect(lines.join()).to.match(/^\d\d:\d\d:\d\d error operator stopped count=2\n$/);
  });
});
