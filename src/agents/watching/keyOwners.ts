import { Contract, ZeroAddress, type Provider } from "ethers";

import { EIGENLAYER, EIGENLAYER_INTERFACE, type OperatorSet } from "../../chain/eigenlayer.ts";
import { keyId, type Hex } from "../../wire/index.ts";

/** Whose signing keys are: EigenLayer's KeyRegistrar gives a key to one operator for ever. */
export class KeyOwners {
  readonly #provider: Provider;
  readonly #operatorSet: OperatorSet;
  /** By the key's id in lower case. */
  readonly #owners = new Map<string, string>();

  constructor(provider: Provider, operatorSet: OperatorSet) {
    this.#provider = provider;
    this.#operatorSet = operatorSet;
  }

  /** The operators of these keys, as tables list them, by the keys' ids in lower case; a key that is nobody's is left out. */
  async read(keys: Iterable<Hex>): Promise<ReadonlyMap<string, string>> {
    const registrar = new Contract(EIGENLAYER.keyRegistrar, EIGENLAYER_INTERFACE.keyRegistrar, this.#provider);
    const lookUp = registrar.getFunction("getOperatorFromSigningKey");
    const asked = new Map([...keys].map((key) => [keyId(key).toLowerCase(), key]));
    for (const [id, key] of asked) {
      if (this.#owners.has(id)) continue;
      // Whether the key is registered still says nothing of what it signed before.
      const [operator] = (await lookUp.staticCall(this.#operatorSet, key)) as [string, boolean];
      if (operator !== ZeroAddress) this.#owners.set(id, operator);
    }
    return new Map([...this.#owners].filter(([id]) => asked.has(id)));
  }
}
