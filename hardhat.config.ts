import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

import hardhatParley from "./tasks/index.ts";

// The compiler comes from npm (a dev dependency pinned by the lock file), so that building downloads nothing.
const compiler = createRequire(import.meta.url).resolve("solc/soljson.js");

const settings = {
  evmVersion: "prague",
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
  outputSelection: { "*": { "*": ["storageLayout"] } }, // for `npm run storage:check`
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatParley],
  solidity: {
    profiles: {
      default: { version: "0.8.37", path: compiler, settings },
      production: { version: "0.8.37", path: compiler, settings },
    },
  },
  test: {
    solidity: {
      profiles: {
        // A fixed seed and few runs keep `npm test` quick and repeatable; `npm run test:deep` searches for longer.
        default: {
          fuzz: { runs: 128, seed: "0x7061726c6579" },
          invariant: { runs: 16, depth: 32, failOnRevert: true },
        },
        deep: {
          fuzz: { runs: 20_000, seed: "0x7061726c6579" },
          invariant: { runs: 256, depth: 128, failOnRevert: true },
        },
      },
    },
  },
  coverage: { skipFiles: ["contracts/devnet/**", "contracts/examples/**", "contracts/test/**"] },
});
