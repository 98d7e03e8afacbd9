import { expect } from "chai";
import { hexlify, toBeHex, ZeroHash } from "ethers";

import { someAddress } from "../../settlement/fabric.ts";
import { sendFrom } from "../running.ts";
import {
  DEPOSIT_GAS,
  freshOptimismFabric,
  minGasOf,
  publishDown,
  sendAsSettlement,
  type OptimismFabric,
} from "./fabric.ts";

const GWEI = 1_000_000_000n;
const isAny = (): boolean => true;

describe("OP Stack bridge: fees", () => {
  let fabric: OptimismFabric;
  before(async () => {
    fabric = await freshOptimismFabric();
  });
  beforeEach(() => fabric.reset());
  afterEach(async () => {
    const { optimism, l1 } = fabric;
    expect(await l1.ethers.provider.getBalance(optimism.l1Bridge)).to.equal(0n);
    expect(await optimism.connection.ethers.provider.getBalance(optimism.bridge)).to.equal(0n);
  });

  it("cost no ether, and refuse it: ValueRefused, both ways", async () => {
    const { optimism, manager, rollup } = fabric;
    const [table] = await manager.latestTable();
    expect(await optimism.l1Bridge.quote([await manager.tableItem(table)], "0x")).to.equal(0n);
    expect(await optimism.l1Bridge.quote([], toBeHex(7, 32))).to.equal(0n);
    await expect(publishDown(fabric, "0x", { value: 1n }))
      .to.be.revertedWithCustomError(optimism.l1Bridge, "ValueRefused")
      .withArgs(1n);
    await publishDown(fabric);
    await optimism.pair.down();
    await sendFrom(optimism.gateway, optimism.user, rollup, someAddress(1));
    await expect(optimism.bridge.connect(optimism.user).settleCurrent(rollup.id, { value: 1n }))
      .to.be.revertedWithCustomError(optimism.bridge, "ValueRefused")
      .withArgs(1n);
  });

  it("up the call asks for 400,000 gas: more than keeping a word takes", async () => {
    const { optimism, rollup } = fabric;
    await publishDown(fabric);
    await optimism.pair.down();
    await sendFrom(optimism.gateway, optimism.user, rollup, someAddress(1));
    const { messenger } = optimism.pair.child;
    const ends = [await optimism.l1Bridge.getAddress(), await optimism.bridge.getAddress()];
    await expect(optimism.bridge.connect(optimism.user).settleCurrent(rollup.id))
      .to.emit(messenger, "SentMessage")
      .withArgs(...ends, isAny, isAny, 400_000n);
    expect(await optimism.pair.up()).to.equal(1);
    expect(await fabric.settlement.settled(optimism.id, rollup.id, 1)).not.to.equal(ZeroHash);
  });

  it("MalformedStackParams says what is expected, of a quote as of what is sent", async () => {
    const { optimism } = fabric;
    const expected = "abi.encode(uint32 minGasLimit)";
    for (const params of ["0x00", hexlify(new Uint8Array(31)), hexlify(new Uint8Array(33)), toBeHex(2n ** 32n, 32)]) {
      for (const act of [() => publishDown(fabric, params), () => optimism.l1Bridge.quote([], params)]) {
        await expect(act())
          .to.be.revertedWithCustomError(optimism.l1Bridge, "MalformedStackParams")
          .withArgs(params, expected);
      }
    }
    expect(await optimism.l1Bridge.quote([], toBeHex(2n ** 32n - 1n, 32))).to.equal(0n);
  });

  it("buy the rollup's gas with gas: as much as the stack parameters say", async () => {
    const { l1 } = fabric;
    const used: bigint[] = [];
    for (const gas of [0n, 3_000_000n]) {
      await fabric.reset();
      await l1.networkHelpers.setNextBlockBaseFeePerGas(GWEI);
      const receipt = await (await publishDown(fabric, toBeHex(gas, 32))).wait();
      expect(minGasOf(fabric, receipt)).to.equal(gas);
      used.push(receipt!.gasUsed);
    }
    const [least, most] = used as [bigint, bigint];
    expect(most - least > 2_500_000n, String(used)).to.equal(true);
    expect(most - least < 3_100_000n, String(used)).to.equal(true);
  });

  it("by default suffice for many small items, and are reckoned from what there is", async () => {
    const { optimism } = fabric;
    // Of no kind that a Gateway knows: each is ignored with an event.
    const items = Array.from({ length: 30 }, (_, n) => toBeHex(0xf000 + n, 2));
    const receipt = await (await sendAsSettlement(fabric, items)).wait();
    // For the call, for each item, and for each of its bytes.
    expect(minGasOf(fabric, receipt)).to.equal(150_000n + 30n * (150_000n + 2n * 250n));
    await optimism.pair.down();
    expect(await optimism.pair.fateOf("child", optimism.pair.executed[0]!.deposit.data)).to.equal("delivered");
  });

  it("are bounded by the chain: what does not fit the deposits of a block waits for the next", async () => {
    const { optimism, l1 } = fabric;
    const { provider } = l1.ethers;
    await l1.networkHelpers.setNextBlockBaseFeePerGas(GWEI);
    // Of 20 million a block; the second of 11 million finds 9 left.
    const params = toBeHex(10_700_000, 32);
    await provider.send("evm_setAutomine", [false]);
    const sent = [];
    for (let n = 0; n < 2; ++n)
      sent.push(await publishDown(fabric, params, { gasLimit: DEPOSIT_GAS, gasPrice: 10n * GWEI }));
    await provider.send("hardhat_mine", []);
    await provider.send("evm_setAutomine", [true]);
    const receipts = await Promise.all(sent.map(({ hash }) => provider.getTransactionReceipt(hash)));
    expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 0]);
    expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
    await publishDown(fabric);
    expect(await optimism.pair.down()).to.equal(2);
  });
});
