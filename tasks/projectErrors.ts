import type { InterfaceAbi, JsonFragment } from "ethers";
import type { ArtifactManager } from "hardhat/types/artifacts";

const known = new WeakMap<ArtifactManager, InterfaceAbi>();

/**
 * The errors of all contracts that the project has built, as one ABI: recipients' refusals are decoded by it. They are read once in a
 * process, as Hardhat reads what it tells stack traces by.
 */
export async function readProjectErrors(artifacts: ArtifactManager): Promise<InterfaceAbi> {
  const errors = known.get(artifacts) ?? (await readErrors(artifacts));
  known.set(artifacts, errors);
  return errors;
}

async function readErrors(artifacts: ArtifactManager): Promise<InterfaceAbi> {
  const errors = new Map<string, JsonFragment>();
  const names = await artifacts.getAllFullyQualifiedNames();
  const built = await Promise.all([...names].map((name) => artifacts.readArtifact(name)));
  for (const { abi } of built) {
    for (const fragment of abi as readonly JsonFragment[]) {
      if (fragment.type === "error") errors.set(JSON.stringify([fragment.name, fragment.inputs]), fragment);
    }
  }
  return [...errors.values()];
}
