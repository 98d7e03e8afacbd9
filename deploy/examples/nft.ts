/** An ERC-721 that is locked where it lives (BridgeERC721), and minted elsewhere (ERC721Crosschain). Link the ends with `Links`. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Where the token lives. `token`: its address. `gateway`: the Gateway's. */
export const NftHome = buildModule("NftHome", (m) => {
  const args = [m.getParameter<string>("token"), m.getParameter<string>("gateway"), m.getAccount(0)];
  return { end: m.contract("NftVault", args) };
});

/** Elsewhere. `name`, `symbol`: the token's. */
export const NftAbroad = buildModule("NftAbroad", (m) => {
  const named = [m.getParameter<string>("name"), m.getParameter<string>("symbol")];
  return { end: m.contract("CrosschainNft", [...named, m.getParameter<string>("gateway"), m.getAccount(0)]) };
});
