import { network } from "hardhat";

import type { WireHarness } from "../../../types/ethers-contracts/index.ts";

/** The wire format's Solidity, deployed for tests that only read it. */
export async function wireHarness(): Promise<WireHarness> {
  const { ethers } = await network.create();
  return ethers.deployContract("WireHarness");
}
