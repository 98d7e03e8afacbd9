import { PUBLISH_GAS } from "./publishGas.ts";
import type { StackBridge } from "./stackBridge.ts";

/** The bridge of the member on L1 itself: what it sends has arrived in the same transaction, and costs nothing but gas. */
export function localBridge(address: string): StackBridge {
  return {
    stack: "local",
    times: { forcedInclusion: 0n, disputedSettlement: 0n },
    address,
    publishGas: PUBLISH_GAS.local,
    upward: () => Promise.resolve([]),
    sentUp: () => Promise.resolve([]),
    downward: () => Promise.resolve([]),
    price: () => Promise.resolve({ value: 0n, stackParams: "0x" }),
  };
}
