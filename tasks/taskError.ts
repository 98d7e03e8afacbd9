import { HardhatPluginError } from "hardhat/plugins";

import { ParleyError } from "../src/errors.ts";

/** Runs a task's work so that Hardhat shows Parley's errors as what they are: text, code, and what to do. */
export async function reportingErrors<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ParleyError)) throw error;
    throw new HardhatPluginError("hardhat-parley", `${error.message} [${error.code}]\n${error.hint}`, error);
  }
}
