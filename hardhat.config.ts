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

const solc = { version: "0.8.37", path: compiler, settings };

// The Gateway's address follows from its code, and its gas is in the benchmark's snapshot: compiled apart, with settings of
// their own, the code of the Gateway and of its tables depends neither on what else is built nor on comments.
const solcApart = { ...solc, settings: { ...settings, metadata: { bytecodeHash: "none" } } };
// For EraVM, whose compiler is another: on the EVM it holds the Gateway's code, which must be small then.
const solcSmall = { ...solc, settings: { ...settings, optimizer: { enabled: true, runs: 1 } } };
// Of tests that are long and fast anyway: without the IR they compile in a third of the time.
const solcQuick = { ...solc, settings: { ...settings, viaIR: false } };
const solidity = {
  compilers: [solc],
  overrides: {
    "contracts/Gateway.sol": solcApart,
    "contracts/tables/EcdsaTableFactory.sol": solcApart,
    "contracts/tables/Bn254TableFactory.sol": solcApart,
    "contracts/bridges/zksync/EraGatewayDeployer.sol": solcSmall,
    // `token:deploy` finds what it deployed before by its code.
    "contracts/examples/tokens/BridgeableToken.sol": solcApart,
    "contracts/examples/tokens/CrosschainToken.sol": solcApart,
    "contracts/examples/tokens/MintingBridge.sol": solcApart,
    "contracts/examples/tokens/TokenVault.sol": solcApart,
    "test/invariants/supply/Supply.t.sol": solcQuick,
  },
};

/** Solidity tests of `npm run audit`, which repeats the invariants with other seeds until each has outlived 512,000 calls. */
export const AUDIT = {
  fuzz: { runs: 250_000, seed: process.env["PARLEY_SEED"] ?? "0x7061726c6579" },
  invariant: { runs: 10, depth: 512, failOnRevert: true },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatParley],
  solidity: { profiles: { default: solidity, production: solidity } },
  test: {
    solidity: {
      profiles: {
        // A fixed seed and few runs keep `npm test` quick and repeatable; `npm run test:deep` searches for longer.
        default: {
          fuzz: { runs: 128, seed: "0x7061726c6579" },
          invariant: { runs: 16, depth: 32, failOnRevert: true },
        },
        // 10,240 steps a campaign.
        supply: {
          fuzz: { runs: 128, seed: "0x7061726c6579" },
          invariant: { runs: 80, depth: 128, failOnRevert: true },
        },
        deep: {
          fuzz: { runs: 20_000, seed: "0x7061726c6579" },
          invariant: { runs: 256, depth: 128, failOnRevert: true },
        },
        audit: AUDIT,
      },
    },
  },
  coverage: { skipFiles: ["contracts/devnet/**", "contracts/examples/**", "contracts/test/**"] },
});
