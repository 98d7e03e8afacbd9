/** Faults of calls: an RPC request and its answer, or a request to an operator and its signature. */
import { setTimeout as sleep } from "node:timers/promises";

import { ParleyError } from "../../errors.ts";
import { chance, integer, type Seed } from "./chance.ts";

/** How likely each fault of a call is, from 0 to 1. One call has one fault at most. */
export interface CallRates {
  /** The request never arrives. */
  readonly drop: number;
  /** The request arrives and has its effect; the answer does not come back. */
  readonly lose: number;
  /** The request arrives twice; the first answer counts. */
  readonly duplicate: number;
  /** The answer comes after that to a later request. */
  readonly reorder: number;
  /** The answer takes its time. */
  readonly delay: number;
}

export const NO_CALL_FAULTS: CallRates = { drop: 0, lose: 0, duplicate: 0, reorder: 0, delay: 0 };

/** What becomes of a call. */
export type CallFault = "drop" | "lose" | "duplicate" | "reorder" | "delay";

const FAULTS: readonly CallFault[] = ["drop", "lose", "duplicate", "reorder", "delay"];

/** Milliseconds that a delayed answer takes at most, and that one waits at most for another to overtake it. */
const DELAY = 20;

/** What becomes of the n-th call of a kind: a pure function of the seed. Undefined if nothing goes wrong. */
export function faultOf(seed: Seed, rates: CallRates, to: string, kind: string, n: number): CallFault | undefined {
  let left = chance(seed, "call", to, kind, n);
  return FAULTS.find((fault) => (left -= rates[fault]) < 0);
}

/** A fault that happened to a call. */
export interface CallFaultEvent {
  readonly fault: CallFault;
  /** Who was called: a node or an operator. */
  readonly to: string;
  /** The call's kind: an RPC method, or `certify`. */
  readonly kind: string;
  /** How many calls of this kind there were before. */
  readonly n: number;
}

/** A way to someone, on which calls go wrong. */
export interface FaultyCalls {
  /** Makes a call, or does with it what its fault is. Rejects with `faults/dropped`, `faults/lost`, and as the call does. */
  through<Answer>(kind: string, call: () => Promise<Answer>): Promise<Answer>;
}

export interface FaultyCallsPlan {
  readonly seed: Seed;
  /** Who is called. */
  readonly to: string;
  /** Asked at each call, so that faults can begin and end. */
  readonly rates: () => CallRates;
  /** Hears of each fault as it happens. */
  readonly onFault?: ((event: CallFaultEvent) => void) | undefined;
}

/** A way to someone on which calls go wrong, each as the seed says: the n-th call of a kind always the same. */
export function faultyCalls({ seed, to, rates, onFault }: FaultyCallsPlan): FaultyCalls {
  const counts = new Map<string, number>();
  /** Of answers that wait for another to overtake them. */
  let overtaken: (() => void)[] = [];
  return {
    async through(kind, call) {
      const n = counts.get(kind) ?? 0;
      counts.set(kind, n + 1);
      const fault = faultOf(seed, rates(), to, kind, n);
      if (fault !== undefined) onFault?.({ fault, to, kind, n });
      if (fault === "drop") throw broken("dropped", `the request ${kind} to ${to} did not arrive`);
      const answer = await call();
      if (fault === "lose") throw broken("lost", `the answer of ${to} to ${kind} was lost`);
      if (fault === "duplicate") await call().catch(() => undefined); // what it changes or says the second time is its affair
      if (fault === "delay") await sleep(integer(1, DELAY, seed, "delay", to, kind, n));
      if (fault === "reorder") {
        const next = new Promise<void>((resolve) => overtaken.push(resolve));
        await Promise.race([next, sleep(DELAY)]);
      } else {
        const waiting = overtaken;
        overtaken = [];
        setImmediate(() => {
          for (const go of waiting) go();
        });
      }
      return answer;
    },
  };
}

const broken = (how: "dropped" | "lost", what: string): ParleyError =>
  new ParleyError(`faults/${how}`, `${what}: a fault of the schedule.`, "Try again, as one does with real nodes.");
