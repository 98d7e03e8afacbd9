import { getAddress } from "ethers";

import { ParleyError } from "../../errors.ts";
import type { CertificateDomain } from "../../wire/index.ts";

/** Whose signatures a store keeps: what is signed elsewhere, or by another key, contradicts nothing in it. */
export type SigningIdentity = CertificateDomain & {
  /** What stands for the key, as `keyId` makes it. */
  readonly keyId: string;
};

/** Throws `signing/other-operator`, `signing/other-domain` unless `found` is `own`. `what` is for people: a file. */
export function requireSameIdentity(found: SigningIdentity, own: SigningIdentity, what: string): void {
  const hint = "Name the file that belongs to this key and this deployment; each of them has its own.";
  if (getAddress(found.keyId) !== getAddress(own.keyId)) {
    throw new ParleyError(
      "signing/other-operator",
      `${what} is of the key ${found.keyId}, but this operator's is ${own.keyId}`,
      hint,
    );
  }
  const isSameDomain =
    found.settlementChainId === own.settlementChainId &&
    getAddress(found.serviceManager) === getAddress(own.serviceManager);
  if (isSameDomain) return;
  throw new ParleyError(
    "signing/other-domain",
    `${what} is of ServiceManager ${found.serviceManager} on chain ${found.settlementChainId}, but this operator signs for ` +
      `${own.serviceManager} on chain ${own.settlementChainId}`,
    hint,
  );
}
