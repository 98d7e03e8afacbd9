import { formatEther } from "ethers";

import { stakeWeight, type Membership } from "./membership.ts";
import { allocationStep, type StrategyAllocation } from "./planAllocation.ts";

/** The steps from nothing to membership, in their order. */
export const REGISTRATION_STEPS = ["operator", "stake", "allocation", "key", "bond", "membership"] as const;
export type RegistrationStepName = (typeof REGISTRATION_STEPS)[number];

/** `waiting`: it was done, and has its effect later; `blocked`: it needs something that is not there. */
export type StepStatus = "done" | "open" | "waiting" | "blocked";

export interface RegistrationStep {
  readonly name: RegistrationStepName;
  readonly status: StepStatus;
  /** For people: how things are, or what would be done. */
  readonly detail: string;
  /** Of `allocation`: how far each strategy that counts is. */
  readonly strategies?: readonly StrategyAllocation[];
}

/** What somebody who registers brings. */
export interface RegistrationOffer {
  /** What it deposits first into the first strategy, in the token's smallest unit; undefined to deposit nothing. */
  readonly deposit: bigint | undefined;
  /** Address of the key that it wants to sign with; undefined if none was given. */
  readonly key: string | undefined;
  /** Where it will answer; undefined if it was not said. */
  readonly endpoint: string | undefined;
}

/** What is done of it, and what there is to do. */
export function planRegistration(membership: Membership, offer: RegistrationOffer): readonly RegistrationStep[] {
  return [
    // First, because what is deposited counts for an operator alone.
    membership.isOperator
      ? { name: "operator", status: "done", detail: "EigenLayer knows it as an operator" }
      : { name: "operator", status: "open", detail: "become an operator of EigenLayer" },
    stakeStep(membership, offer),
    allocationStep(membership, offer),
    keyStep(membership, offer),
    bondStep(membership),
    membershipStep(membership, offer),
  ];
}

function stakeStep(membership: Membership, { deposit }: RegistrationOffer): RegistrationStep {
  const { minWeight, stakes } = membership;
  const weight = stakeWeight(membership);
  const name = "stake";
  if (weight >= minWeight) return { name, status: "done", detail: `stake of weight ${formatEther(weight)}` };
  const found = stakes.some(({ shares }) => shares > 0n)
    ? `stake of weight ${formatEther(weight)}`
    : `no stake in any strategy that counts (${stakes.map(({ strategy }) => strategy).join(", ")})`;
  const missing = `${found}, but weight ${formatEther(minWeight)} is needed`;
  return deposit === undefined
    ? { name, status: "blocked", detail: `${missing}: deposit with --deposit, or have somebody delegate` }
    : {
        name,
        status: "open",
        detail: `${missing}: deposit ${deposit} of the first strategy's token, in its smallest unit`,
      };
}

function keyStep({ key }: Membership, offer: RegistrationOffer): RegistrationStep {
  const name = "key";
  if (key !== undefined) return { name, status: "done", detail: `signs with ${key}` };
  return offer.key === undefined
    ? { name, status: "blocked", detail: "no signing key: make one with operator:keygen and name it with --key" }
    : { name, status: "open", detail: `register ${offer.key} as its signing key` };
}

function bondStep({ bond, requiredBond }: Membership): RegistrationStep {
  const name = "bond";
  return bond >= requiredBond
    ? { name, status: "done", detail: `bond of ${formatEther(bond)} ETH` }
    : { name, status: "open", detail: `deposit ${formatEther(requiredBond - bond)} ETH as its bond` };
}

function membershipStep({ isMember, seat }: Membership, { endpoint }: RegistrationOffer): RegistrationStep {
  const name = "membership";
  if (isMember) {
    const where = seat === undefined ? "the next table lists it" : `the latest table lists it`;
    return { name, status: "done", detail: `in Parley's operator set; ${where}` };
  }
  return endpoint === undefined
    ? { name, status: "blocked", detail: "not in the operator set: say where it answers with --endpoint" }
    : { name, status: "open", detail: `enter Parley's operator set, answering at ${endpoint}` };
}
