import { readFileSync, writeFileSync } from "node:fs";

import { expect } from "chai";

import { ParleyError } from "../../src/errors.ts";

/** How the wire format's refusals read, values left out: each is meant, and no other. With `PARLEY_WRITE` set, tests add to it. */
const TEXTS = new URL("./refusals.json", import.meta.url);
let known: Set<string> | undefined;

/** Asserts that `act` throws a `ParleyError` with this code, and with a hint. */
export function expectRefusal(act: () => unknown, code: string): ParleyError {
  let thrown: ParleyError | undefined;
  try {
    act();
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    thrown = error;
  }
  if (thrown === undefined) expect.fail(`expected a ParleyError ${code}, none was thrown`);
  expect(thrown.code, thrown.message).to.equal(code);
  expect(thrown.hint).to.not.equal("");
  if (code.startsWith("wire/")) expectKnownText(thrown);
  return thrown;
}

/** Asserts that an error of the wire format reads as `refusals.json` lists it. */
export function expectKnownText({ code, message, hint }: ParleyError): void {
  known ??= new Set(JSON.parse(readFileSync(TEXTS, "utf8")) as string[]);
  const text = [code, withoutValues(message), withoutValues(hint)].join(" | ");
  if (process.env["PARLEY_WRITE"] !== undefined) {
    known.add(text);
    writeFileSync(TEXTS, `${JSON.stringify([...known].sort(), null, 2)}\n`);
  }
  expect(known.has(text), `not in test/support/refusals.json: ${text}`).to.equal(true);
}

const withoutValues = (text: string): string =>
  text.replace(/0x[0-9a-fA-F]*(… \(\d+ characters\))?/g, "0x").replace(/\d+/g, "0");

/** What `read` returns, or undefined if it refuses with a `ParleyError`; other errors pass through. */
export function acceptedBy<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}
