import type { HardhatRuntimeEnvironment } from "hardhat/types/hre";

import type { PauseResult } from "./output/pauseResult.ts";
import { type PauseArguments, setPaused } from "./setPaused.ts";

export default async function rollupUnpause(
  args: PauseArguments,
  hre: HardhatRuntimeEnvironment,
): Promise<PauseResult> {
  return await setPaused(false, args, hre);
}
