import type { ChainProvider } from "../eigenlayer.ts";
import { faultyCalls, type FaultyCallsPlan } from "./calls.ts";

/**
 * A node whose requests are dropped, whose answers are lost, doubled, reordered and delayed, as the seed says: any EIP-1193
 * provider behind the same interface.
 *
 *     const provider = faultyProvider(node, { seed: 7, to: "alpha", rates: () => ({ ...NO_CALL_FAULTS, drop: 0.1 }) });
 */
export function faultyProvider(provider: ChainProvider, plan: FaultyCallsPlan): ChainProvider {
  const calls = faultyCalls(plan);
  return { request: (args) => calls.through(args.method, () => provider.request(args)) };
}
