/** Which faults happen when: a pure function of the seed. */
import { NO_CALL_FAULTS, type CallRates } from "./calls.ts";
import { chance, integer, oneOf, type Seed } from "./chance.ts";

/** Something that goes wrong in a round. Rounds count from 0. */
export type Fault = { readonly round: number } &
  /** A chain takes back blocks; of their transactions, this part happens again on the new branch. */
  (
    | { readonly kind: "reorg"; readonly member: string; readonly depth: number; readonly kept: number }
    /** An operator answers nobody for so many rounds. */
    | { readonly kind: "outage"; readonly operator: string; readonly rounds: number }
    /** From this round on an operator signs two words for every final one. */
    | { readonly kind: "equivocation"; readonly operator: string }
    /** For so many rounds a node of someone shows messages that nobody sent. */
    | { readonly kind: "lying-node"; readonly of: string; readonly member: string; readonly rounds: number }
    /** A relayer dies at its n-th request of this round, whatever it is doing; another begins anew in the next one. */
    | { readonly kind: "relayer-kill"; readonly relayer: string; readonly request: number }
    /** For so many rounds bridges carry nothing; meanwhile all operator tables grow too old. */
    | { readonly kind: "stale-table"; readonly rounds: number }
    /** A chain's clock goes ahead of the others'. */
    | { readonly kind: "clock-skew"; readonly member: string; readonly seconds: number }
  );

export type FaultKind = Fault["kind"];

/** How likely a fault of each kind begins in a round, from 0 to 1. */
export type FaultRates = Readonly<Record<FaultKind, number>>;

/** What becomes of messages on their way, from 0 to 1 each. */
export interface MessageRates {
  /** No relayer carries it as long as there are faults. */
  readonly drop: number;
  /** It is carried some rounds later, and so out of order. */
  readonly delay: number;
  /** It is carried once more after it was delivered. */
  readonly duplicate: number;
}

/** Who there is for things to happen to. */
export interface FaultSubjects {
  /** Members by name, and how many blocks of each may be taken back: its confirmations, if finality is to hold. */
  readonly members: readonly { readonly name: string; readonly maxDepth: number }[];
  readonly operators: readonly string[];
  readonly relayers: readonly string[];
}

/** What faults there are to be. */
export interface FaultPlan {
  /** Rounds in which faults may begin. */
  readonly rounds: number;
  readonly rates: FaultRates;
  /** Of requests to nodes. */
  readonly rpc: CallRates;
  /** Of requests to operators. */
  readonly certify: CallRates;
  readonly messages: MessageRates;
  /** Operators that may be out, lied to by their nodes, or equivocating at once: fewer than what a quorum can spare. */
  readonly faultyOperators: number;
}

/** A plan in which each kind of fault happens now and then. */
export const SOME_FAULTS: FaultPlan = {
  rounds: 10,
  rates: {
    reorg: 0.4,
    outage: 0.2,
    equivocation: 0.1,
    "lying-node": 0.2,
    "relayer-kill": 0.2,
    "stale-table": 0.05,
    "clock-skew": 0.1,
  },
  rpc: { drop: 0.005, lose: 0.005, duplicate: 0.01, reorder: 0.01, delay: 0.01 },
  certify: { drop: 0.05, lose: 0.05, duplicate: 0.1, reorder: 0.05, delay: 0.05 },
  messages: { drop: 0.05, delay: 0.2, duplicate: 0.2 },
  faultyOperators: 1,
};

/** A plan in which nothing goes wrong: what a test of one fault begins from. */
export const NO_FAULTS: FaultPlan = {
  rounds: 10,
  rates: {
    reorg: 0,
    outage: 0,
    equivocation: 0,
    "lying-node": 0,
    "relayer-kill": 0,
    "stale-table": 0,
    "clock-skew": 0,
  },
  rpc: NO_CALL_FAULTS,
  certify: NO_CALL_FAULTS,
  messages: { drop: 0, delay: 0, duplicate: 0 },
  faultyOperators: 1,
};

/** Faults in the order of their rounds, and what else the seed decides as it comes. */
export interface FaultSchedule {
  readonly seed: Seed;
  readonly plan: FaultPlan;
  readonly faults: readonly Fault[];
}

/** Seconds by which a clock goes ahead at most: three times what an Inbox takes. */
const MOST_SKEW = 3 * 3600;
/** Rounds that something lasts at most. */
const MOST_ROUNDS = 3;
/** Requests of a relayer's step among which the one is at which it dies. */
const MOST_REQUESTS = 200;
/** More stale tables than this would outlast what a silent source may be certified for (R20). */
const MOST_STALE_TABLES = 2;

const KINDS: readonly FaultKind[] = [
  "reorg",
  "outage",
  "equivocation",
  "lying-node",
  "relayer-kill",
  "stale-table",
  "clock-skew",
];

