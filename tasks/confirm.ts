import { createInterface } from "node:readline/promises";

import { ParleyError } from "../src/errors.ts";

/**
 * Asks on the terminal whether to go on. Throws `<area>/unconfirmed` where there is none, and `<area>/declined`.
 * @param what What is to be done, as a question.
 * @param area What the command is about: the first part of its errors' codes.
 */
export async function confirm(what: string, area = "deploy"): Promise<void> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) {
    throw new ParleyError(
      `${area}/unconfirmed`,
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
  throw new ParleyError(`${area}/declined`, "Nothing was sent.", "Run this again when you are ready.");
}
