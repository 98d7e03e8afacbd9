import { expect } from "chai";
import { id, toBeHex, ZeroAddress, ZeroHash } from "ethers";
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { encodeGatewayItem, encodeSettlementItem, MAX_MEMBERS, memberId, type Hex } from "../../../src/wire/index.ts";
import type { Settlement } from "../../../types/ethers-contracts/index.js";
import { MEMBER_NOTICE, someAddress, type L1 } from "./fabric.ts";
import { a, AGE, b, createMembers, word, type Members } from "./members.ts";

describe("Settlement", () => {
  let l1: L1;
  let settlement: Settlement;
  let owner: HardhatEthersSigner;
  let bridgeA: HardhatEthersSigner;
  let bridgeB: HardhatEthersSigner;
  let stranger: HardhatEthersSigner;
  let idA: Hex;
  let idB: Hex;
  let members: Members;

  before(async () => {
    members = await createMembers();
    ({ l1, settlement, owner, bridgeA, bridgeB, stranger, idA, idB } = members);
  });
  beforeEach(() => members.reset());

  describe("R1 members", () => {
    it("become members after the notice, not a second before", async () => {
      const time = (await members.now()) + 10n;
      await l1.networkHelpers.time.setNextBlockTimestamp(time);
      await expect(members.add(a, bridgeA))
        .to.emit(settlement, "MemberAdded")
        .withArgs(idA, a.chainId, a.gateway, bridgeA.address, time + MEMBER_NOTICE, AGE, ZeroHash);
      expect(await settlement.member(idA)).to.deep.equal([
        a.chainId,
        l1.ethers.getAddress(a.gateway),
        bridgeA.address,
        time + MEMBER_NOTICE,
        0n,
        AGE,
        0n,
        false,
      ]);
      expect(await settlement.memberOf(bridgeA)).to.equal(idA);
      await l1.networkHelpers.time.increaseTo(time + MEMBER_NOTICE - 1n);
      expect(await members.live()).to.deep.equal([]);
      await l1.networkHelpers.time.increaseTo(time + MEMBER_NOTICE);
      expect(await members.live()).to.deep.equal([idA]);
    });

    it("are added by the owner alone", async () => {
      for (const signer of [stranger, bridgeA]) {
        await expect(members.add(a, bridgeA, AGE, signer))
          .to.be.revertedWithCustomError(settlement, "OwnableUnauthorizedAccount")
          .withArgs(signer.address);
      }
    });

    it("need a chain id of 1 to 2^64 − 1, a Gateway, a bridge and an age", async () => {
      for (const [ref, bridge, age] of [
        [{ ...a, chainId: 0n }, bridgeA.address, AGE],
        [{ ...a, chainId: 1n << 64n }, bridgeA.address, AGE],
        [{ ...a, chainId: (1n << 64n) + 101n }, bridgeA.address, AGE],
        [{ ...a, gateway: ZeroAddress }, bridgeA.address, AGE],
        [a, ZeroAddress, AGE],
        [a, bridgeA.address, 0n],
      ] as const) {
        await expect(members.add(ref, bridge, age))
          .to.be.revertedWithCustomError(settlement, "InvalidMember")
          .withArgs(ref.chainId, ref.gateway, bridge, age);
      }
      await members.add({ ...a, chainId: (1n << 64n) - 1n }, bridgeA);
    });

    it("append-only: a member is added once, and nothing takes it from the registry", async () => {
      await members.add(a, bridgeA);
      await expect(members.add(a, bridgeB)).to.be.revertedWithCustomError(settlement, "MemberExists").withArgs(idA);
      const names = new Set<string>();
      settlement.interface.forEachFunction((fragment) => fragment.constant || names.add(fragment.name));
      expect([...names].sort()).to.deep.equal([
        "acceptOwnership",
        "addMember",
        "announceFalsehoodWad",
        "forward",
        "onSettled",
        "renounceOwnership",
        "transferOwnership",
      ]);
      await expect(settlement.connect(stranger).transferOwnership(stranger)).to.be.revertedWithCustomError(
        settlement,
        "OwnableUnauthorizedAccount",
      );
    });

    it("one live member a chain id: a second takes the first's place when its notice is over", async () => {
      const replacement = { ...a, gateway: someAddress(2) };
      await members.add(a, bridgeA);
      await l1.networkHelpers.time.increase(MEMBER_NOTICE);
      const time = (await members.now()) + 10n;
      await l1.networkHelpers.time.setNextBlockTimestamp(time);
      const idOfReplacement = members.idOf(replacement);
      await expect(members.add(replacement, bridgeB))
        .to.emit(settlement, "MemberAdded")
        .withArgs(idOfReplacement, a.chainId, replacement.gateway, bridgeB.address, time + MEMBER_NOTICE, AGE, idA);
      expect((await settlement.member(idA)).retiredFrom).to.equal(time + MEMBER_NOTICE);
      await l1.networkHelpers.time.increaseTo(time + MEMBER_NOTICE - 1n);
      expect(await members.live()).to.deep.equal([idA]);
      await l1.networkHelpers.time.increaseTo(time + MEMBER_NOTICE);
      expect(await members.live()).to.deep.equal([idOfReplacement]);
    });

    it("one live member a chain id at every moment, through a row of replacements, two of them in one notice", async () => {
      const gateways = [1, 2, 3, 4].map((n) => ({ ...a, gateway: someAddress(n) }));
      for (const [i, ref] of gateways.entries()) {
        await members.add(ref, someAddress(10 + i));
        await l1.networkHelpers.time.increase(i === 1 ? 1_000n : MEMBER_NOTICE + 5n);
        if (i === 1) continue;
        expect(await members.live()).to.deep.equal([members.idOf(i === 2 ? gateways[2]! : ref)]);
      }
      for (const ref of gateways.slice(0, 3))
        expect((await settlement.member(members.idOf(ref))).retiredFrom).to.not.equal(0n);
    });

    it("never handed to another chain: the id binds chain id, Gateway, Settlement and its chain", async () => {
      const another = await l1.ethers.deployContract("Settlement", [owner, 0n, 0n]);
      const elsewhere = { chainId: l1.chainId, settlement: await another.getAddress() };
      expect(
        new Set([idA, idB, memberId(elsewhere, a), members.idOf({ ...a, gateway: someAddress(2) })]).size,
      ).to.equal(4);
    });

    it("R4 a bridge serves one member, for good", async () => {
      await members.add(a, bridgeA);
      await expect(members.add(b, bridgeA))
        .to.be.revertedWithCustomError(settlement, "BridgeTaken")
        .withArgs(bridgeA.address, idA);
      await expect(members.add({ ...a, gateway: someAddress(2) }, bridgeA)).to.be.revertedWithCustomError(
        settlement,
        "BridgeTaken",
      );
    });

    it("at most 64 chains; a replacement takes no room", async () => {
      for (let i = 0; i < MAX_MEMBERS; ++i)
        await members.add({ ...a, chainId: 1_000n + BigInt(i) }, someAddress(100 + i));
      await expect(members.add(a, bridgeA))
        .to.be.revertedWithCustomError(settlement, "TooManyMembers")
        .withArgs(MAX_MEMBERS);
      await members.add({ chainId: 1_000n, gateway: someAddress(2) }, bridgeA);
      await l1.networkHelpers.time.increase(MEMBER_NOTICE);
      const ids = await members.live();
      expect(ids).to.have.lengthOf(MAX_MEMBERS);
      expect([...ids].sort()).to.deep.equal(ids);
      expect(new Set(ids).size).to.equal(MAX_MEMBERS);
    });

    it("R3 is all that adding a member takes: nothing else is called", async () => {
      const receipt = await (await members.add(a, bridgeA)).wait();
      expect(receipt!.logs.map(({ address }) => address)).to.deep.equal([await settlement.getAddress()]);
    });
  });

  describe("forward", () => {
    it("refuses an unknown destination, and a word that nobody settled", async () => {
      await members.add(a, bridgeA);
      await members.add(b, bridgeB);
      await expect(settlement.forward(idA, id("nobody"), 1n, "0x"))
        .to.be.revertedWithCustomError(settlement, "UnknownMember")
        .withArgs(id("nobody"));
      await expect(settlement.forward(idA, idB, 1n, "0x"))
        .to.be.revertedWithCustomError(settlement, "NotSettled")
        .withArgs(idA, idB, 1n);
      await expect(settlement.forward(idA, idB, 0n, "0x"))
        .to.be.revertedWithCustomError(settlement, "NothingToForward")
        .withArgs(idA, idB);
    });

    it("sends the settled word to the destination's bridge, for anyone, as often as anyone wants", async () => {
      const l1Bridge = await l1.ethers.deployContract("DevnetL1Bridge", [settlement, stranger, stranger, stranger]);
      await members.add(a, bridgeA);
      await members.add(b, await l1Bridge.getAddress());
      const laneWord = word(3n);
      await settlement
        .connect(bridgeA)
        .onSettled([encodeSettlementItem({ kind: "word", destination: idB, laneWord, time: 1n, current: false })]);
      const carried = encodeGatewayItem(
        { kind: "settled", source: idA, destination: idB, laneWord },
        { chainId: 1n, settlement: ZeroAddress },
      );
      for (let i = 0n; i < 2n; ++i) {
        await expect(settlement.connect(stranger).forward(idA, idB, 3n, "0x"))
          .to.emit(settlement, "WordForwarded")
          .withArgs(idA, idB, laneWord)
          .to.emit(l1Bridge, "ItemsSent")
          .withArgs(i, [carried]);
      }
      await expect(settlement.connect(stranger).forward(idA, idB, 3n, "0x", { value: 1n }))
        .to.be.revertedWithCustomError(l1Bridge, "ValueRefused")
        .withArgs(1n);
    });
  });

  it("holds no ether", async () => {
    await expect(stranger.sendTransaction({ to: settlement, value: 1n })).to.revert(l1.ethers);
    expect(toBeHex(await l1.ethers.provider.getBalance(settlement))).to.equal("0x00");
  });
});
