import type { Provider, Signer } from "ethers";

import { ParleyError } from "../../errors.ts";

/** The node to which a signer is connected. Throws `relayer/no-provider`. */
export function providerOf(signer: Signer, chain: string): Provider {
  if (signer.provider === null) {
    throw new ParleyError(
      "relayer/no-provider",
      `the signer for ${chain} is connected to no node`,
      "Connect it: signer.connect(provider).",
    );
  }
  return signer.provider;
}
