import { expect } from "chai";
import { JsonRpcProvider } from "ethers";

import type { Addresses } from "../../../src/deployments/addresses.ts";
import { connectFabric } from "../../../src/deployments/connect.ts";
import { bridgeOf } from "../../../src/stacks/index.ts";
import type { Hex } from "../../../src/wire/index.ts";

const address = (digit: string): string => `0x${digit.repeat(40)}`;
const memberId = (digit: string): Hex => `0x${digit.repeat(64)}`;

const own = { gateway: address("1"), bridge: address("2"), tableFactory: address("3"), gatewayDeployer: address("4") };
const chain = { network: "any", confirmations: 0, startBlock: 0, ...own };
const contracts = { settlement: address("5"), serviceManager: address("6"), ...own };

const ADDRESSES: Addresses = {
  version: 1,
  chains: "networks",
  settlement: {
    ...{ network: "any", confirmations: 0, startBlock: 0, chainId: 1, memberId: memberId("a") },
    contracts,
  },
  rollups: [
    { name: "base", stack: "optimism", chainId: 10, memberId: memberId("b"), l1Bridge: address("7"), ...chain },
    {
      ...{ name: "game", stack: "arbitrum", parent: "base", hop: address("9") },
      ...{ chainId: 100, memberId: memberId("c"), l1Bridge: address("8"), ...chain },
    },
    { name: "one", stack: "arbitrum", chainId: 101, memberId: memberId("d"), l1Bridge: address("8"), ...chain },
  ],
};

describe("Bridges of members, by the addresses file", () => {
  it("reckons an L3's time budget over its parent's stack and its own (R33)", async () => {
    const provider = new JsonRpcProvider("http://127.0.0.1:1");
    const network = {
      ...{ at: "nowhere", provider, signer: () => Promise.reject(new Error("nobody signs")) },
      close: () => Promise.resolve(),
    };
    const fabric = await connectFabric(ADDRESSES, () => Promise.resolve(network));
    const hours = fabric.members.map((member) => {
      const { stack, times } = bridgeOf(fabric, member);
      return [member.name, stack, Number(times.forcedInclusion) / 3_600, Number(times.disputedSettlement) / 3_600];
    });
    provider.destroy();
    expect(hours).to.deep.equal([
      ["l1", "local", 0, 0],
      ["base", "optimism", 12, 480],
      ["game", "arbitrum", 36, 840],
      ["one", "arbitrum", 24, 360],
    ]);
  });
});
