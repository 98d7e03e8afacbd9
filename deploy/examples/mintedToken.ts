/** An ERC-7802 token on every rollup, with a bridge that burns and mints it (BridgeERC7802). Link the bridges with `Links`. */
import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The same on each rollup. `supply`, in the smallest unit, is minted on the chain of id `home`. `gateway`: the Gateway's address. */
export const MintedToken = buildModule("MintedToken", (m) => {
  const owner = m.getAccount(0);
  const token = m.contract("BridgeableToken", [
    m.getParameter<string>("name"),
    m.getParameter<string>("symbol"),
    owner,
    m.getParameter<bigint>("supply"),
    m.getParameter<bigint>("home"),
  ]);
  const end = m.contract("MintingBridge", [token, m.getParameter<string>("gateway"), owner]);
  m.call(token, "grantRole", [m.staticCall(token, "BRIDGE_ROLE"), end]);
  return { token, end };
});
