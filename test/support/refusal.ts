import { expect } from "chai";

import { ParleyError } from "../../src/errors.ts";

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
  return thrown;
}

/** What `read` returns, or undefined if it refuses with a `ParleyError`; other errors pass through. */
export function acceptedBy<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParleyError) return undefined;
    throw error;
  }
}
