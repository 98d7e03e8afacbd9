import { INDEXING_STEPS } from "../../indexing/indexer.ts";
import { SENDING_STEPS } from "../../sending/index.ts";
import { CARRYING_STEPS } from "./carrier.ts";

/** The places at which a relayer's process may end between one effect and the next, for tests that end it there. */
export const RELAYER_STEPS = [
  ...INDEXING_STEPS,
  /** The lanes that it works on are its own, for the time of a lease. */
  "relayer:claimed",
  ...CARRYING_STEPS,
  ...SENDING_STEPS,
  /** What failed, and until when it is left alone, is in the database. */
  "relayer:paused",
  /** Others may have its lanes. */
  "relayer:released",
  /** Tables are published where one was due. */
  "relayer:tables",
  /** Silent sources were made to settle. */
  "relayer:heartbeat",
  /** What members' bridges sent was brought on towards L1. */
  "relayer:carried-up",
] as const;

export type RelayerStep = (typeof RELAYER_STEPS)[number];

/** Called right before or after each effect. Nothing in production sets one. */
export type OnRelayerStep = (step: RelayerStep) => void | Promise<void>;
