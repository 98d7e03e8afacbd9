/** The Hardhat plugin: declarations only. What a task does is in its own file, and loaded when it runs. */
import { definePlugin } from "hardhat/plugins";
import type { HardhatPlugin } from "hardhat/types/plugins";

import "./config/typeExtensions.ts";

export type * from "./config/types.ts";

const hardhatParley: HardhatPlugin = definePlugin({
  id: "hardhat-parley",
  npmPackage: "hardhat-parley",
  dependencies: () => [
    import("@nomicfoundation/hardhat-ethers"),
    import("@nomicfoundation/hardhat-ignition"),
    import("@nomicfoundation/hardhat-ignition-ethers"),
  ],
  hookHandlers: { config: () => import("./hooks/config.ts") },
});

export default hardhatParley;
