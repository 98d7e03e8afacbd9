/** What the GatewayDeployer, the bridges and the Gateway are deployed from. */
import { ContractFactory, id, keccak256, type InterfaceAbi } from "ethers";

import { throughDeploymentProxy } from "../chain/deploymentProxy.ts";

/** Compiled contracts by name; Hardhat's `hre.artifacts` is one. */
export interface ContractArtifacts {
  readArtifact(name: string): Promise<{
    readonly abi: InterfaceAbi;
    readonly bytecode: string;
    readonly deployedBytecode: string;
  }>;
}

/** The salt of the GatewayDeployer at the deployment proxy. */
const SALT = id("parley.gatewayDeployer.v1");

/** A contract's init code, its constructor's arguments included. */
export async function initCodeOf(
  artifacts: ContractArtifacts,
  contract: string,
  args: readonly unknown[] = [],
): Promise<string> {
  const { abi, bytecode } = await artifacts.readArtifact(contract);
  const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...args);
  return data;
}

/** How the GatewayDeployer of an admin comes onto any chain: what the deployment proxy is sent, and where it stands then. */
export async function gatewayDeployerCode(
  artifacts: ContractArtifacts,
  admin: string,
): Promise<{ data: string; address: string }> {
  const gatewayCodeHash = keccak256(await initCodeOf(artifacts, "Gateway"));
  return throughDeploymentProxy(SALT, await initCodeOf(artifacts, "GatewayDeployer", [admin, gatewayCodeHash]));
}
