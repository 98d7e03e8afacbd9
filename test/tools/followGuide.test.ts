import { mkdtemp, readFile, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";

import { followGuide } from "../../tools/guide/followGuide.ts";
import { parseGuide } from "../../tools/guide/parseGuide.ts";

const block = (info: string, ...lines: string[]): string => ["```" + info, ...lines, "```", ""].join("\n");

describe("Doing what a guide says", () => {
  let folder: string;
  const told: string[] = [];

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-guide-"));
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const follow = (...blocks: string[]): Promise<void> =>
    followGuide(parseGuide(blocks.join("\n")), {
      ...{ folder, document: "docs/SOME.md" },
      env: process.env,
      adapt: (text) => text.replaceAll("8545", "1234"),
      onStep: (step) => told.push(step),
    });

  const refusal = (...blocks: string[]): Promise<string> => follow(...blocks).then(() => "nothing", String);

  it("writes its files and runs its commands, as they are done here", async () => {
    await follow(
      block("js", "// scripts/port.mjs", "console.log(8545);"),
      block("sh", "node scripts/port.mjs", "exit 3 # exit code 3: so it is said"),
      block("text", "1234"),
    );
    expect(await readFile(path.join(folder, "scripts/port.mjs"), "utf8")).to.contain("console.log(1234);");
    expect(told.slice(0, 2)).to.deep.equal(["writes scripts/port.mjs", "$ node scripts/port.mjs"]);
  });

  it("waits for what comes soon, beside what runs in a terminal of its own, and ends that", async () => {
    await follow(
      block("sh terminal", "echo $$ > pid; echo ready; sleep 0.7; echo done > news; sleep 600"),
      block("text", "ready"),
      block("sh soon", "cat news"),
      block("text", "done"),
    );
    const pid = Number(await readFile(path.join(folder, "pid"), "utf8"));
    expect(() => process.kill(pid, 0)).to.throw("ESRCH");
  });

  it("opens terminals of which one follows another together, and ends the last one first; they log to stderr, too", async () => {
    const terminal = (name: string, other: string): string =>
      block(
        "sh terminal",
        `trap 'echo ${name} >> ended; exit 0' INT`,
        `touch ${name}; until test -e ${other}; do sleep 0.02; done; echo ready >&2`,
        "while true; do sleep 0.02; done",
      ) + block("text", "ready");
    await follow(terminal("one", "two"), terminal("two", "one"), block("sh", "test -e one"));
    expect(await readFile(path.join(folder, "ended"), "utf8")).to.equal("two\none\n");
  });

  it("fails where a terminal ends before it is told to, though what it is for came of it", async () => {
    const said = await refusal(block("sh terminal", "echo ready"), block("text", "ready"), block("sh", "sleep 0.1"));
    expect(said).to.contain("docs/SOME.md, line 1: It ended by itself.");
  });

  it("fails where a command ends otherwise, prints something else, or a terminal is never ready", async () => {
    expect(await refusal(block("sh", "false", "true"))).to.contain("ended with 1, and not with 0");
    expect(await refusal(block("sh", "true # exit code 3"))).to.contain("ended with 0, and not with 3");
    expect(await refusal(block("sh", "echo one"), block("text", "two"))).to.contain('did not print "two"');
    expect(await refusal(block("sh terminal", "echo one"), block("text", "two"))).to.contain('did not print "two"');
  });
});
