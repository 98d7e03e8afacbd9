import { Contract, ZeroAddress, type Provider } from "ethers";

import { EIGENLAYER, EIGENLAYER_INTERFACE, type OperatorSet } from "../../chain/eigenlayer.ts";

/** Whose signing keys are: EigenLayer's KeyRegistrar gives a key to one operator for ever. */
export class KeyOwners {
  readonly #provider: Provider;
  readonly #operatorSet: OperatorSet;
  /** By the key's address in lower case. */
  readonly #owners = new Map<string, string>();

  constructor(provider: Provider, operatorSet: OperatorSet) {
    this.#provider = provider;
    this.#operatorSet = operatorSet;
  }

  /** The operators of these keys (addresses in lower case); a key that is nobody's is left out. */
  async read(keys: Iterable<string>): Promise<ReadonlyMap<string, string>> {
    const registrar = new Contract(EIGENLAYER.keyRegistrar, EIGENLAYER_INTERFACE.keyRegistrar, this.#provider);
    const lookUp = registrar.getFunction("getOperatorFromSigningKey");
    const asked = new Set(keys);
    for (const key of asked) {
      if (this.#owners.has(key)) continue;
      // Whether the key is registered still says nothing of what it signed before.
      const [operator] = (await lookUp.staticCall(this.#operatorSet, key)) as [string, boolean];
      if (operator !== ZeroAddress) this.#owners.set(key, operator);
    }
    return new Map([...this.#owners].filter(([key]) => asked.has(key)));
  }
}
