import { globSync } from "node:fs";
import { createRequire } from "node:module";

import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { defineConfig } from "hardhat/config";

import hardhatParley from "./tasks/index.ts";
import { compileTogether } from "./tools/contracts/compileTogether.ts";

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
// Without the IR everything compiles in a quarter of the time. Solidity tests still deploy what ships: they take it from its
// artifact.
const solcQuick = { ...solc, settings: { ...settings, viaIR: false } };

const shipped = {
  "contracts/Gateway.sol": solcApart,
  "contracts/tables/EcdsaTableFactory.sol": solcApart,
  "contracts/tables/Bn254TableFactory.sol": solcApart,
  "contracts/bridges/zksync/EraGatewayDeployer.sol": solcSmall,
  // `token:deploy` finds what it deployed before by its code.
  "contracts/examples/tokens/BridgeableToken.sol": solcApart,
  "contracts/examples/tokens/CrosschainToken.sol": solcApart,
  "contracts/examples/tokens/MintingBridge.sol": solcApart,
  "contracts/examples/tokens/TokenVault.sol": solcApart,
};
// Recipients of benchmarks count as what ships.
const tests = globSync(["contracts/test/**/*.sol", "contracts/**/*.t.sol", "test/**/*.sol"], {
  cwd: import.meta.dirname,
}).filter((file) => !/^contracts\/test\/(SilentRecipient\.sol|peers\/)/.test(file));
const quickTests = Object.fromEntries(tests.map((file) => [file, solcQuick]));

const profiles = {
  default: { compilers: [solc], overrides: { ...shipped, ...quickTests } },
  production: { compilers: [solc], overrides: shipped },
  // `npm run coverage` asks which lines run, not how fast. What measures them leaves too little of the stack without the IR here.
  coverage: {
    compilers: [solcQuick],
    overrides: {
      "contracts/Gateway.sol": solc,
      "contracts/tables/Bn254TableFactory.sol": solc,
      "contracts/bridges/zksync/EraGatewayDeployer.sol": solc,
    },
  },
};

/** Solidity tests of `npm run audit`, which repeats the invariants with other seeds until each has outlived 512,000 calls. */
export const AUDIT = {
  fuzz: { runs: 250_000, seed: process.env["PARLEY_SEED"] ?? "0x7061726c6579" },
  invariant: { runs: 10, depth: 512, failOnRevert: true, includeStorage: false, includePushBytes: false },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, hardhatParley, compileTogether(tests)],
  // What tests in TypeScript build needs no Solidity test.
  solidity: { profiles, splitTestsCompilation: true },
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
