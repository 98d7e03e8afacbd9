/** An ERC-20 that is locked where it lives (BridgeERC20), and minted elsewhere (ERC20Crosschain). Link the ends with `Links`. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Where the token lives. `token`: its address. `gateway`: the Gateway's. */
export const LockedTokenHome = buildModule("LockedTokenHome", (m) => {
  const args = [m.getParameter<string>("token"), m.getParameter<string>("gateway"), m.getAccount(0)];
  return { end: m.contract("TokenVault", args) };
});

/** Elsewhere. `name`, `symbol`, `decimals`: the token's. */
export const LockedTokenAbroad = buildModule("LockedTokenAbroad", (m) => {
  const named = [m.getParameter<string>("name"), m.getParameter<string>("symbol"), m.getParameter<number>("decimals")];
  return { end: m.contract("CrosschainToken", [...named, m.getParameter<string>("gateway"), m.getAccount(0)]) };
});
