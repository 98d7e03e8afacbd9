import { AbiCoder, ZeroAddress } from "ethers";

import type { Hex } from "../wire/index.ts";

/** What an operator gives along when it enters Parley's operator set. */
export interface Registration {
  /** Where it answers; at most 256 bytes. */
  readonly endpoint: string;
  /** A lighter operator whose place it takes if the set is full. */
  readonly evicted?: string;
}

/** The `data` of EigenLayer's `registerForOperatorSets` for Parley's ServiceManager. */
export function encodeRegistration({ endpoint, evicted = ZeroAddress }: Registration): Hex {
  return AbiCoder.defaultAbiCoder().encode(["string", "address"], [endpoint, evicted]);
}
