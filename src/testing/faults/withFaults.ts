/** A fabric in which things go wrong, as a seed says. */
import type { Signer } from "ethers";

import type { OperatorClient, RelayedMember, StepReport } from "../../agents/index.ts";
import { readBlock } from "../../chain/blocks.ts";
import { ParleyError } from "../../errors.ts";
import type { Fabric } from "../fabric.ts";
import type { Reorganised } from "./branches.ts";
import type { CallFaultEvent } from "./calls.ts";
import { chance, type Seed } from "./chance.ts";
import { makeFaultyOperator, makeMortalRelayer } from "./faultyAgents.ts";
import { FaultyNodes, type FaultState } from "./faultyNodes.ts";
import type { SignedAnswer } from "./faultyOperator.ts";
import { FaultyRelayer } from "./faultyRelayer.ts";
import { MessageFaults } from "./messageFaults.ts";
import {
  describeSchedule,
  isOn,
  planFaults,
  SOME_FAULTS,
  type Fault,
  type FaultPlan,
  type FaultSchedule,
} from "./planFaults.ts";

/** What goes wrong; what is left out is as {@link SOME_FAULTS} says. */
export interface FaultOptions extends Partial<FaultPlan> {
  /** The same seed makes the same schedule. */
  readonly seed: Seed;
  /** Faults that are to happen, instead of those that the seed and the rates make. */
  readonly faults?: readonly Fault[];
  /** How many relayers work side by side; 2 if left out. */
  readonly relayers?: number;
  /** Names of members that are never reorganised; L1 if left out. */
  readonly steady?: readonly string[];
}

/** What one round did. */
export interface FaultRound {
  readonly round: number;
  /** Faults that began, with what came of those that take back blocks. */
  readonly began: readonly (Fault & { readonly reorganised?: Reorganised })[];
  /** By relayer; undefined for one that died. */
  readonly steps: readonly (StepReport | undefined)[];
  /** Envelopes that bridges carried. */
  readonly carried: number;
}

/** Whose transactions `FaultyFabric.members` sign. */
const SENDER = "sender";
const HOUR = 3_600;
/** Rounds without faults after which nothing can be left to do. */
const MAX_QUIET_ROUNDS = 40;

/**
 * Gives a fabric operators, relayers and nodes to which happens what the seed says. The fabric's own signers know nothing of it:
 * send through `members`, whose chains can be reorganised between any two transactions.
 *
 *     const faults = await withFaults(fabric, { seed: 7 });
 *     await faults.run(async () => {
 *       for (let round = 0; round < faults.schedule.plan.rounds; round++) {
 *         await send(faults.members);
 *         await faults.round();
 *       }
 *       await faults.end();
 *       await faults.deliverAll();
 *     }); // what it throws names the seed and what happened
 */
export async function withFaults(fabric: Fabric, options: FaultOptions): Promise<FaultyFabric> {
  const faulty = new FaultyFabric(fabric, options);
  await faulty.prepare();
  return faulty;
}

/** A fabric in which things go wrong: see {@link withFaults}. */
export class FaultyFabric {
  readonly schedule: FaultSchedule;
  /** L1 first. An account of their own signs, on nodes that neither fail nor lie. */
  readonly members: readonly RelayedMember[];
  /** As relayers meet them. */
  readonly operators: readonly OperatorClient[];
  readonly relayers: readonly FaultyRelayer[];
  readonly #fabric: Fabric;
  readonly #nodes: FaultyNodes;
  readonly #messages: MessageFaults;
  readonly #signed: SignedAnswer[] = [];
  readonly #calls: CallFaultEvent[] = [];
  readonly #rounds: FaultRound[] = [];
  #round = 0;
  #isOver = false;

