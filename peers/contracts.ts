/** The peers' own contracts, compiled, as their packages bring them. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

import { Contract, ContractFactory, Interface, type ContractTransactionResponse, type Signer } from "ethers";
import { z } from "zod";

const PACKAGES = path.join(import.meta.dirname, "packages/node_modules");

const Bytecode = z.string().regex(/^0x([0-9a-f]{2})+$/i);
const Compiled = z.object({
  abi: z.array(z.unknown()),
  bytecode: z.union([Bytecode, z.object({ object: Bytecode }).transform(({ object }) => object)]),
});
/** A contract that can be deployed. */
export type Compiled = z.infer<typeof Compiled>;

/** One that a package brings as JSON: Hardhat's artifacts and Foundry's. */
export function artifact(file: string): Compiled {
  return Compiled.parse(JSON.parse(readFileSync(path.join(PACKAGES, file), "utf8")));
}

/** One of Hyperlane's, which its package brings as factories of ethers 5. */
export async function hyperlane(file: string, name: string): Promise<Compiled> {
  const module = path.join(PACKAGES, "@hyperlane-xyz/core/dist/typechain/factories", `${file}__factory.js`);
  const exported = z.record(z.unknown()).parse(await import(pathToFileURL(module).href));
  const factory = z.custom<object>((value) => typeof value === "function").parse(exported[`${name}__factory`]);
  const abi: unknown = Reflect.get(factory, "abi");
  const bytecode: unknown = Reflect.get(factory, "bytecode");
  return Compiled.parse({ abi, bytecode });
}

/** Deploys a contract, and waits until it is there. */
export async function deploy({ abi, bytecode }: Compiled, signer: Signer, ...args: unknown[]): Promise<Contract> {
  const deployed = await new ContractFactory(interfaceOf(abi), bytecode, signer).deploy(...args);
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), interfaceOf(abi), signer);
}

/** A contract's address. */
export function addressOf({ target }: Pick<Contract, "target">): string {
  return z.string().parse(target);
}

/** A contract's interface at the address of its proxy. */
export function at(logic: Contract, proxy: Contract): Contract {
  return new Contract(proxy.target, logic.interface, logic.runner);
}

/** The same contract, called by somebody else. */
export function as(signer: Signer, contract: Contract): Contract {
  return new Contract(contract.target, contract.interface, signer);
}

function interfaceOf(abi: readonly unknown[]): Interface {
  return new Interface(JSON.stringify(abi));
}

/** Sends a transaction to a contract's method. */
export async function call(
  contract: Contract,
  method: string,
  ...args: unknown[]
): Promise<ContractTransactionResponse> {
  return await contract.getFunction(method).send(...args);
}

/** What a contract's view answers. */
export async function view<T>(contract: Contract, method: string, ...args: unknown[]): Promise<T> {
  return (await contract.getFunction(method).staticCall(...args)) as T;
}
