/** Contracts by their TypeChain factories. TypeChain itself parses an ABI anew for each contract, which takes ethers milliseconds. */
import { Contract, type ContractRunner, type Interface } from "ethers";

const parsed = new WeakMap<object, Interface>();

/** A factory's ABI, parsed once. */
export function interfaceOf<Of extends Interface>(factory: { createInterface(): Of }): Of {
  const known = parsed.get(factory);
  if (known !== undefined) return known as Of;
  const made = factory.createInterface();
  parsed.set(factory, made);
  return made;
}

/** A contract that stands at an address, with the types of its factory. */
export function contractAt<Of>(
  factory: { createInterface(): Interface; connect(address: string, runner?: ContractRunner | null): Of },
  address: string,
  runner: ContractRunner | null,
): Of {
  return new Contract(address, interfaceOf(factory), runner) as Of;
}
