import { BaseWallet, type SigningKey } from "ethers";

import {
  Bn254Key,
  certificateDigest,
  keyId,
  signBn254,
  signRoot,
  type CertificateDomain,
  type Hex,
} from "../wire/index.ts";

/** A key that signs roots of checkpoint trees for an operator, of whatever scheme its table is. */
export type OperatorSigner = {
  /** Id of the key, as operator tables list it: an ECDSA key's address. */
  readonly address: string;
  /** The signature of an operator's answer (`Certification`). Throws as `certificateDigest` does. */
  signRoot(domain: CertificateDomain, root: Hex): Promise<Hex>;
};

/** A key in this process, of either scheme. */
export type OperatorKey = SigningKey | BaseWallet | Bn254Key;

/** What signs with a key: a table's scheme is that of its operators' keys. */
export function operatorSigner(key: OperatorKey): OperatorSigner {
  if (key instanceof Bn254Key) {
    return {
      address: keyId(key.publicKey.g1),
      signRoot: async (domain, root) => await Promise.resolve(signBn254(key, certificateDigest(domain, root))),
    };
  }
  const wallet = key instanceof BaseWallet ? key : new BaseWallet(key);
  return { address: wallet.address, signRoot: async (domain, root) => await signRoot(wallet, domain, root) };
}
