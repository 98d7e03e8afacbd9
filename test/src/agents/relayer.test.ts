import { expect } from "chai";

import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.js";
import { Recorder__factory } from "../../../types/ethers-contracts/factories/test/recipients/Recorder__factory.js";
import { deployed, mine, relayerOf, send, transactionsSent, useWorld, ALPHA_CONFIRMATIONS } from "./fixture.ts";

describe("Relayer", () => {
  const world = useWorld();

  it("delivers what was sent on every lane, and then has nothing to do", async () => {
    const ids: string[] = [];
    for (const to of world.members) {
      const recorder = await deployed(new Recorder__factory(to.signer).deploy());
      for (const from of world.members) {
        if (from !== to) ids.push(await send(from, to, await recorder.getAddress(), { payload: "0x1234" }));
      }
    }
    await mine(world, world.alpha, ALPHA_CONFIRMATIONS);
    const relayer = relayerOf(world);
    const report = await relayer.step();
    expect(report.problems).to.deep.equal([]);
    expect(report.delivered.map(({ id }) => id)).to.have.members(ids);
    const sent = await transactionsSent(world);
    for (const again of [relayer, relayerOf(world)]) {
      expect(await again.step()).to.deep.equal({
        published: [],
        delivered: [],
        failed: [],
        uncertified: [],
        problems: [],
      });
    }
    expect(await transactionsSent(world)).to.equal(sent);
  });

  it("isolates a message whose recipient fails, leaves it alone until the recipient is mended, and then delivers it", async () => {
    const { alpha, beta } = world;
    const flaky = await deployed(new Flaky__factory(alpha.signer).deploy());
    const recorder = await deployed(new Recorder__factory(alpha.signer).deploy());
    const [first, broken, last] = [
      await send(beta, alpha, await recorder.getAddress()),
      await send(beta, alpha, await flaky.getAddress()),
      await send(beta, alpha, await recorder.getAddress()),
    ];
    const relayer = relayerOf(world, undefined, { abis: [Flaky__factory.abi] });
    const { delivered, failed, problems } = await relayer.step();
    expect(problems).to.deep.equal([]);
    expect(delivered.map(({ id }) => id)).to.have.members([first, last]);
    expect(failed.map(({ id, reason }) => ({ id, reason }))).to.deep.equal([{ id: broken, reason: "Broken()" }]);

    const sent = await transactionsSent(world);
    const waiting = await relayer.step();
    expect(waiting.failed.map(({ id, txHash }) => ({ id, txHash }))).to.deep.equal([{ id: broken, txHash: undefined }]);
    expect(await transactionsSent(world)).to.equal(sent);

    await flaky.setMended(true);
    expect((await relayer.step()).delivered.map(({ id }) => id)).to.deep.equal([broken]);
  });
});
