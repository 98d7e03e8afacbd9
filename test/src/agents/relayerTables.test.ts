import { expect } from "chai";

import { NOTHING, recorderOn, idsOf, passTime, relayerOf, send, useWorld } from "./fixture.ts";

const HOUR = 3_600;

describe("Relayer keeps tables fresh:", () => {
  const world = useWorld();

  it("takes one and sends it everywhere once half its life is over, once, and delivers by it", async () => {
    const { fabric, members, beta, l1 } = world;
    const relayer = relayerOf(world);
    await passTime(world, 11 * HOUR);
    expect(await relayer.step()).to.deep.equal(NOTHING);
    await passTime(world, 2 * HOUR);
    const report = await relayer.step();
    expect(report.published.map(({ member }) => member)).to.deep.equal(members.map(({ name }) => name));
    expect(report.problems).to.deep.equal([]);
    // On its way: nothing more to send.
    expect(await relayer.step()).to.deep.equal(NOTHING);
    expect(await fabric.derive()).to.equal(2);
    expect(await relayer.step()).to.deep.equal(NOTHING);
    const id = await send(beta, l1, await recorderOn(l1));
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([id]);
  });

  it("sends a table again that did not arrive within an hour", async () => {
    const relayer = relayerOf(world);
    await passTime(world, 13 * HOUR);
    expect((await relayer.step()).published).to.have.lengthOf(3);
    await passTime(world, 2 * HOUR);
    const { published } = await relayer.step();
    expect(published.map(({ member }) => member)).to.deep.equal(["alpha", "beta"]);
  });

  it("delivers nothing by an expired table, says so, and goes on with the next one", async () => {
    const { fabric, alpha, beta } = world;
    await passTime(world, 25 * HOUR);
    const id = await send(beta, alpha, await recorderOn(alpha));
    const relayer = relayerOf(world);
    const report = await relayer.step();
    expect(report.delivered).to.deep.equal([]);
    expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.equal([
      ["beta → alpha", "relayer/table-expired"],
    ]);
    await fabric.derive();
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([id]);
  });
});
