import { createInterface } from "node:readline/promises";

import { ParleyError } from "../src/errors.ts";

/**
 * Asks on the terminal whether to go on. Throws `deploy/unconfirmed` where there is none, and `deploy/declined`.
 * @param what What is to be done, as a question.
 */
export async function confirm(what: string): Promise<void> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new ParleyError(
      "deploy/unconfirmed",
      `${what} Nobody can be asked: there is no terminal. Nothing was sent.`,
      "Look at the plan with --dry-run, then say --yes.",
    );
  }
  const terminal = createInterface({ input: stdin, output: stderr });
  try {
    const answer = await terminal.question(`${what} (y/N) `);
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    terminal.close();
  }
  throw new ParleyError("deploy/declined", "Nothing was sent.", "Run this again when you are ready.");
}
