/** Has a project build Parley's contracts beside its own, with the compiler and settings they were written for. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import type { SolidityBuildProfileConfig, SolidityConfig } from "hardhat/types/config";

const PACKAGE = "hardhat-parley";

/** What a project imports, calls or tests against. */
const CONTRACTS = [
  "Gateway.sol",
  "GatewayDeployer.sol",
  "bridges/devnet/DevnetL1Bridge.sol",
  "bridges/devnet/DevnetRollupBridge.sol",
  "bridges/local/LocalBridge.sol",
  "devnet/DevnetToken.sol",
  "devnet/eigenlayer/DevnetAllocationManager.sol",
  "devnet/eigenlayer/DevnetDelegationManager.sol",
  "devnet/eigenlayer/DevnetKeyRegistrar.sol",
  "devnet/eigenlayer/DevnetPauserRegistry.sol",
  "devnet/eigenlayer/DevnetPermissionController.sol",
  "devnet/eigenlayer/DevnetRewardsCoordinator.sol",
  "devnet/eigenlayer/DevnetStrategyFactory.sol",
  "devnet/eigenlayer/DevnetStrategyManager.sol",
  "examples/Mailbox.sol",
  "examples/PingPong.sol",
  "settlement/ServiceManager.sol",
  "settlement/Settlement.sol",
  "tables/Bn254TableFactory.sol",
  "tables/EcdsaTableFactory.sol",
].map((file) => `${PACKAGE}/contracts/${file}`);

/** Their pragma. */
const VERSION = "0.8.37";

/** On a rollup nothing newer than prague runs everywhere. */
const SETTINGS = { evmVersion: "prague", viaIR: true, optimizer: { enabled: true, runs: 1_000_000 } };

/** The Gateway's address follows from its code: no comment may change it. As in hardhat.config.ts of Parley's own repository. */
const WITHOUT_HASH = ["Gateway.sol", "tables/Bn254TableFactory.sol", "tables/EcdsaTableFactory.sol"].map(
  (file) => `${PACKAGE}/contracts/${file}`,
);

/** What Hardhat makes artifacts of. */
const OUTPUT_SELECTION = {
  "*": {
    "": ["ast"],
    "*": ["abi", "evm.bytecode", "evm.deployedBytecode", "evm.methodIdentifiers"],
  },
};

/** The project's Solidity config with Parley's contracts in it; as it is in Parley's own repository, which has the sources. */
export function withContracts(solidity: SolidityConfig, projectRoot: string): SolidityConfig {
  if (isPackageRoot(projectRoot)) return solidity;
  return {
    ...solidity,
    npmFilesToBuild: [...new Set([...solidity.npmFilesToBuild, ...CONTRACTS])],
    profiles: Object.fromEntries(
      Object.entries(solidity.profiles).map(([name, profile]) => [name, withCompiler(profile)]),
    ),
  };
}

/** Adds the contracts' compiler for them alone. A compiler of that version that the project has (its path) is used. */
function withCompiler(profile: SolidityBuildProfileConfig): SolidityBuildProfileConfig {
  const own = profile.compilers.find(({ version }) => version === VERSION);
  const settings = { outputSelection: OUTPUT_SELECTION, ...SETTINGS };
  const compiler = { ...own, version: VERSION, settings };
  const apart = { ...compiler, settings: { ...settings, metadata: { bytecodeHash: "none" } } };
  const overrides = Object.fromEntries(CONTRACTS.map((file) => [file, WITHOUT_HASH.includes(file) ? apart : compiler]));
  return { ...profile, overrides: { ...overrides, ...profile.overrides } };
}

/** Whether a folder is Parley's own repository. */
export function isPackageRoot(folder: string): boolean {
  const manifest = path.join(folder, "package.json");
  if (!existsSync(manifest)) return false;
  const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown };
  return name === PACKAGE;
}
