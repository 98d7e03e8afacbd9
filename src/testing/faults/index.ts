/** Faults of a fabric on simulated chains, seeded and reproducible: what production brings, in a test. */
export { Branches, type Reorganised, type ReorgPlan } from "./branches.ts";
export {
  faultOf,
  faultyCalls,
  NO_CALL_FAULTS,
  type CallFault,
  type CallFaultEvent,
  type CallRates,
  type FaultyCalls,
  type FaultyCallsPlan,
} from "./calls.ts";
export { chance, integer, oneOf, type Seed } from "./chance.ts";
export { equivocatingOperator, faultyOperator, recordedOperator, type SignedAnswer } from "./faultyOperator.ts";
export { faultyProvider } from "./faultyProvider.ts";
export { FaultyRelayer, Lifeline, type FaultyRelayerPlan } from "./faultyRelayer.ts";
export { lyingProvider } from "./lyingProvider.ts";
export * from "./planFaults.ts";
export { FaultyFabric, withFaults, type FaultOptions, type FaultRound } from "./withFaults.ts";
