import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** L1: the registry of members, and the AVS. */
export const settlementModule = buildModule("ParleySettlement", (m) => {
  const settlement = m.contract("Settlement", [
    m.getParameter<string>("owner"),
    m.getParameter<bigint>("memberNotice"),
  ]);
  const serviceManager = m.contract("ServiceManager", [
    {
      settlement,
      allocationManager: m.getParameter<string>("allocationManager"),
      keyRegistrar: m.getParameter<string>("keyRegistrar"),
      rewardsCoordinator: m.getParameter<string>("rewardsCoordinator"),
      strategies: m.getParameter<string[]>("strategies"),
      multipliers: m.getParameter<bigint[]>("multipliers"),
      metadataURI: m.getParameter<string>("metadataURI"),
      tableAge: m.getParameter<bigint>("tableAge"),
      minInterval: m.getParameter<bigint>("minInterval"),
      weightFloor: m.getParameter<bigint>("weightFloor"),
      minWeight: m.getParameter<bigint>("minWeight"),
      minOperators: m.getParameter<bigint>("minOperators"),
      bond: m.getParameter<bigint>("bond"),
    },
  ]);
  return { settlement, serviceManager };
});
