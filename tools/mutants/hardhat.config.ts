/** The project's Hardhat, but with artifacts that hold mutants, and with room for a build of many of them. */
import path from "node:path";

import { defineConfig } from "hardhat/config";

import config from "../../hardhat.config.ts";
import { DIRECTORY } from "./workspace.ts";

const directory = process.env[DIRECTORY];
if (directory === undefined) throw new Error(`${DIRECTORY} names the directory of the mutants' artifacts.`);

export default defineConfig({
  ...config,
  paths: { artifacts: path.join(directory, "artifacts"), cache: path.join(directory, "cache") },
  networks: { default: { type: "edr-simulated", allowUnlimitedContractSize: true } },
});
