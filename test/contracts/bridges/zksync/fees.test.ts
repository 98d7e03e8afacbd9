import { expect } from "chai";
import { AbiCoder, toBeHex } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";
import { ETHER_TOKEN } from "../../../support/stacks/zksync.ts";
import { ETHER, carry } from "../../settlement/fabric.ts";
import { sendFrom } from "../running.ts";
import {
  createZksyncFabric,
  forwardTo,
  GAS_PRICE,
  publishTo,
  quote,
  takeTable,
  ZKSYNC_CHAIN_ID,
  type ZksyncFabric,
} from "./zksyncFabric.ts";

const OFFSET = 0x1111000000000000000000000000000000001111n;
const MANNER = { takes: 0, refuses: 1, publishesAgain: 2 } as const;
const GAS_PER_PUBDATA = 800n;

const stackParams = (...words: bigint[]): Hex =>
  AbiCoder.defaultAbiCoder().encode(
    words.map(() => "uint256"),
    words,
  );

describe("ZK Stack: fees, refunds, and what failed there", () => {
  let fabric: ZksyncFabric;
  let table: Hex;
  before(async () => {
    fabric = await createZksyncFabric();
  });
  beforeEach(async () => {
    await fabric.reset();
    table = await takeTable(fabric);
  });
  afterEach(async () => {
    const { l1, zk } = fabric;
    expect(await l1.ethers.provider.getBalance(zk.l1Bridge)).to.equal(0n);
    expect(await zk.connection.ethers.provider.getBalance(zk.bridge)).to.equal(0n);
  });

  const feeOfTable = async (params: Hex = "0x"): Promise<bigint> =>
    quote(fabric, [await fabric.manager.tableItem(table)], params);
  const balance = (address: string): Promise<bigint> => fabric.l1.ethers.provider.getBalance(address);
  const balanceThere = (address: string): Promise<bigint> => fabric.zk.connection.ethers.provider.getBalance(address);

  describe("fees", () => {
    it("what it quotes is what sending needs, to the wei: ValueBelowFee", async () => {
      const { manager, zk, pair } = fabric;
      const fee = await feeOfTable();
      await expect(publishTo(fabric, table, { extra: -1n }))
        .to.be.revertedWithCustomError(zk.l1Bridge, "ValueBelowFee")
        .withArgs(fee - 1n, fee);
      await expect(manager.publish(table, zk.id, "0x", GAS_PRICE))
        .to.be.revertedWithCustomError(zk.l1Bridge, "ValueBelowFee")
        .withArgs(0n, fee);
      await publishTo(fabric, table);
      const [queued] = await pair.queued();
      expect(queued).to.include({ minted: fee, gasPrice: fee / queued!.gasLimit });
      expect(fee % queued!.gasLimit).to.equal(0n);
    });

    it("it follows the gas price of the call, of which a node knows none unless it is named", async () => {
      const { zk, manager } = fabric;
      const items = [await manager.tableItem(table)];
      const fees: bigint[] = [];
      for (const gasPrice of [0n, 10n ** 10n, 2n * 10n ** 10n]) {
        fees.push(await zk.l1Bridge.quote(items, "0x", { gasPrice }));
      }
      expect(fees[0]! > 0n && fees[0]! < fees[1]! && fees[1]! < fees[2]!).to.be.true;
      // Quoted at the highest price that the transaction may pay, it is enough at any below, and the rest comes back.
      const before = await balance(fabric.l1.signers[0]!.address);
      const response = await manager.publish(table, zk.id, "0x", { value: fees[2]!, gasPrice: 10n ** 10n });
      const { fee } = (await response.wait())!;
      expect(before - (await balance(fabric.l1.signers[0]!.address))).to.equal(fees[1]! + fee);
    });

    it("gas and gas a published byte are what `stackParams` say, as far as the stack takes them", async () => {
      const { zk, pair } = fabric;
      const params = stackParams(60_000_000n, GAS_PER_PUBDATA);
      expect(await feeOfTable(params)).to.equal(
        await pair.bridgehub.l2TransactionBaseCost(ZKSYNC_CHAIN_ID, GAS_PRICE.gasPrice, 60_000_000n, GAS_PER_PUBDATA),
      );
      await publishTo(fabric, table, { stackParams: params });
      expect((await pair.queued())[0]).to.include({ gasLimit: 60_000_000n });
      for (const [gas, perPubdata, error] of [
        [1n, GAS_PER_PUBDATA, "TxnBodyGasLimitNotEnoughGas"],
        [200_000n, GAS_PER_PUBDATA, "ValidateTxnNotEnoughGas"],
        [72_100_000n, GAS_PER_PUBDATA, "TooMuchGas"],
        [3_000_000n, GAS_PER_PUBDATA + 1n, "GasPerPubdataMismatch"],
      ] as const) {
        await expect(
          publishTo(fabric, table, { stackParams: stackParams(gas, perPubdata) }),
        ).to.be.revertedWithCustomError(pair.bridgehub, error);
      }
      for (const malformed of ["0x00", stackParams(1n), stackParams(1n, 2n, 3n)]) {
        await expect(zk.l1Bridge.quote([], malformed))
          .to.be.revertedWithCustomError(zk.l1Bridge, "MalformedStackParams")
          .withArgs(malformed, "abi.encode(uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit)");
        await expect(fabric.manager.publish(table, zk.id, malformed)).to.be.revertedWithCustomError(
          zk.l1Bridge,
          "MalformedStackParams",
        );
      }
    });

    it("serves chains that pay in ether alone: BaseTokenNotEther; and none that Bridgehub does not know", async () => {
      const { l1, zk, pair, settlement, manager } = fabric;
      const token = toBeHex(0x70ce2, 20);
      await pair.bridgehub.addChain(7_003n, token);
      const deploy = (chainId: bigint): Promise<unknown> =>
        l1.ethers.deployContract("ZksyncL1Bridge", [settlement, manager, zk.bridge, pair.bridgehub, chainId]);
      await expect(deploy(7_003n))
        .to.be.revertedWithCustomError(zk.l1Bridge, "BaseTokenNotEther")
        .withArgs(7_003n, (address: string) => BigInt(address) === BigInt(token));
      await expect(deploy(7_004n)).to.be.revertedWithCustomError(pair.bridgehub, "AssetHandlerNotRegistered");
      expect(await zk.l1Bridge.ZKSYNC_BRIDGEHUB()).to.equal(pair.addresses.parent.bridgehub);
      expect(await zk.l1Bridge.ZKSYNC_CHAIN_ID()).to.equal(ZKSYNC_CHAIN_ID);
      expect(await zk.l1Bridge.ZKSYNC_CHILD()).to.equal(await zk.bridge.getAddress());
      expect(await zk.bridge.ZKSYNC_PARENT()).to.equal(await zk.l1Bridge.getAddress());
      expect(await pair.bridgehub.baseToken(ZKSYNC_CHAIN_ID)).to.equal(ETHER_TOKEN);
    });
  });

  describe("refunds", () => {
    it("gas that was not used goes to who sent, there", async () => {
      const { pair, l1 } = fabric;
      const [sender] = l1.signers;
      const before = await balanceThere(sender!.address);
      await publishTo(fabric, table);
      await pair.down();
      const [{ refunded, gasUsed }] = pair.executions as [(typeof pair.executions)[0]];
      expect(refunded > 0n && gasUsed > 0n).to.be.true;
      expect(await balanceThere(sender!.address)).to.equal(before + refunded);
    });

    it("what a contract sends too much comes back to it at once; what is not used goes to its alias, there", async () => {
      const { l1, manager, zk, pair } = fabric;
      const publisher = await l1.ethers.deployContract("Publisher", [manager, MANNER.takes]);
      const address = await publisher.getAddress();
      const fee = await feeOfTable();
      await publisher.publish(table, zk.id, "0x", { value: fee + 77n, ...GAS_PRICE });
      expect(await balance(address)).to.equal(77n);
      await pair.down();
      expect(await balanceThere(toBeHex(BigInt(address) + OFFSET, 20))).to.equal(pair.executions[0]!.refunded);
      expect(await balanceThere(address)).to.equal(0n);
    });

    it("one that refuses it blocks nothing: it gets it there, and nothing stays in the bridge", async () => {
      const { l1, manager, zk, pair } = fabric;
      const publisher = await l1.ethers.deployContract("Publisher", [manager, MANNER.refuses]);
      const fee = await feeOfTable();
      await publisher.publish(table, zk.id, "0x", { value: fee + ETHER, ...GAS_PRICE });
      expect((await pair.queued())[0]).to.include({ minted: fee + ETHER });
      await pair.down();
      expect(pair.executions[0]).to.include({ succeeded: true });
      const aliased = toBeHex(BigInt(await publisher.getAddress()) + OFFSET, 20);
      expect(await balanceThere(aliased)).to.equal(pair.executions[0]!.refunded);
      expect(pair.executions[0]!.refunded > ETHER).to.be.true;
    });

    it("incident: re-entrancy: who sends again with what comes back has two transactions, each paid for", async () => {
      const { l1, manager, zk, pair } = fabric;
      const publisher = await l1.ethers.deployContract("Publisher", [manager, MANNER.publishesAgain]);
      const fee = await feeOfTable();
      await publisher.publish(table, zk.id, "0x", { value: 2n * fee, ...GAS_PRICE });
      expect((await pair.queued()).map(({ minted }) => minted)).to.deep.equal([fee, fee]);
      expect(await pair.down()).to.equal(2);
    });
  });

  describe("what failed there", () => {
    const tooLittle = stackParams(700_000n, GAS_PER_PUBDATA);

    it("a table that had too little gas is lost, and comes when ServiceManager publishes it again", async () => {
      const { zk, pair, manager } = fabric;
      const [inForce] = await zk.gateway.tableInForce();
      await publishTo(fabric, table, { stackParams: tooLittle });
      const sender = fabric.l1.signers[0]!.address;
      const before = await balanceThere(sender);
      expect(await pair.down()).to.equal(1);
      expect(pair.executions[0]).to.include({ succeeded: false });
      expect(await balanceThere(sender)).to.equal(before + pair.executions[0]!.refunded);
      expect((await zk.gateway.tableInForce())[0]).to.equal(inForce);
      // The stack does not try again.
      expect(await pair.down()).to.equal(0);

      await publishTo(fabric, table);
      expect(await pair.down()).to.equal(1);
      expect((await zk.gateway.tableInForce())[1]).to.equal((await manager.latestTable())[1]);
    });

    it("invariant 9: a settled word that had too little gas is lost, and comes when it is forwarded again, by anyone", async () => {
      const { zk, rollup, pair } = fabric;
      const sent = await sendFrom(rollup.gateway, rollup.user, zk.ref, zk.user.address);
      await carry(
        rollup.bridge,
        rollup.bridge.connect(rollup.user).settleCurrent(zk.id),
        rollup.l1Bridge.connect(rollup.l1Derivation),
      );
      await forwardTo(fabric, rollup.id, 1n, { stackParams: stackParams(400_000n, GAS_PER_PUBDATA) });
      await pair.down();
      expect(pair.executions[0]).to.include({ succeeded: false });
      expect(await zk.gateway.held(rollup.id, 3, 1)).to.equal(toBeHex(0, 32));
      await forwardTo(fabric, rollup.id, 1n);
      await pair.down();
      expect(pair.executions[0]).to.include({ succeeded: true });
      expect(await zk.gateway.held(rollup.id, 3, 1)).to.equal(sent.after);
    });

    it("with whatever gas, a table is adopted whole or not at all", async () => {
      const { zk, pair } = fabric;
      const [inForce] = await zk.gateway.tableInForce();
      let lost = 0;
      for (let gas = 800_000n; ; gas += 400_000n) {
        await publishTo(fabric, table, { stackParams: stackParams(gas, GAS_PER_PUBDATA) });
        await pair.down();
        const [now] = await zk.gateway.tableInForce();
        expect(now !== inForce).to.equal(pair.executions[0]!.succeeded);
        if (now !== inForce) {
          const contract = await zk.connection.ethers.getContractAt("EcdsaOperatorTable", now);
          expect((await contract.table()).id).to.equal(table);
          break;
        }
        ++lost;
      }
      expect(lost).to.be.greaterThan(3);
    });
  });
});
