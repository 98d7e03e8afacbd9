/** Has a project build Parley's contracts beside its own, with the compiler and settings they were written for. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

import type { SolidityBuildProfileConfig, SolidityConfig } from "hardhat/types/config";

const PACKAGE = "hardhat-parley";
const CONTRACTS = `${PACKAGE}/contracts/`;

/**
 * What every project builds: a Gateway as applications see it, and the devnet's mailbox. What else it wants artifacts and types
 * of, it names in its `npmFilesToBuild`: whoever deploys and runs Parley by its commands needs none, and compiling takes a while.
 */
const ALWAYS = [`${CONTRACTS}interfaces/IGateway.sol`, `${CONTRACTS}examples/Mailbox.sol`];

/** Their pragma. */
const VERSION = "0.8.37";

/** On a rollup nothing newer than prague runs everywhere. */
const SETTINGS = { evmVersion: "prague", viaIR: true, optimizer: { enabled: true, runs: 1_000_000 } };

/** The Gateway's address follows from its code: no comment may change it. As in hardhat.config.ts of Parley's own repository. */
const WITHOUT_HASH = ["Gateway.sol", "tables/Bn254TableFactory.sol", "tables/EcdsaTableFactory.sol"].map(
  (file) => CONTRACTS + file,
);

/** It holds the Gateway's code, which must be small then. As there. */
const SMALL = [`${CONTRACTS}bridges/zksync/EraGatewayDeployer.sol`];

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
  const npmFilesToBuild = [...new Set([...solidity.npmFilesToBuild, ...ALWAYS])];
  const ours = npmFilesToBuild.filter((file) => file.startsWith(CONTRACTS));
  return {
    ...solidity,
    npmFilesToBuild,
    profiles: Object.fromEntries(
      Object.entries(solidity.profiles).map(([name, profile]) => [name, withCompiler(profile, ours)]),
    ),
  };
}

/** Adds the contracts' compiler for them alone. A compiler of that version that the project has (its path) is used. */
function withCompiler(profile: SolidityBuildProfileConfig, files: readonly string[]): SolidityBuildProfileConfig {
  const own = profile.compilers.find(({ version }) => version === VERSION);
  const compilerOf = (file: string): SolidityBuildProfileConfig["compilers"][number] => ({
    ...own,
    version: VERSION,
    settings: { outputSelection: OUTPUT_SELECTION, ...SETTINGS, ...settingsApart(file) },
  });
  const overrides = Object.fromEntries(files.map((file) => [file, compilerOf(file)]));
  return { ...profile, overrides: { ...overrides, ...profile.overrides } };
}

/** Where a contract's settings are not those of the others. */
function settingsApart(file: string): Record<string, unknown> {
  if (WITHOUT_HASH.includes(file)) return { metadata: { bytecodeHash: "none" } };
  return SMALL.includes(file) ? { optimizer: { enabled: true, runs: 1 } } : {};
}

/** Whether a folder is Parley's own repository. */
export function isPackageRoot(folder: string): boolean {
  const manifest = path.join(folder, "package.json");
  if (!existsSync(manifest)) return false;
  const { name } = JSON.parse(readFileSync(manifest, "utf8")) as { name?: unknown };
  return name === PACKAGE;
}
