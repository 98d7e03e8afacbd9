import { expect } from "chai";
import { BrowserProvider, id, Wallet } from "ethers";
import { network } from "hardhat";

import { fund, impersonate, mine } from "../../../../src/testing/cheats.ts";
import type { ChainProvider } from "../../../../src/testing/eigenlayer.ts";
import { Branches } from "../../../../src/testing/faults/index.ts";

const BOB = "0x00000000000000000000000000000000000000b0";
const CAROL = "0x00000000000000000000000000000000000000ca";

describe("Branches", () => {
  let node: ChainProvider;
  let branches: Branches;
  let alice: Wallet;
  beforeEach(async () => {
    ({ provider: node } = await network.create());
    branches = new Branches(node);
    const request = async ({ method, params = [] }: { method: string; params?: unknown }): Promise<unknown> =>
      await branches.provider.request({ method, params: params as unknown[] });
    const provider = new BrowserProvider({ request }, 31_337, { staticNetwork: true, cacheTimeout: -1 });
    alice = new Wallet(id("alice"), provider);
    await fund(node, alice.address, 10n ** 20n);
    await mine(node, 3);
  });

  const read = async (number: number | "latest"): Promise<{ hash: string; number: string; timestamp: string }> => {
    const tag = number === "latest" ? number : `0x${number.toString(16)}`;
    return (await node.request({ method: "eth_getBlockByNumber", params: [tag, false] })) as Awaited<
      ReturnType<typeof read>
    >;
  };
  const height = async (): Promise<number> => Number((await read("latest")).number);
  const balance = async (of: string): Promise<bigint> =>
    BigInt(String(await node.request({ method: "eth_getBalance", params: [of, "latest"] })));
  const pay = async (to: string, value: bigint): Promise<void> => {
    await (await alice.sendTransaction({ to, value })).wait();
  };

  it("takes back as many blocks as are wanted, at any depth, and others stand there then, one more", async () => {
    await branches.mine(10);
    for (const depth of [1, 4, 7, 2]) {
      const top = await height();
      const old = await Promise.all(Array.from({ length: depth }, (_, back) => read(top - back)));
      const kept = await read(top - depth);
      expect(await branches.reorganise({ depth })).to.deep.equal({ depth, transactions: 0, kept: 0 });
      expect(await height()).to.equal(top + 1);
      expect(await read(top - depth)).to.deep.equal(kept);
      for (const { hash, number } of old) expect((await read(Number(number))).hash).to.not.equal(hash);
    }
  });

  it("has a clock that does not go back, however far time was set ahead", async () => {
    await branches.mine(1);
    await node.request({ method: "evm_increaseTime", params: [100_000] });
    await branches.mine(2);
    const { timestamp } = await read("latest");
    await branches.reorganise({ depth: 2 });
    expect(Number((await read("latest")).timestamp)).to.be.greaterThan(Number(timestamp));
    await mine(node, 1);
    expect(Number((await read("latest")).timestamp)).to.be.greaterThan(Number(timestamp));
  });

  it("leaves out transactions of the old branch, or has them happen again, and after one left out none of its sender", async () => {
    await branches.mine(1);
    for (const value of [1n, 10n, 100n]) await pay(BOB, value);
    const [before, all] = [await height(), { depth: 3, keeps: () => true }];
    expect(await branches.reorganise(all)).to.deep.equal({ depth: 3, transactions: 3, kept: 3 });
    expect([await balance(BOB), await height()]).to.deep.equal([111n, before + 1]);
    expect(await branches.reorganise({ ...all, depth: 4, keeps: (place) => place !== 1 })).to.deep.equal({
      ...{ depth: 4, transactions: 3, kept: 1 },
    });
    expect(await balance(BOB)).to.equal(1n);
    await pay(BOB, 5n);
    expect(await branches.reorganise({ depth: 1 })).to.deep.equal({ depth: 1, transactions: 1, kept: 0 });
    expect(await balance(BOB)).to.equal(1n);
    await pay(BOB, 7n);
    expect(await balance(BOB)).to.equal(8n);
  });

  it("has transactions happen again that nobody signed, and contracts made again", async () => {
    await impersonate(node, CAROL);
    await fund(node, CAROL, 10n ** 20n);
    const { provider } = branches;
    const params = [{ from: CAROL, to: BOB, value: "0x3" }];
    await provider.request({ method: "eth_sendTransaction", params });
    const receipt = await (await alice.sendTransaction({ data: "0x6001600c60003960016000f300" })).wait();
    const contract = receipt?.contractAddress;
    expect(await branches.reorganise({ depth: 2, keeps: () => true })).to.deep.equal({
      depth: 2,
      transactions: 2,
      kept: 2,
    });
    expect(await balance(BOB)).to.equal(3n);
    expect(await node.request({ method: "eth_getCode", params: [contract, "latest"] })).to.equal("0x00");
  });

  it("goes back no further than its eyes reach: the next possible depth, or none; nor past what it was told to forget", async () => {
    expect(await branches.reorganise({ depth: 1 })).to.deep.equal({ depth: 0, transactions: 0, kept: 0 });
    await branches.mine(1);
    await mine(node, 5); // past it
    await branches.mine(1);
    expect((await branches.reorganise({ depth: 3 })).depth).to.equal(7);
    await branches.mine(2);
    branches.forget();
    expect((await branches.reorganise({ depth: 1 })).depth).to.equal(0);
    await branches.mine(70);
    expect((await branches.reorganise({ depth: 64 })).depth).to.equal(64);
  });
});
