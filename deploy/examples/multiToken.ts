/** An ERC-1155 that is locked where it lives (BridgeERC1155), and minted elsewhere (ERC1155Crosschain). Link the ends with `Links`. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Where the token lives. `token`: its address. `gateway`: the Gateway's. */
export const MultiTokenHome = buildModule("MultiTokenHome", (m) => {
  const args = [m.getParameter<string>("token"), m.getParameter<string>("gateway"), m.getAccount(0)];
  return { end: m.contract("MultiTokenVault", args) };
});

/** Elsewhere. `uri`: of the tokens' metadata. */
export const MultiTokenAbroad = buildModule("MultiTokenAbroad", (m) => {
  const args = [m.getParameter<string>("uri"), m.getParameter<string>("gateway"), m.getAccount(0)];
  return { end: m.contract("CrosschainMultiToken", args) };
});