/** The faults of a seed: the same, whenever it is asked. */
export function planFaults(seed: Seed, subjects: FaultSubjects, plan: FaultPlan = SOME_FAULTS): FaultSchedule {
  const faults: Fault[] = [];
  for (let round = 0; round < plan.rounds; round++) {
    for (const kind of KINDS) {
      if (chance(seed, "begins", kind, round) >= plan.rates[kind]) continue;
      const fault = planFault(seed, kind, round, subjects);
      if (fault !== undefined && isBearable(fault, faults, plan, subjects)) faults.push(fault);
    }
  }
  return { seed, plan, faults };
}

function planFault(seed: Seed, kind: FaultKind, round: number, subjects: FaultSubjects): Fault | undefined {
  const draw = (what: string, least: number, most: number): number => integer(least, most, seed, kind, round, what);
  const one = <Item>(items: readonly Item[], what: string): Item | undefined => oneOf(items, seed, kind, round, what);
  const { members, operators, relayers } = subjects;
  switch (kind) {
    case "reorg": {
      const member = one(
        members.filter(({ maxDepth }) => maxDepth > 0),
        "member",
      );
      if (member === undefined) return undefined;
      const depth = draw("depth", 1, member.maxDepth);
      return { kind, round, member: member.name, depth, kept: draw("kept", 0, 4) / 4 };
    }
    case "outage": {
      const operator = one(operators, "operator");
      return operator === undefined ? undefined : { kind, round, operator, rounds: draw("rounds", 1, MOST_ROUNDS) };
    }
    case "equivocation": {
      const operator = one(operators, "operator");
      return operator === undefined ? undefined : { kind, round, operator };
    }
    case "lying-node": {
      const of = one([...operators, ...relayers], "of");
      const member = one(members, "member");
      if (of === undefined || member === undefined) return undefined;
      return { kind, round, of, member: member.name, rounds: draw("rounds", 1, MOST_ROUNDS) };
    }
    case "relayer-kill": {
      const relayer = one(relayers, "relayer");
      return relayer === undefined ? undefined : { kind, round, relayer, request: draw("request", 1, MOST_REQUESTS) };
    }
    case "stale-table":
      return { kind, round, rounds: draw("rounds", 1, MOST_ROUNDS) };
    case "clock-skew": {
      const member = one(members, "member");
      return member === undefined
        ? undefined
        : { kind, round, member: member.name, seconds: draw("seconds", 1, MOST_SKEW) };
    }
  }
}

/** Whether what the plan says stays true with this fault beside the others. */
function isBearable(
  fault: Fault,
  others: readonly Fault[],
  { faultyOperators, rounds }: FaultPlan,
  { operators }: FaultSubjects,
): boolean {
  if (fault.kind === "stale-table") {
    return others.filter(({ kind }) => kind === fault.kind).length < MOST_STALE_TABLES;
  }
  // Who has begun to equivocate never stops.
  if (
    fault.kind === "equivocation" &&
    others.some((other) => other.kind === fault.kind && other.operator === fault.operator)
  )
    return false;
  if (!operators.includes(subjectOf(fault) ?? "")) return true;
  for (let round = fault.round; round < rounds; round++) {
    const struck = [fault, ...others].filter((other) => isOn(other, round)).map((other) => subjectOf(other) ?? "");
    if (new Set(struck.filter((name) => operators.includes(name))).size > faultyOperators) return false;
  }
  return true;
}

/** The operator that a fault strikes, or the relayer whose node lies. */
function subjectOf(fault: Fault): string | undefined {
  if (fault.kind === "outage" || fault.kind === "equivocation") return fault.operator;
  return fault.kind === "lying-node" ? fault.of : undefined;
}

/** Whether a fault is at work in a round: to the end, if it says nothing else. */
export function isOn(fault: Fault, round: number): boolean {
  if (round < fault.round) return false;
  if (fault.kind === "equivocation") return true;
  return round < fault.round + ("rounds" in fault ? fault.rounds : 1);
}

/** How many rounds late a message is carried: 0 in time, Infinity not before the faults end. */
export function lateness({ seed, plan: { messages } }: FaultSchedule, lane: string, nonce: bigint): number {
  const drawn = chance(seed, "message", lane, String(nonce));
  if (drawn < messages.drop) return Infinity;
  if (drawn < messages.drop + messages.delay) return integer(1, MOST_ROUNDS, seed, "lateness", lane, String(nonce));
  return 0;
}

/** Whether a delivered message is carried once more. */
export const isDoubled = ({ seed, plan: { messages } }: FaultSchedule, lane: string, nonce: bigint): boolean =>
  chance(seed, "doubled", lane, String(nonce)) < messages.duplicate;

/** A schedule for people: what one needs to see the same again. */
export function describeSchedule({ seed, faults, plan }: FaultSchedule): string {
  const lines = faults.map(({ round, kind, ...rest }) => {
    const details = Object.entries(rest).map(([name, value]) => `${name} ${value}`);
    return `  round ${round}: ${kind}${details.length === 0 ? "" : `, ${details.join(", ")}`}`;
  });
  return [`seed ${JSON.stringify(seed)}, ${plan.rounds} rounds, ${faults.length} faults`, ...lines].join("\n");
}
