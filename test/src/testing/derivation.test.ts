import { expect } from "chai";
import { Contract } from "ethers";

import { ParleyError } from "../../../src/errors.ts";
import { addressOf, sendFrom } from "../../../src/testing/cheats.ts";
import { derive, DERIVATION, type DevnetBridge } from "../../../src/testing/derivation.ts";
import { readerOf } from "../../../src/chain/readerOf.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";
import { DevnetL1Bridge__factory } from "../../../types/ethers-contracts/factories/bridges/devnet/DevnetL1Bridge__factory.ts";
import { DevnetRollupBridge__factory } from "../../../types/ethers-contracts/factories/bridges/devnet/DevnetRollupBridge__factory.ts";
import { type Embedded, startEmbedded } from "../../e2e/embedded.ts";

describe("Derivation: carries a devnet bridge's items", () => {
  let embedded: Embedded;
  let l1End: Contract;
  let rollupEnd: Contract;
  let tableId: string;

  before(async () => {
    embedded = await startEmbedded();
    const { l1, alpha } = embedded;
    l1End = new Contract(alpha.l1Bridge, DevnetL1Bridge__factory.abi, l1.signer);
    rollupEnd = new Contract(alpha.contracts.bridge, DevnetRollupBridge__factory.abi, alpha.signer);
    tableId = await embedded.fabric.publishTable();
  });

  after(() => embedded.close());

  const count = async (end: Contract, name: string): Promise<bigint> =>
    (await end.getFunction(name).staticCall()) as bigint;

  async function publish(): Promise<void> {
    const { fabric, alpha } = embedded;
    await (await fabric.serviceManager.getFunction("publish").send(tableId, alpha.id, "0x")).wait();
  }

  it("carries everything that waits, in order, once", async () => {
    const before = await count(rollupEnd, "received");
    await publish();
    await publish();
    expect(await embedded.fabric.derive()).to.equal(2);
    expect(await count(rollupEnd, "received")).to.equal(before + 2n);
    expect(await count(l1End, "sent")).to.equal(before + 2n);
    expect(await embedded.fabric.derive()).to.equal(0);
  });

  it("speaks for the derivation account, and no other account can", async () => {
    const next = await count(rollupEnd, "received");
    const derive = rollupEnd.getFunction("derive");
    await expect(derive.send(l1End.target, next, [])).to.be.revertedWithCustomError(rollupEnd, "NotDerivation");
    expect(await rollupEnd.getFunction("DERIVATION").staticCall()).to.equal(DERIVATION);
  });

  it("cannot bring what another contract sent, nor the same twice, nor skip any", async () => {
    const { alpha } = embedded;
    const received = await count(rollupEnd, "received");
    const attempt = (sender: unknown, index: bigint): Promise<void> =>
      sendFrom(alpha.provider, {
        from: DERIVATION,
        to: alpha.contracts.bridge,
        data: rollupEnd.interface.encodeFunctionData("derive", [sender, index, []]),
      });
    await expect(attempt(addressOf("stranger"), received)).to.be.revertedWithCustomError(rollupEnd, "NotCounterpart");
    for (const index of [received - 1n, received + 1n]) {
      await expect(attempt(l1End.target, index))
        .to.be.revertedWithCustomError(rollupEnd, "WrongIndex")
        .withArgs(index, received);
    }
  });

  it("says so if an envelope is older than the first block that it was told of", async () => {
    const { l1, alpha } = embedded;
    await publish();
    const reader = readerOf(l1.signer);
    const bridge: DevnetBridge = {
      l1: { provider: l1.provider, reader, address: alpha.l1Bridge, fromBlock: (await reader.getBlockNumber()) + 1 },
      rollup: {
        provider: alpha.provider,
        reader: readerOf(alpha.signer),
        address: alpha.contracts.bridge,
        fromBlock: 0,
      },
    };
    const outcome = await derive([bridge]).catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "derivation/missing-event");
    expect(await embedded.fabric.derive()).to.equal(1);
  });

  it("says so if L1 was reorganised behind what a rollup received, and goes on once the rollup was too", async () => {
    const { fabric, l1, alpha } = embedded;
    const points = [await branchPoint(l1.provider), await branchPoint(alpha.provider)] as const;
    const received = await count(rollupEnd, "received");
    await publish();
    expect(await fabric.derive()).to.equal(1);
    await reorganise(points[0]);
    const outcome = await fabric.derive().catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "derivation/reorganised");

    await reorganise(points[1]);
    await publish();
    expect(await fabric.derive()).to.equal(1);
    expect(await count(rollupEnd, "received")).to.equal(received + 1n);
  });
});
