import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** Simulated L1: the token that its operators stake. */
export const devnetTokenModule = buildModule("ParleyDevnetToken", (m) => ({
  token: m.contract("DevnetToken", ["Devnet stake", "STAKE"]),
}));
