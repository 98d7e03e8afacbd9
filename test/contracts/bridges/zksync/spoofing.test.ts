import { expect } from "chai";
import { AbiCoder, id, keccak256, toBeHex } from "ethers";

import { encodeSettlementItem, genesis, next, type Hex } from "../../../../src/wire/index.ts";
import type { Message } from "../../../support/stacks/zksync.ts";
import { readMessage } from "../../../support/stacks/zksync.ts";
import { batchRoot, logOf, pathOf, proofOf } from "../../../support/stacks/zksync/logTree.ts";
import { sendFrom } from "../running.ts";
import { createZksyncFabric, forwardTo, GAS_PRICE, ZKSYNC_CHAIN_ID, type ZksyncFabric } from "./zksyncFabric.ts";

const OFFSET = 0x1111000000000000000000000000000000001111n;
const aliasOf = (address: string): string => toBeHex((BigInt(address) + OFFSET) % (1n << 160n), 20);

describe("ZK Stack: nobody else's word counts", () => {
  let fabric: ZksyncFabric;
  before(async () => {
    fabric = await createZksyncFabric();
  });
  beforeEach(() => fabric.reset());

  /** Has the rollup settle the lane to the devnet rollup, of one message, in a batch that is executed. */
  async function settleOne(): Promise<Message> {
    const { zk, rollup, pair } = fabric;
    await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, zk.user.address);
    await zk.bridge.settleCurrent(rollup.id);
    return (await pair.executeBatch())[0]!;
  }

  describe("down", () => {
    const receive = async (caller: string): Promise<unknown> => {
      const { zk } = fabric;
      const { networkHelpers, ethers } = zk.connection;
      await networkHelpers.impersonateAccount(caller);
      await networkHelpers.setBalance(caller, 10n ** 20n);
      return zk.bridge.connect(await ethers.getSigner(caller)).fromZksyncParent([]);
    };

    it("takes items from the alias of L1's end alone: NotZksyncParent", async () => {
      const { zk, settlement, manager, pair } = fabric;
      const l1Bridge = await zk.l1Bridge.getAddress();
      const others = [
        l1Bridge,
        aliasOf(aliasOf(l1Bridge)),
        await zk.bridge.getAddress(),
        zk.user.address,
        await settlement.getAddress(),
        aliasOf(await settlement.getAddress()),
        aliasOf(await manager.getAddress()),
        aliasOf(pair.addresses.parent.bridgehub),
        pair.addresses.child.l1Messenger,
        toBeHex(0x8001, 20),
      ];
      for (const caller of others) {
        await expect(receive(caller))
          .to.be.revertedWithCustomError(zk.bridge, "NotZksyncParent")
          .withArgs((await zk.connection.ethers.getSigner(caller)).address);
      }
      await receive(aliasOf(l1Bridge));
    });

    it("whoever asks Bridgehub for the same transaction is another sender on the rollup: an account, or a contract", async () => {
      const { zk, pair, l1, stranger } = fabric;
      const lie = zk.bridge.interface.encodeFunctionData("fromZksyncParent", [[]]);
      const price = await pair.bridgehub.l2TransactionBaseCost(ZKSYNC_CHAIN_ID, GAS_PRICE.gasPrice, 3_000_000n, 800n);
      const request = {
        chainId: ZKSYNC_CHAIN_ID,
        mintValue: price,
        l2Contract: await zk.bridge.getAddress(),
        l2Value: 0n,
        l2Calldata: lie,
        l2GasLimit: 3_000_000n,
        l2GasPerPubdataByteLimit: 800n,
        factoryDeps: [],
        refundRecipient: stranger.address,
      };
      await pair.bridgehub.connect(stranger).requestL2TransactionDirect(request, { value: price, ...GAS_PRICE });
      const twin = await l1.ethers.deployContract("ZksyncL1Bridge", [
        stranger.address,
        stranger.address,
        await zk.bridge.getAddress(),
        pair.addresses.parent.bridgehub,
        ZKSYNC_CHAIN_ID,
      ]);
      await twin
        .connect(stranger)
        .send([], stranger, "0x", { value: await twin.quote([], "0x", GAS_PRICE), ...GAS_PRICE });
      const [byAccount, byTwin] = await pair.queued();
      expect([byAccount!.from, byTwin!.from].map((from) => from.toLowerCase())).to.deep.equal([
        stranger.address.toLowerCase(),
        aliasOf(await twin.getAddress()),
      ]);
      await pair.down();
      expect(pair.executions.map(({ succeeded }) => succeeded)).to.deep.equal([false, false]);
    });

    it("items that come twice, or in another order than they were sent, change nothing that is not new", async () => {
      const { zk, rollup, pair } = fabric;
      const source = await settleDevnet(2);
      await forwardTo(fabric, rollup.id, 2n);
      await forwardTo(fabric, rollup.id, 1n);
      await forwardTo(fabric, rollup.id, 1n);
      expect(await pair.down()).to.equal(3);
      expect(pair.executions.every(({ succeeded }) => succeeded)).to.be.true;
      for (const [i, word] of source.entries()) {
        expect(await zk.gateway.held(rollup.id, 3, i + 1)).to.equal(word);
      }
    });
  });

  describe("up", () => {
    it("takes a message once: AlreadyTaken", async () => {
      const { zk, pair, settlement, rollup } = fabric;
      const message = await settleOne();
      await expect(pair.take(message))
        .to.emit(zk.l1Bridge, "MessageTaken")
        .withArgs(message.batch, message.index)
        .and.to.emit(settlement, "WordSettled");
      expect(await zk.l1Bridge.isTaken(message.batch, message.index)).to.be.true;
      await expect(pair.take(message))
        .to.be.revertedWithCustomError(zk.l1Bridge, "AlreadyTaken")
        .withArgs(message.batch, message.index);
      // The same word, said anew, is another message.
      await zk.bridge.settleCurrent(rollup.id);
      expect(await pair.up()).to.equal(1);
      expect(await zk.l1Bridge.isTaken(message.batch + 1n, 0)).to.be.true;
    });

    it("a proof of either form counts, and no other place than the message's own", async () => {
      const { zk, rollup, pair } = fabric;
      await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, zk.user.address);
      for (let i = 0; i < 3; ++i) await zk.bridge.settleCurrent(rollup.id);
      const [first, second, third] = await pair.executeBatch();
      await refuse(second!, { index: 0 });
      await refuse(second!, { index: 2 });
      await refuse(second!, { txNumberInBatch: second!.txNumberInBatch + 1n });
      await refuse(second!, { proof: pair.proofOf(first!) });
      await take(second!, { proof: pathOf(pair.logsOf(second!.batch), 1) });
      await take(first!, {});
      await take(third!, { proof: proofOf(pair.logsOf(third!.batch), 2) });
      // The index cannot be stretched beyond the tree, to be another place with the same path.
      await expect(take(first!, { index: 2 ** 15 })).to.be.revertedWithCustomError(
        pair.bridgehub,
        "MerkleIndexOutOfBounds",
      );
    });

    it("a batch counts once it is executed on L1: BatchNotExecuted; a malformed proof never does", async () => {
      const { zk, rollup, pair } = fabric;
      await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, zk.user.address);
      await zk.bridge.settleCurrent(rollup.id);
      const [message] = await pair.sealBatch();
      await expect(pair.take(message!))
        .to.be.revertedWithCustomError(pair.bridgehub, "BatchNotExecuted")
        .withArgs(message!.batch);
      expect(await zk.l1Bridge.isTaken(message!.batch, 0)).to.be.false;
      await pair.execute(message!.batch);
      for (const [proof, error] of [
        [[], "MerklePathEmpty"],
        [[toBeHex(2n << 248n, 32)], "UnsupportedProofMetadataVersion"],
        [[toBeHex(1n << 248n, 32)], "InvalidProofLengthForFinalNode"],
      ] as const) {
        await expect(take(message!, { proof: [...proof] })).to.be.revertedWithCustomError(pair.bridgehub, error);
      }
      await pair.take(message!);
    });

    it("R4 takes what the rollup's end said alone, to this contract alone: NotProven", async () => {
      const { zk, rollup, pair, l1 } = fabric;
      const honest = await settleOne();
      const lie = encodeSettlementItem({
        kind: "word",
        destination: rollup.id,
        laneWord: next(genesis(zk.id, rollup.id), id("never sent")),
        time: 1n,
        current: true,
      });
      const data = AbiCoder.defaultAbiCoder().encode(["address", "bytes[]"], [await zk.l1Bridge.getAddress(), [lie]]);
      await pair.messenger.connect(zk.user).sendToL1(data);
      const [forged] = await pair.executeBatch();
      await refuse(forged!, {});
      // Nor other items than were said, nor more, nor fewer.
      const { items } = readMessage(honest);
      await refuse(honest, { items: [lie] });
      await refuse(honest, { items: [...items, lie] });
      await refuse(honest, { items: [] });

      // A contract that believes the same end, but is not whom it speaks to.
      const twin = await l1.ethers.deployContract("ZksyncL1Bridge", [
        fabric.settlement,
        fabric.manager,
        zk.bridge,
        pair.addresses.parent.bridgehub,
        ZKSYNC_CHAIN_ID,
      ]);
      const { batch, index, txNumberInBatch } = honest;
      await expect(twin.takeMessage(batch, index, txNumberInBatch, items, pair.proofOf(honest)))
        .to.be.revertedWithCustomError(twin, "NotProven")
        .withArgs(batch, index);
      await pair.take(honest);
    });

    it("another chain of the same ecosystem, with a contract at the same address, says nothing for this one", async () => {
      const { zk, rollup, pair } = fabric;
      const honest = await settleOne();
      const addressee = await zk.l1Bridge.getAddress();
      const lie = encodeSettlementItem({
        kind: "word",
        destination: rollup.id,
        laneWord: next(genesis(zk.id, rollup.id), id("never sent")),
        time: 1n,
        current: true,
      });
      const data = AbiCoder.defaultAbiCoder().encode(["address", "bytes[]"], [addressee, [lie]]);
      const logs = [logOf(0n, honest.sender, keccak256(data))];
      await pair.bridgehub.addChain(7_003n, toBeHex(1, 20));
      await pair.bridgehub.executeBatch(7_003n, batchRoot(logs));
      const said = { sender: honest.sender, data, txNumberInBatch: 0n };
      expect(await pair.bridgehub.proveL2MessageInclusion(7_003n, 1n, 0n, said, proofOf(logs, 0))).to.be.true;
      await refuse(honest, { txNumberInBatch: 0n, items: [lie], proof: proofOf(logs, 0) });
      await pair.take(honest);
    });

    it("what reverts, or has too little gas, can be taken again", async () => {
      const { zk, pair } = fabric;
      const message = await settleOne();
      const gas = await estimate(message);
      let refused = 0;
      for (let share = 30n; share < 100n; share += 10n) {
        const taken = await pair.take(message, (gas * share) / 100n).then(
          () => true,
          () => false,
        );
        if (taken) break;
        ++refused;
        expect(await zk.l1Bridge.isTaken(message.batch, message.index)).to.be.false;
      }
      expect(refused).to.be.greaterThan(3);
      if (!(await zk.l1Bridge.isTaken(message.batch, message.index))) await pair.take(message);
      expect((await fabric.settlement.latest(zk.id, fabric.rollup.id)).word).to.not.equal(toBeHex(0, 32));
    });

    it("sends for Settlement and ServiceManager alone, and refuses value where none is needed", async () => {
      const { zk, rollup, stranger } = fabric;
      await expect(zk.l1Bridge.connect(stranger).send([], stranger, "0x"))
        .to.be.revertedWithCustomError(zk.l1Bridge, "NotSettlement")
        .withArgs(stranger.address);
      await sendFrom(zk.gateway, zk.user, { chainId: rollup.chainId }, zk.user.address);
      await expect(zk.bridge.settleCurrent(rollup.id, { value: 1n }))
        .to.be.revertedWithCustomError(zk.bridge, "ValueRefused")
        .withArgs(1n);
    });
  });

  type Claim = Partial<{ index: number; txNumberInBatch: bigint; items: Hex[]; proof: Hex[] }>;

  /** Has L1's end take a message, or something like it. */
  async function take(message: Message, claim: Claim): Promise<unknown> {
    const { zk, pair } = fabric;
    return zk.l1Bridge.takeMessage(
      message.batch,
      claim.index ?? message.index,
      claim.txNumberInBatch ?? message.txNumberInBatch,
      claim.items ?? readMessage(message).items,
      claim.proof ?? pair.proofOf(message),
    );
  }

  async function refuse(message: Message, claim: Claim): Promise<void> {
    const { l1Bridge } = fabric.zk;
    await expect(take(message, claim))
      .to.be.revertedWithCustomError(l1Bridge, "NotProven")
      .withArgs(message.batch, claim.index ?? message.index);
    expect(await l1Bridge.isTaken(message.batch, claim.index ?? message.index)).to.be.false;
  }

  async function estimate(message: Message): Promise<bigint> {
    const { zk, pair } = fabric;
    const { batch, index, txNumberInBatch } = message;
    const { items } = readMessage(message);
    return zk.l1Bridge.takeMessage.estimateGas(batch, index, txNumberInBatch, items, pair.proofOf(message));
  }

  /** Settles the words of the devnet rollup's first messages to here. */
  async function settleDevnet(count: number): Promise<Hex[]> {
    const { zk, rollup } = fabric;
    const words: Hex[] = [];
    for (let i = 0; i < count; ++i) {
      const sent = await sendFrom(rollup.gateway, rollup.user, zk.ref, zk.user.address);
      const item = encodeSettlementItem({
        kind: "word",
        destination: zk.id,
        laneWord: sent.after,
        time: BigInt(await rollup.connection.networkHelpers.time.latest()),
        current: true,
      });
      await rollup.l1Bridge.connect(rollup.l1Derivation).derive(await rollup.bridge.getAddress(), i, [item]);
      words.push(sent.after);
    }
    return words;
  }
});
