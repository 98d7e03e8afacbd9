/**
 * The project without its contracts, for commands that tests start as processes: the types are there already, and without a build
 * Hardhat has nothing to check and nothing to tell stack traces by, which takes it seconds each time.
 */
import project from "../../hardhat.config.ts";

const at = (folder: string): string => `cache/nothing-built/${folder}`;

export default {
  ...project,
  paths: { sources: at("contracts"), tests: at("test"), artifacts: at("artifacts"), cache: at("cache") },
  typechain: { dontOverrideCompile: true },
};
