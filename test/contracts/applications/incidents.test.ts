import { expect } from "chai";

import { encodeBatch, Level, type Hex } from "../../../src/wire/index.ts";
import { settle } from "../../fixtures/gateways.ts";
import type { SourceLane } from "../../fixtures/lane.ts";
import { certify, deliver, heldProof, type Sent } from "../../fixtures/messages.ts";
import { createBridgeWorld, deliverAt, tokens, transferOf, transfers, type BridgeWorld } from "./support.ts";

describe("Incidents at a bridge of tokens", () => {
  let world: BridgeWorld;
  let lane: SourceLane;

  before(async () => {
    world = await createBridgeWorld();
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
  });

  const balance = (): Promise<bigint> => world.token.balanceOf(world.chain.user);

  it("incident: Messina 2026: one deposit, claimed 143 times and by every proof, is released once", async () => {
    const before = await balance();
    const sent = await transfers(world, lane, 5n);
    await deliverAt(world, lane, sent);
    const items = [sent[0]!.item];
    for (const proof of [
      await certify(lane, world.chain, lane.word, world.operators),
      await certify(lane, world.chain, lane.word, world.operators, { indices: [0, 1, 2] }),
    ]) {
      await deliver(world.chain, lane.source, sent[0]!.before, items, proof);
    }
    await deliverAt(world, lane, sent, Level.settled);
    for (let i = 0; i < 139; ++i)
      await deliver(world.chain, lane.source, sent[0]!.before, items, heldProof(Level.settled));
    expect(await balance()).to.equal(before + tokens(5));
  });

  it("incident: Messina 2026: no more is released than is locked, whatever was proven", async () => {
    const locked = await world.token.balanceOf(world.bridge);
    const sent = await transfers(world, lane, locked / 10n ** 18n + 1n);
    await expect(deliverAt(world, lane, sent, Level.settled))
      .to.emit(world.chain.contract, "DeliveryFailed")
      .withArgs(
        sent[0]!.id,
        world.token.interface.encodeErrorResult("ERC20InsufficientBalance", [
          await world.bridge.getAddress(),
          locked,
          locked + tokens(1),
        ]),
      );
    expect(await world.token.balanceOf(world.bridge)).to.equal(locked);
  });

  describe("incident: Verus 2026: a value that the proof does not bind", () => {
    const changed = (sent: Sent, payload: Hex): Hex => encodeBatch([{ ...sent.item, payload }]);

    for (const level of [Level.final, Level.settled]) {
      it(`another amount, or another's account, than was sent is not proven at level ${level}`, async () => {
        const { chain } = world;
        const [sent] = (await transfers(world, lane, 5n)) as [Sent];
        if (level === Level.settled) await settle(chain, lane.id, lane.word);
        const proof =
          level === Level.settled ? heldProof(level) : await certify(lane, chain, lane.word, world.operators);
        const before = await balance();
        const attempt = (items: Hex): Promise<unknown> => deliver(chain, lane.source, sent.before, items, proof);
        for (const payload of [
          transferOf(chain.user.address, tokens(5) + 1n),
          transferOf(chain.user.address, tokens(50)),
          transferOf(chain.relayer.address, tokens(5)),
        ]) {
          await expect(attempt(changed(sent, payload))).to.be.revert(chain.ethers);
        }
        expect(await balance()).to.equal(before);
        await attempt(encodeBatch([sent.item]));
        expect(await balance()).to.equal(before + tokens(5));
      });
    }
  });
});
