import { computeAddress, type SigningKey } from "ethers";

import { Bn254Key, encodeRegistrarKey, type Hex } from "../wire/index.ts";

/** A method of EigenLayer's KeyRegistrar that says what a key has to sign to be registered. */
export type RegistrationHash = "getECDSAKeyRegistrationMessageHash" | "getBN254KeyRegistrationMessageHash";

/** A key as EigenLayer's KeyRegistrar takes it, and the key's proof that its owner has it. */
export async function keyRegistration(
  key: SigningKey | Bn254Key,
  hashOf: (method: RegistrationHash, key: Hex) => Promise<Hex>,
): Promise<{ readonly bytes: Hex; readonly proof: Hex }> {
  if (key instanceof Bn254Key) {
    const bytes = encodeRegistrarKey(key.publicKey);
    return { bytes, proof: key.provePossession(await hashOf("getBN254KeyRegistrationMessageHash", bytes)) };
  }
  const bytes = computeAddress(key.publicKey);
  const digest = await hashOf("getECDSAKeyRegistrationMessageHash", bytes);
  return { bytes, proof: key.sign(digest).serialized };
}
