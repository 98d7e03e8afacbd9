import type { Provider, Signer } from "ethers";

import { ParleyError } from "../errors.ts";

/** The node to which a signer is connected. Throws `signer/no-provider`. */
export function readerOf(signer: Signer): Provider {
  if (signer.provider !== null) return signer.provider;
  throw new ParleyError(
    "signer/no-provider",
    "The signer is not connected to a chain.",
    "Connect it: signer.connect(provider).",
  );
}
