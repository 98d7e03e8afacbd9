import { expect } from "chai";
import { id, Wallet } from "ethers";

import type { RelayedMember } from "../../../src/agents/index.ts";
import { MemoryPendingTransactions, Sender } from "../../../src/sending/index.ts";
import type { Hex } from "../../../src/wire/index.ts";
import { idsOf, NOTHING, operatorsOf, recorderOn, relayerOf, requestOn, send, useWorld } from "./fixture.ts";

const WALLET = new Wallet(id("parley relayer sending test"));

describe("Relayer that sends by senders of its own accounts", () => {
  const world = useWorld();
  const senders: Sender[] = [];
  afterEach(() => {
    for (const sender of senders.splice(0)) sender.close();
  });

  /** The member, with an account whose transactions a sender looks after. */
  const withSender = async (member: RelayedMember): Promise<RelayedMember & { sender: Sender }> => {
    await requestOn(world, member, "hardhat_setBalance", [WALLET.address, `0x${(10n ** 20n).toString(16)}`]);
    const { chainId, provider, confirmations } = member;
    const signer = WALLET.connect(provider);
    const settings = { maxInFlight: 3, lookEvery: 10, patience: 50 };
    const sender = await Sender.open({
      ...{ chainId, provider, confirmations, signer, settings, store: new MemoryPendingTransactions() },
    });
    senders.push(sender);
    return { ...member, signer, sender };
  };

  it("has several batches on their way at once, and delivers each message once", async () => {
    const { beta } = world;
    const l1 = await withSender(world.l1);
    const recorder = await recorderOn(world.l1);
    const ids: Hex[] = [];
    for (let i = 0; i < 7; i++) ids.push(await send(beta, l1, recorder));
    const relayer = relayerOf(world, operatorsOf(world), { members: [l1, world.alpha, beta], maxBatch: 2 });
    const report = await relayer.step();
    expect(report.problems).to.deep.equal([]);
    expect(idsOf(report.delivered)).to.have.members(ids);
    expect(await relayer.step()).to.deep.equal(NOTHING);
    expect(await l1.provider.getTransactionCount(WALLET.address)).to.equal(4);
  });

  it("leaves alone what is on its way: a block that does not come costs nothing twice", async () => {
    const { beta } = world;
    const l1 = await withSender(world.l1);
    const recorder = await recorderOn(world.l1);
    const ids = [await send(beta, l1, recorder), await send(beta, l1, recorder)];
    const relayer = relayerOf(world, operatorsOf(world), { members: [l1, world.alpha, beta] });
    await requestOn(world, l1, "evm_setAutomine", [false]);
    try {
      const { problems } = await relayer.step();
      expect(problems.map(({ reason }) => reason).join()).to.match(/it is in no block after 0.05 s/);
      expect([...l1.sender.onTheirWay()]).to.have.members(ids);
      ids.push(await send(beta, l1, recorder));
      await relayer.step();
      expect([...l1.sender.onTheirWay()]).to.have.members(ids);
    } finally {
      await requestOn(world, l1, "evm_setAutomine", [true]);
    }
    await requestOn(world, l1, "evm_mine", []);
    await l1.sender.look();
    expect(await relayer.step()).to.deep.equal(NOTHING);
    expect(await l1.provider.getTransactionCount(WALLET.address)).to.equal(2);
  });
});
