/** What of an operator's stake Parley may slash, strategy by strategy, and what is still to be allocated to it. */
import { formatEther } from "ethers";

import { shareWeight, slashableWeight, stakeWeight, type Membership, type StrategyStake } from "./membership.ts";
import type { RegistrationOffer, RegistrationStep, StepStatus } from "./planRegistration.ts";

/** A strategy of the operator set, and how far the operator's stake in it is. */
export interface StrategyAllocation {
  readonly strategy: string;
  /** What the stake in it would weigh if all of it could be slashed. */
  readonly weight: bigint;
  /** What of that Parley may slash, and nobody takes back. */
  readonly slashable: bigint;
  /** As of a step; `none`: there is no stake in it. */
  readonly status: StepStatus | "none";
  /** For people. */
  readonly detail: string;
}

/** Every strategy that counts. One of which a part is allocated is left as its operator has it. */
export function planAllocations(
  membership: Pick<Membership, "stakes" | "minWeight">,
  { deposit }: Pick<RegistrationOffer, "deposit">,
): readonly StrategyAllocation[] {
  const deposits = deposit !== undefined && stakeWeight(membership) < membership.minWeight;
  return membership.stakes.map((stake, place) => {
    const weight = shareWeight(stake, stake.shares);
    const { status, detail } = allocationOf(stake, deposits && place === 0);
    return { strategy: stake.strategy, weight, slashable: slashableWeight(stake), status, detail };
  });
}

function allocationOf(stake: StrategyStake, isDepositedInto: boolean): Pick<StrategyAllocation, "status" | "detail"> {
  const { shares, allocated, pending, allocatable } = stake;
  if (shares === 0n && !isDepositedInto) return { status: "none", detail: "no stake in it" };
  const weight = `stake of weight ${formatEther(shareWeight(stake, shares))}`;
  if (pending?.allocated === 0n) {
    const until = `Parley may slash it until L1's block ${pending.effectBlock}, it can be allocated again then`;
    return { status: "waiting", detail: `${weight}: taken back, ${until}` };
  }
  if (allocated > 0n) {
    const slashable = slashableWeight(stake);
    return { status: "done", detail: `${weight}: Parley may slash ${formatEther(slashable)} of it` };
  }
  if (pending !== undefined) {
    return { status: "waiting", detail: `${weight}: allocated, with effect from L1's block ${pending.effectBlock} on` };
  }
  if (allocatable === 0n) {
    return { status: "blocked", detail: `${weight}: all of it is allocated to other operator sets` };
  }
  return { status: "open", detail: shares === 0n ? "allocate what is deposited" : `${weight}: allocate it` };
}

/** The step that has Parley's operator set slash the stake in every strategy in which there is some. */
export function allocationStep(membership: Membership, offer: RegistrationOffer): RegistrationStep {
  const strategies = planAllocations(membership, offer);
  const having = (status: StrategyAllocation["status"]): readonly StrategyAllocation[] =>
    strategies.filter((one) => one.status === status);
  const step = (status: StepStatus, detail: string): RegistrationStep => ({
    name: "allocation",
    status,
    detail,
    strategies,
  });
  const [open, waiting, done] = [having("open"), having("waiting"), having("done")];
  if (open.length > 0) return step("open", `allocate the stake in ${counted(open.length)} to Parley's operator set`);

  const { minWeight } = membership;
  const slashable = strategies.reduce((sum, one) => sum + one.slashable, 0n);
  if (waiting.length > 0 && slashable < minWeight) {
    const blocks = membership.stakes.flatMap(({ pending }) => pending?.effectBlock ?? []);
    const last = blocks.reduce((latest, block) => (block > latest ? block : latest), 0n);
    return step("waiting", `what was changed in ${counted(waiting.length)} has its effect from L1's block ${last} on`);
  }
  const may = `Parley may slash stake of weight ${formatEther(slashable)}`;
  if (done.length > 0) {
    // Too little stake is what the step before this one tells.
    return slashable >= minWeight || stakeWeight(membership) < minWeight
      ? step("done", `${may}, in ${counted(done.length)}`)
      : step("blocked", `${may}, but ${formatEther(minWeight)} is needed: allocate more of the stake to Parley`);
  }
  return having("blocked").length > 0
    ? step("blocked", "all stake is allocated to other operator sets: free some of it first")
    : step("blocked", "there is no stake to allocate in any strategy that counts");
}

const counted = (strategies: number): string => (strategies === 1 ? "1 strategy" : `${strategies} strategies`);
