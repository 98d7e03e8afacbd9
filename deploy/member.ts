import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";
import type { IgnitionModuleBuilder } from "@nomicfoundation/ignition-core";

type Bridge = Parameters<IgnitionModuleBuilder["call"]>[0];

/** Registers a member at Settlement; `bridge` is L1's end of its bridge. */
function addMember(m: IgnitionModuleBuilder, bridge: Bridge): void {
  const settlement = m.contractAt("Settlement", m.getParameter<string>("settlement"));
  m.call(settlement, "addMember", [
    { chainId: m.getParameter<bigint>("chainId"), gateway: m.getParameter<string>("gateway") },
    bridge,
    m.getParameter<bigint>("maxSettleAge"),
  ]);
}

/** L1: registers the member that is on L1 itself, whose bridge is one contract. */
export const localMemberModule = buildModule("ParleyLocalMember", (m) => {
  const l1Bridge = m.contractAt("LocalBridge", m.getParameter<string>("bridge"));
  addMember(m, l1Bridge);
  return { l1Bridge };
});

/** L1: its end of the bridge to a rollup of stack `devnet`, and the rollup's registration. */
export const devnetMemberModule = buildModule("ParleyDevnetMember", (m) => {
  const l1Bridge = m.contract("DevnetL1Bridge", [
    m.getParameter<string>("settlement"),
    m.getParameter<string>("serviceManager"),
    m.getParameter<string>("bridge"),
    m.getParameter<string>("derivation"),
  ]);
  addMember(m, l1Bridge);
  return { l1Bridge };
});