  /** Use {@link withFaults}. */
  constructor(fabric: Fabric, { seed, faults, relayers = 2, steady = ["l1"], ...plan }: FaultOptions) {
    this.#fabric = fabric;
    const names = Array.from({ length: relayers }, (_, index) => `relayer-${index + 1}`);
    const subjects = {
      members: fabric.members.map(({ name, confirmations }) => ({
        name,
        maxDepth: steady.includes(name) ? 0 : confirmations,
      })),
      operators: fabric.operators.map(({ name }) => name),
      relayers: names,
    };
    const planned = planFaults(seed, subjects, { ...SOME_FAULTS, ...plan });
    this.schedule = faults === undefined ? planned : { ...planned, faults };
    const state: FaultState = {
      schedule: this.schedule,
      isOver: () => this.#isOver,
      isOn: (fits) => this.#isOn(fits),
      onCallFault: (event) => void this.#calls.push(event),
    };
    this.#nodes = new FaultyNodes(fabric, state);
    this.members = this.#nodes.honest(SENDER);
    this.#messages = new MessageFaults(this.schedule, this.members);
    const [{ chainId }] = fabric.members;
    const domain = { settlementChainId: chainId, serviceManager: fabric.contracts.serviceManager };
    this.operators = fabric.operators.map((operator) =>
      makeFaultyOperator(operator, domain, this.#nodes, {
        ...state,
        hasFallen: (name) => this.#hasFallen(name),
        onSigned: (answer) => void this.#signed.push(answer),
      }),
    );
    this.relayers = names.map((name) => {
      const make: ConstructorParameters<typeof FaultyRelayer>[0]["make"] = (lifeline, only) =>
        makeMortalRelayer(name, fabric, this.#nodes, this.operators, { lifeline, only });
      return new FaultyRelayer({ name, make, due: async () => await this.#due() });
    });
  }

  /** Who signs on the chain of the member of this name, so that it can be reorganised between any two transactions. Throws `faults/no-member`. */
  signerOn(member: string): Signer {
    const found = this.members.find(({ name }) => name === member);
    if (found !== undefined) return found.signer;
    const names = this.members.map(({ name }) => name).join(", ");
    throw new ParleyError("faults/no-member", `No member is named "${member}".`, `There are ${names}.`);
  }

  /** Everything that operators signed, heard or not, lies among it: what a watcher may be given to `hear`. */
  get signed(): readonly SignedAnswer[] {
    return this.#signed;
  }

  /** Names of the operators that signed two words by now. */
  get equivocators(): readonly string[] {
    return [...new Set(this.#signed.filter(({ isLie }) => isLie).map(({ operator }) => operator))];
  }

  /** Calls that went wrong so far, in order. */
  get calls(): readonly CallFaultEvent[] {
    return this.#calls;
  }

  /** What the rounds so far did. */
  get rounds(): readonly FaultRound[] {
    return this.#rounds;
  }

  /** Messages that were carried twice. */
  get doubled(): number {
    return this.#messages.doubled;
  }

  /** Gives all accounts what their transactions cost, and mines what can be taken back from the first round on. */
  async prepare(): Promise<void> {
    for (const owner of [SENDER, ...this.relayers.map(({ name }) => name)]) await this.#nodes.fund(owner);
    for (const { name, confirmations } of this.#fabric.members) await this.#nodes.chain(name).mine(confirmations);
  }

  /** The faults of the next round begin; each relayer takes a step, bridges carry what they carry, and each chain gets a block. */
  async round(): Promise<FaultRound> {
    const round = this.#round++;
    const began: FaultRound["began"][number][] = [];
    for (const fault of this.schedule.faults) {
      if (fault.round === round && !this.#isOver) began.push(await this.#begin(fault));
    }
    const steps: (StepReport | undefined)[] = [];
    for (const relayer of this.relayers) {
      const report = await relayer.step();
      steps.push(report);
      if (report !== undefined && !this.#isOver) await this.#messages.double(report);
    }
    const carried = await this.#derive();
    for (const chain of this.#nodes.chains) await chain.mine(1);
    const done = { round, began, steps, carried };
    this.#rounds.push(done);
    return done;
  }

  /** Ends all faults: whoever is left is reached, in time, and told the truth; clocks agree again. Who equivocated goes on to. */
  async end(): Promise<void> {
    this.#isOver = true;
    const times = await Promise.all(
      this.members.map(async ({ provider }) => Number((await readBlock(provider, "latest")).timestamp)),
    );
    const latest = Math.max(...times);
    for (const [place, { name }] of this.members.entries())
      await this.#passTime(name, latest - (times[place] ?? latest));
  }

  /** Has relayers and bridges work, and blocks become final, until a round changes nothing. Throws `faults/unquiet` if each does. */
  async deliverAll(): Promise<void> {
    for (let rounds = 0; rounds < MAX_QUIET_ROUNDS; rounds++) {
      for (const { name, confirmations } of this.#fabric.members) await this.#nodes.chain(name).mine(confirmations);
      const { steps, carried } = await this.round();
      const isQuiet = steps.every(
        (report) =>
          report !== undefined && report.delivered.length + report.published.length + report.revoked.length === 0,
      );
      if (carried === 0 && isQuiet) return;
    }
    throw new ParleyError(
      "faults/unquiet",
      `After ${MAX_QUIET_ROUNDS} rounds there is still something to do.`,
      "Call end() first: faults may keep it from being done.",
    );
  }

  /** Runs a test; an error that it throws tells the schedule, by which it can be seen again. */
  async run<Result>(body: () => Promise<Result>): Promise<Result> {
    try {
      return await body();
    } catch (error) {
      if (error instanceof Error) error.message += `\n\nUnder faults, in round ${this.#round}:\n${this.describe()}`;
      throw error;
    }
  }

  /** The schedule, and what came of it so far, for people. */
  describe(): string {
    const reorganised = this.#rounds.flatMap(({ round, began }) =>
      began.flatMap(({ reorganised: done }) =>
        done === undefined ? [] : [`  round ${round}: ${JSON.stringify(done)}`],
      ),
    );
    const happened = `so far ${this.#calls.length} calls went wrong, ${this.doubled} messages were carried twice`;
    return [describeSchedule(this.schedule), happened, ...reorganised].join("\n");
  }

  #isOn(fits: (fault: Fault) => boolean): boolean {
    const now = this.#round - 1;
    return !this.#isOver && this.schedule.faults.some((fault) => isOn(fault, now) && fits(fault));
  }

  /** Whether an operator equivocates by now: who has begun to never stops. */
  #hasFallen(name: string): boolean {
    return this.schedule.faults.some(
      (fault) => fault.kind === "equivocation" && fault.operator === name && fault.round < this.#round,
    );
  }

  async #begin(fault: Fault): Promise<FaultRound["began"][number]> {
    switch (fault.kind) {
      case "reorg": {
        const { round, member, depth, kept } = fault;
        const keeps = (place: number): boolean => chance(this.schedule.seed, "kept", round, member, place) < kept;
        return { ...fault, reorganised: await this.#nodes.chain(member).reorganise({ depth, keeps }) };
      }
      case "relayer-kill":
        this.relayers.find(({ name }) => name === fault.relayer)?.killAt(fault.request);
        return fault;
      case "stale-table": {
        const age: unknown = await this.#fabric.serviceManager.getFunction("TABLE_AGE").staticCall();
        for (const { name } of this.members) await this.#passTime(name, Number(age) + HOUR);
        return fault;
      }
      case "clock-skew":
        await this.#passTime(fault.member, fault.seconds);
        return fault;
      case "outage":
      case "equivocation":
      case "lying-node":
        return fault; // at work as long as `isOn` says
    }
  }

  async #passTime(member: string, seconds: number): Promise<void> {
    const { provider } = this.#nodes.chain(member);
    if (seconds > 0) await provider.request({ method: "evm_increaseTime", params: [seconds] });
    await provider.request({ method: "hardhat_mine", params: ["0x1"] });
  }

  /** What bridges carried cannot be taken back at one end alone: no chain is reorganised past it. */
  async #derive(): Promise<number> {
    if (this.#isOn(({ kind }) => kind === "stale-table")) return 0;
    const carried = await this.#fabric.derive();
    if (carried > 0) for (const chain of this.#nodes.chains) chain.forget();
    return carried;
  }

  async #due(): ReturnType<MessageFaults["due"]> {
    return this.#isOver ? undefined : await this.#messages.due(this.#round);
  }
}
