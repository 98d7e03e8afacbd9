import { PassThrough } from "node:stream";

import { expect } from "chai";

import { ParleyError } from "../../src/errors.ts";
import { confirm } from "../../tasks/confirm.ts";

describe("Asking before something is sent", () => {
  const streams = { stdin: process.stdin, stderr: process.stderr };
  const put = (name: "stdin" | "stderr", value: unknown): void =>
    void Object.defineProperty(process, name, { value, configurable: true });

  afterEach(() => {
    put("stdin", streams.stdin);
    put("stderr", streams.stderr);
  });

  /** What comes of it, and what was asked, where somebody at a terminal answers. */
  async function ask(answer: string, isTTY = { stdin: true, stderr: true }): Promise<[outcome: string, text: string]> {
    const stdin = Object.assign(new PassThrough(), { isTTY: isTTY.stdin });
    const stderr = Object.assign(new PassThrough(), { isTTY: isTTY.stderr });
    put("stdin", stdin);
    put("stderr", stderr);
    stdin.write(`${answer}\n`);
    try {
      await confirm("Send 5 transactions?", "token");
      return ["sent", String(stderr.read())];
    } catch (error) {
      return [error instanceof ParleyError ? error.code : String(error), String(stderr.read())];
    }
  }

  it("goes on after a yes alone", async () => {
    for (const yes of ["y", "Y", "yes", " Yes "]) {
      const [outcome, text] = await ask(yes);
      expect(outcome, yes).to.equal("sent");
      expect(text).to.contain("Send 5 transactions? (y/N) ");
    }
    for (const no of ["", "n", "yesterday", "no y"]) expect((await ask(no))[0], no).to.equal("token/declined");
  });

  it("asks nobody where there is no terminal", async () => {
    for (const isTTY of [
      { stdin: false, stderr: true },
      { stdin: true, stderr: false },
    ]) {
      expect(await ask("y", isTTY)).to.deep.equal(["token/unconfirmed", "null"]);
    }
  });
});
