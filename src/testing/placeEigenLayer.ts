/**
 * Puts EigenLayer's stand-in (contracts/devnet/eigenlayer) at the real mainnet addresses of a simulated chain. It works only where
 * `hardhat_setCode` does, so the stand-in reaches no real network; and it never covers code that stands there already, as on a fork.
 */
import { DevnetAllocationManager__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetAllocationManager__factory.ts";
import { DevnetDelegationManager__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetDelegationManager__factory.ts";
import { DevnetKeyRegistrar__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetKeyRegistrar__factory.ts";
import { DevnetPermissionController__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetPermissionController__factory.ts";
import { DevnetRewardsCoordinator__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetRewardsCoordinator__factory.ts";
import { DevnetStrategyFactory__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetStrategyFactory__factory.ts";
import { DevnetStrategyManager__factory } from "../../types/ethers-contracts/factories/devnet/eigenlayer/DevnetStrategyManager__factory.ts";
import { EIGENLAYER, type EigenLayerContract } from "../chain/eigenlayer.ts";
import { ParleyError } from "../errors.ts";
import type { ChainProvider } from "./eigenlayer.ts";

/** The contract whose runtime code goes to each address. */
const STAND_INS: Record<EigenLayerContract, { readonly bytecode: string }> = {
  allocationManager: DevnetAllocationManager__factory,
  delegationManager: DevnetDelegationManager__factory,
  keyRegistrar: DevnetKeyRegistrar__factory,
  permissionController: DevnetPermissionController__factory,
  rewardsCoordinator: DevnetRewardsCoordinator__factory,
  strategyFactory: DevnetStrategyFactory__factory,
  strategyManager: DevnetStrategyManager__factory,
};

/**
 * Puts the stand-in where it belongs. Where the same code stands already, nothing changes; where other code stands at one of the
 * addresses, nothing is placed at all. Throws `eigenlayer/occupied`.
 */
export async function placeEigenLayer(provider: ChainProvider): Promise<void> {
  const missing: { address: string; code: unknown }[] = [];
  for (const contract of Object.keys(EIGENLAYER) as EigenLayerContract[]) {
    const address = EIGENLAYER[contract];
    // What a contract's creation code returns is its runtime code.
    const code = await provider.request({
      method: "eth_call",
      params: [{ data: STAND_INS[contract].bytecode }, "latest"],
    });
    const present = await provider.request({ method: "eth_getCode", params: [address, "latest"] });
    if (present === code) continue;
    if (present !== "0x") {
      throw new ParleyError(
        "eigenlayer/occupied",
        `Other code stands at ${address}, where EigenLayer's ${contract} belongs.`,
        "On a fork of mainnet use EigenLayer itself; otherwise start from a fresh simulated chain.",
      );
    }
    missing.push({ address, code });
  }
  for (const { address, code } of missing) {
    await provider.request({ method: "hardhat_setCode", params: [address, code] });
  }
}
