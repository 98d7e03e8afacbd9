import { expect } from "chai";

import { parleyMatchers } from "../../testing/index.ts";

type Method = (this: Assertion, ...args: unknown[]) => unknown;

/** An assertion of chai's, as chai-as-promised leaves it: whatever a method answers, a test gets the assertion. */
class Assertion {
  readonly _obj = "the id of a message";

  assert(condition: boolean): void {
    if (!condition) throw new Error("does not hold");
  }

  static addMethod(name: string, method: Method): void {
    Object.defineProperty(Assertion.prototype, name, {
      value(this: Assertion, ...args: unknown[]) {
        method.apply(this, args);
        return this;
      },
    });
  }
}

/** A member to which one message goes. */
const member = (status: "delivered" | "failed"): unknown => ({
  name: "beta",
  messages: {
    find: async () => ({ id: "0x", source: "alpha", destination: "beta", nonce: 0n, status }),
    explain: async () => "its recipient refused it",
  },
});

describe("Matchers beside chai-as-promised", () => {
  before(() => parleyMatchers({ Assertion }));

  const matched = (status: "delivered" | "failed"): unknown =>
    (new Assertion() as unknown as Record<"toBeDeliveredOn", (on: unknown) => unknown>).toBeDeliveredOn(member(status));

  it("are over once what they found is known, whatever chai answers for them", async () => {
    expect(await matched("delivered")).to.equal(undefined);
  });

  it("fail the test that awaits them", async () => {
    const outcome = await Promise.resolve(matched("failed")).then(
      () => "nothing",
      (error: unknown) => String(error),
    );
    expect(outcome).to.equal("Error: does not hold");
  });
});
