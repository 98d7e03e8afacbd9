/** A governor on one rollup (GovernorCrosschain), and executors on others that obey it (CrosschainRemoteExecutor). */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Where is voted. `supply` of the votes goes to the deploying account; `delay` and `period` are seconds. */
export const GovernanceHome = buildModule("GovernanceHome", (m) => {
  const token = m.contract("GovernanceToken", [
    m.getParameter<string>("name"),
    m.getParameter<string>("symbol"),
    m.getAccount(0),
    m.getParameter<bigint>("supply"),
  ]);
  const timing = [m.getParameter<number>("delay"), m.getParameter<number>("period")];
  const governor = m.contract("CrosschainGovernor", [token, ...timing, m.getParameter<bigint>("quorum")]);
  return { token, governor };
});

/** What is governed. `governor`: its ERC-7930 address. `gateway`: the Gateway's address. */
export const GovernanceAbroad = buildModule("GovernanceAbroad", (m) => {
  const args = [m.getParameter<string>("gateway"), m.getParameter<string>("governor")];
  return { executor: m.contract("RemoteExecutor", args) };
});
