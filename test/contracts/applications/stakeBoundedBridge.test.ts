import { expect } from "chai";

import { countOf, encodeInteroperableAddress, laneWord, Level } from "../../../src/wire/index.ts";
import { SENDER, type SourceLane } from "../../fixtures/lane.ts";
import { calls } from "../../fixtures/recipients.ts";
import { createBridgeWorld, deliverAt, TERMS, tokens, transferOf, transfers, type BridgeWorld } from "./support.ts";

describe("StakeBoundedBridge", () => {
  let world: BridgeWorld;
  let lane: SourceLane;
  let home: string;

  before(async () => {
    world = await createBridgeWorld();
    home = encodeInteroperableAddress({ chainId: world.source.chainId, address: world.chain.user.address });
  });
  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
    await world.token.mint(world.chain.user, tokens(100));
    await world.token.approve(world.bridge, tokens(100));
  });

  it("keeps what is sent, and says so to its counterpart over the Gateway", async () => {
    const { chain, bridge, token } = world;
    const sending = bridge.crosschainTransfer(home, tokens(40));
    await expect(sending).to.changeTokenBalances(chain.ethers, token, [chain.user, bridge], [-tokens(40), tokens(40)]);
    await expect(sending).to.emit(chain.contract, "MessageSent");
    expect(countOf(laneWord(await chain.contract.laneTo(world.source.chainId)))).to.equal(1n);
  });

  it("releases to whom the counterpart names, within the default gas limit of a message", async () => {
    const recipient = await world.bridge.getAddress();
    const payload = transferOf(world.chain.relayer.address, tokens(3));
    // The last of a batch gets all gas that is left: the first gets its limit.
    const sent = lane.sendAll(recipient, [payload, payload]);
    await expect(deliverAt(world, lane, sent)).to.changeTokenBalance(
      world.chain.ethers,
      world.token,
      world.chain.relayer,
      tokens(6),
    );
  });

  it("takes no word from anyone but the Gateway, and none of anyone but its counterpart", async () => {
    const { chain, bridge } = world;
    const recipient = await bridge.getAddress();
    const payload = transferOf(chain.user.address, tokens(1));
    const counterpart = encodeInteroperableAddress({ chainId: world.source.chainId, address: SENDER });
    await expect(bridge.receiveMessage(`0x${"01".repeat(32)}`, counterpart, payload))
      .to.be.revertedWithCustomError(bridge, "ERC7786RecipientUnauthorizedGateway")
      .withArgs(chain.user.address, counterpart);
    const sent = lane.send({ recipient, payload, sender: chain.user.address });
    await expect(deliverAt(world, lane, [sent], Level.settled)).to.emit(chain.contract, "DeliveryFailed");
  });

  it("is not fooled by a recipient that calls it while a settled message is delivered", async () => {
    const { chain, bridge, caller } = world;
    const counterpart = encodeInteroperableAddress({ chainId: world.source.chainId, address: SENDER });
    const data = bridge.interface.encodeFunctionData("receiveMessage", [
      `0x${"01".repeat(32)}`,
      counterpart,
      transferOf(chain.user.address, tokens(1)),
    ]);
    const before = await world.token.balanceOf(bridge);
    const sent = lane.send({
      recipient: await caller.getAddress(),
      payload: calls({ target: await bridge.getAddress(), data }),
    });
    await expect(deliverAt(world, lane, [sent], Level.settled)).to.emit(chain.contract, "MessageDelivered");
    expect(await world.token.balanceOf(bridge)).to.equal(before);
  });

  it("a release that the token refuses takes no room", async () => {
    const { chain, bridge, token } = world;
    const held = await token.balanceOf(bridge);
    await chain.helpers.impersonateAccount(await bridge.getAddress());
    await chain.helpers.setBalance(await bridge.getAddress(), tokens(1));
    await token.connect(await chain.ethers.getSigner(await bridge.getAddress())).transfer(chain.relayer, held);
    const room = await bridge.releasable(chain.gateway);
    const sent = await transfers(world, lane, 5n);
    await expect(deliverAt(world, lane, sent)).to.emit(chain.contract, "DeliveryFailed");
    expect(await bridge.releasable(chain.gateway)).to.equal(room);
    await token.mint(bridge, tokens(5));
    await expect(deliverAt(world, lane, sent)).to.emit(chain.contract, "MessageDelivered");
    expect(await bridge.releasable(chain.gateway)).to.equal(room - tokens(5));
  });

  it("refuses tokens that take a fee, as they are sent: AmountNotReceived", async () => {
    await world.token.takeFee(1n);
    await expect(world.bridge.crosschainTransfer(home, tokens(40)))
      .to.be.revertedWithCustomError(world.bridge, "AmountNotReceived")
      .withArgs(tokens(40), tokens(40) - 1n);
  });

  it("is not entered by its token, whose second transfer would make up for the first one's fee", async () => {
    const { bridge, token } = world;
    await token.mint(token, tokens(10));
    await token.takeFee(tokens(10));
    await token.callBack(bridge, bridge.interface.encodeFunctionData("crosschainTransfer", [home, tokens(10)]));
    await expect(bridge.crosschainTransfer(home, tokens(40))).to.be.revertedWithCustomError(
      bridge,
      "ReentrancyGuardReentrantCall",
    );
  });

  describe("StakeBoundedBridgeERC7802, its counterpart", () => {
    it("mints on operators' word within the same bound, and burns what goes back", async () => {
      const { chain, token } = world;
      const args = [await token.getAddress(), world.links, TERMS, chain.owner.address];
      const minting = await chain.ethers.deployContract("StakeBoundedBridgeERC7802", args, chain.user);
      await token.setBridge(minting);
      const recipient = await minting.getAddress();
      const payloads = [16_000n, 1n].map((amount) => transferOf(chain.relayer.address, tokens(amount)));
      const sent = lane.sendAll(recipient, payloads);
      const supply = await token.totalSupply();
      await expect(deliverAt(world, lane, sent))
        .to.emit(chain.contract, "DeliveryFailed")
        .withArgs(
          sent[1]!.id,
          minting.interface.encodeErrorResult("ValueCapExceeded", [tokens(1), 0n, tokens(16_000)]),
        );
      expect(await token.totalSupply()).to.equal(supply + tokens(16_000));
      await deliverAt(world, lane, sent.slice(1), Level.settled);
      expect(await token.totalSupply()).to.equal(supply + tokens(16_001));
      await minting.connect(chain.relayer).crosschainTransfer(home, tokens(16_001));
      expect(await token.totalSupply()).to.equal(supply);
    });
  });
});
