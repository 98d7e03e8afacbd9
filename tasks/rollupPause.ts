import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { PauseResult } from "./output/pauseResult.ts";
import { type PauseArguments, setPaused } from "./setPaused.ts";

export default async function rollupPause(args: PauseArguments, hre: HardhatRuntimeEnvironment): Promise<PauseResult> {
  return await setPaused(true, args, hre);
}
