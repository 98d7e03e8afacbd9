import type { HardhatEthers } from "@nomicfoundation/hardhat-ethers/types";
import type { NetworkHelpers } from "@nomicfoundation/hardhat-network-helpers/types";

/** A simulated chain, as far as who plays a stack needs it. */
export interface ConnectionLike {
  readonly ethers: HardhatEthers;
  readonly networkHelpers: Pick<
    NetworkHelpers,
    "impersonateAccount" | "stopImpersonatingAccount" | "setBalance" | "setCode" | "time"
  >;
}
