import { network } from "hardhat";

import type { WireHarness } from "../../../types/ethers-contracts/index.ts";

let harness: Promise<WireHarness> | undefined;

/** The wire format's Solidity, deployed once for all tests that only read it. */
export function wireHarness(): Promise<WireHarness> {
  harness ??= network.create().then(({ ethers }) => ethers.deployContract("WireHarness"));
  return harness;
}
