import { expect } from "chai";
import { id, ZeroAddress, ZeroHash } from "ethers";

import type { RelayedMember } from "../../../src/agents/index.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import { encodeEquivocation, Level, ZERO_WORD } from "../../../src/wire/index.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISlasher__factory } from "../../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import type { IServiceManager } from "../../../types/ethers-contracts/interfaces/IServiceManager.ts";
import { NOTHING, gatewayOf, recorderOn, idsOf, passTime, relayerOf, send, useWorld } from "./fixture.ts";
import { finalOf, hold, inventedWord, signedBy } from "./watching/lies.ts";

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

  describe("R22: once two quorums of a table contradicted each other on L1", () => {
    const heldAt = (to: RelayedMember, from: RelayedMember): Promise<string> =>
      gatewayOf(to).heldCertified(from.id, Level.final);
    const managerOf = (): IServiceManager =>
      IServiceManager__factory.connect(world.fabric.contracts.serviceManager, world.l1.signer);

    /** Beta holds a false word; the table by which it does is revoked on L1. */
    async function revokeOnL1(): Promise<void> {
      const { alpha, beta, l1, fabric } = world;
      const said = await Promise.all(
        ["lie", "other lie"].map(async (name) =>
          signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, name, 1)), fabric.operators),
        ),
      );
      const [a, b] = [said[0]!, said[1]!];
      await hold(beta, a);
      const slasher = ISlasher__factory.connect(await managerOf().SLASHER(), l1.signer);
      const { tableId } = await managerOf().latestTable();
      await slasher.revokeTable(tableId, encodeEquivocation({ a, b, from: ZERO_WORD, messageHashes: [] }));
    }

    it("sends the revocation to every member, once, and the next table after it has arrived", async () => {
      const { fabric, alpha, beta } = world;
      await revokeOnL1();
      const relayer = relayerOf(world);
      const first = await relayer.step();
      expect(first.problems).to.deep.equal([]);
      expect(first.revoked.map(({ member }) => member)).to.deep.equal(["l1", "alpha", "beta"]);
      expect(first.published).to.deep.equal([]);
      expect(await heldAt(beta, alpha)).to.not.equal(ZeroHash);

      // On its way to alpha and beta; L1's own Gateway has it.
      const second = await relayer.step();
      expect([second.revoked, second.published.map(({ member }) => member)]).to.deep.equal([[], ["l1"]]);

      await fabric.derive();
      expect(await heldAt(beta, alpha)).to.equal(ZeroHash);
      const third = await relayer.step();
      expect([third.revoked, third.published.map(({ member }) => member)]).to.deep.equal([[], ["alpha", "beta"]]);
      await fabric.derive();
      expect(await relayer.step()).to.deep.equal(NOTHING);
    });

    it("sends nothing where a newer table is in force, and a revocation that comes late is harmless there", async () => {
      const { fabric, alpha, beta } = world;
      await revokeOnL1();
      const relayer = relayerOf(world);
      await relayer.step();
      await fabric.derive();
      const { snapshot } = await gatewayOf(beta).tableInForce();
      await relayer.step();
      await fabric.derive();

      // A revocation that comes late, after the next table and a word by it, changes nothing.
      const recorder = await recorderOn(beta);
      const messageId = await send(alpha, beta, recorder);
      await fabric.finalize();
      const truth = await readLaneTo(alpha, beta.chainId);
      await hold(beta, await signedBy(world, await finalOf(alpha, beta, truth), fabric.operators));
      await managerOf().publishRevocation(beta.id, "0x");
      await fabric.derive();
      const after = await gatewayOf(beta).tableInForce();
      expect(after.snapshot > snapshot).to.equal(true);
      expect(after.table).to.not.equal(ZeroAddress);
      expect(await heldAt(beta, alpha)).to.equal(truth);
      const { revoked, delivered } = await relayer.step();
      expect([revoked, idsOf(delivered)]).to.deep.equal([[], [messageId]]);
    });

    it("says which member it could not reach, and sends to the others", async () => {
      await revokeOnL1();
      const { l1, alpha, beta } = world;
      const mute = { ...alpha, id: id("nobody") };
      const { revoked, problems } = await relayerOf(world, [], { members: [l1, mute, beta] }).step();
      expect(revoked.map(({ member }) => member)).to.deep.equal(["l1", "beta"]);
      expect(problems.map(({ subject, code }) => [subject, code])).to.deep.include(["alpha", "relayer/not-revoked"]);
    });
  });
});
