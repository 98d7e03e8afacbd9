import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The ping-pong example, linked to its counterparts on other chains. */
export const pingPongModule = buildModule("ParleyPingPong", (m) => ({
  // `links`: for each other chain this chain's gateway, and the counterpart's ERC-7930 address.
  pingPong: m.contract("PingPong", [m.getParameter<{ gateway: string; counterpart: string }[]>("links")]),
}));
