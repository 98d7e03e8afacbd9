import { expect } from "chai";
import { Fragment, Interface } from "ethers";
import { artifacts } from "hardhat";

import { EIGENLAYER_INTERFACE, type EigenLayerContract } from "../../../src/chain/eigenlayer.ts";

const SOLIDITY: Record<EigenLayerContract, string> = {
  allocationManager: "IAllocationManager",
  delegationManager: "IDelegationManager",
  keyRegistrar: "IKeyRegistrar",
  permissionController: "IPermissionController",
  rewardsCoordinator: "IRewardsCoordinator",
  strategyFactory: "IStrategyFactory",
  strategyManager: "IStrategyManager",
};

/** Everything that decides how a call is encoded and its answer read. */
function signatures(abi: Interface): string[] {
  const types = (list: readonly { format(): string }[]) => list.map((type) => type.format()).join();
  return abi.fragments.flatMap((fragment) => {
    if (Fragment.isError(fragment)) return [`error ${fragment.format()}`];
    if (!Fragment.isFunction(fragment)) return [];
    return [`${fragment.format()} ${fragment.stateMutability} (${types(fragment.outputs)})`];
  });
}

describe("EigenLayer's interfaces in TypeScript", () => {
  for (const [contract, name] of Object.entries(SOLIDITY) as [EigenLayerContract, string][]) {
    it(`${contract} is part of ${name}`, async () => {
      const { abi } = await artifacts.readArtifact(name);
      const known = signatures(EIGENLAYER_INTERFACE[contract]);
      expect(known).to.not.be.empty;
      expect(signatures(new Interface(abi))).to.include.members(known);
    });
  }
});
