import { expect } from "chai";
import { Level } from "../../src/wire/index.ts";
import { adoptTable, createChains, resetChains, settle, type Chain } from "../fixtures/gateways.ts";
import { certify, deliver, heldProof, send } from "../fixtures/messages.ts";
import { makeOperators } from "../fixtures/operators.ts";

describe("Fixture: Gateways without L1", () => {
  const operators = makeOperators(4);
  let a: Chain;
  let b: Chain;

  before(async () => {
    [a, b] = await createChains([1001n, 1002n]);
  });

  beforeEach(async () => {
    await resetChains([a, b]);
    await adoptTable(a, { members: [a, b], operators });
    await adoptTable(b, { members: [a, b], operators });
  });

  it("gives all Gateways one address, and their member ids", async () => {
    expect(a.gateway).to.equal(b.gateway);
    expect(await a.contract.MEMBER_ID()).to.equal(a.id);
    expect(await b.contract.MEMBER_ID()).to.equal(b.id);
  });

  it("carries a message by certificate and another by settlement", async () => {
    const first = await send(a, b, { recipient: b.user.address });
    const second = await send(a, b, { recipient: b.user.address, payload: "0x1234" });
    expect(await a.contract.laneTo(b.chainId)).to.equal(second.after);
    await expect(deliver(b, a, first.before, [first.item], await certify(a, b, first.after, operators)))
      .to.emit(b.contract, "DeliveryFailed")
      .withArgs(first.id, "0x");
    await settle(b, a.id, second.after);
    await expect(deliver(b, a, second.before, [second.item], heldProof(Level.settled)))
      .to.emit(b.contract, "DeliveryFailed")
      .withArgs(second.id, "0x");
  });
});
