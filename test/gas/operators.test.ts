import { expect } from "chai";

import { crowd, measureOperators } from "../../bench/crowd.ts";
import { makeLive } from "../contracts/settlement/accused.ts";
import { createFabric, type Fabric } from "../contracts/settlement/fabric.ts";

/** A transaction's most gas (EIP-7825). */
const CAP = 16_777_216n;

describe("ServiceManager and Slasher: gas", () => {
  let fabric: Fabric;
  before(async () => {
    fabric = await createFabric();
    await makeLive(fabric);
  });

  it("R31, R32 with 200 operators of two strategies a snapshot, a publication and any conviction fit a transaction each", async () => {
    await crowd(fabric, 200);
    const figures = await measureOperators(fabric);
    for (const [what, gas] of Object.entries(figures)) expect(gas < CAP, `${what} ${gas}`).to.equal(true);
  }).timeout(300_000);
});
