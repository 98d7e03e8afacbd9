import "hardhat/types/config";

import type { ParleyConfig, ParleyUserConfig } from "./types.ts";

declare module "hardhat/types/config" {
  interface HardhatUserConfig {
    parley?: ParleyUserConfig;
  }

  interface HardhatConfig {
    parley: ParleyConfig;
  }
}
