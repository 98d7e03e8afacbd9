import { Contract, ZeroAddress, type ContractTransactionResponse, type SigningKey } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { IDelegationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IDelegationManager__factory.ts";
import { IKeyRegistrar__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IKeyRegistrar__factory.ts";
import { IStrategy__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IStrategy__factory.ts";
import { IStrategyManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IStrategyManager__factory.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import type { SettlementAccess } from "../agents/relaying/types.ts";
import { operatorSigner } from "../agents/operatorSigner.ts";
import { EIGENLAYER } from "../chain/eigenlayer.ts";
import { keyRegistration } from "../chain/keyRegistration.ts";
import { encodeRegistration } from "../chain/registration.ts";
import { ParleyError } from "../errors.ts";
import { keyTypeOf, type Bn254Key, type Hex } from "../wire/index.ts";
import { readMembership, type Membership } from "./membership.ts";
import { planAllocations } from "./planAllocation.ts";
import {
  planRegistration,
  REGISTRATION_STEPS,
  type RegistrationOffer,
  type RegistrationStep,
  type RegistrationStepName,
} from "./planRegistration.ts";
import { transact } from "./transact.ts";

/** How an account is to become an operator. */
export interface RegistrationOrder {
  /** What it deposits into the first strategy if its stake is too small, in the token's smallest unit. */
  readonly deposit: bigint | undefined;
  /** What it signs with; not needed if it has registered a key already. */
  readonly key: SigningKey | Bn254Key | undefined;
  readonly endpoint: string | undefined;
  /** Where the operator describes itself; EigenLayer's `metadataURI`. */
  readonly metadata: string;
  /** L1's blocks between an allocation and its effect, for a new operator of EigenLayer. */
  readonly allocationDelay: number;
  /** A lighter operator to take the place of if the set is full. */
  readonly evicted: string | undefined;
}

/** A step that was taken in this run. */
export interface TakenStep {
  readonly name: RegistrationStepName;
  readonly transactions: readonly Hex[];
}

export interface Registration {
  readonly membership: Membership;
  readonly steps: readonly RegistrationStep[];
  readonly taken: readonly TakenStep[];
}

export const offerOf = ({ deposit, key, endpoint }: RegistrationOrder): RegistrationOffer => ({
  deposit,
  key: key === undefined ? undefined : operatorSigner(key).address,
  endpoint,
});

/**
 * How far the account is, and what is to be done. Throws `operator/tombstoned`, `operator/other-key`,
 * `operator/other-key-type` where no step would help.
 */
export async function planMembership(
  operator: string,
  order: RegistrationOrder,
  l1: SettlementAccess,
): Promise<Pick<Registration, "membership" | "steps">> {
  const membership = await readMembership(operator, l1);
  if (membership.isTombstoned) {
    throw new ParleyError(
      "operator/tombstoned",
      `${operator} was convicted: it never becomes an operator of Parley again.`,
      "Nothing can change that; operator:deregister gets back what is left of its bond.",
    );
  }
  const offer = offerOf(order);
  if (order.key !== undefined && keyTypeOf(order.key) !== membership.keyType) {
    throw new ParleyError(
      "operator/other-key-type",
      `Operators of this deployment sign with ${membership.keyType} keys; the given one is of ${keyTypeOf(order.key)}.`,
      `Make one with operator:keygen --key-type ${membership.keyType}.`,
    );
  }
  if (membership.key !== undefined && offer.key !== undefined && membership.key !== offer.key) {
    throw new ParleyError(
      "operator/other-key",
      `${operator} signs with ${membership.key}; the given key is ${offer.key}.`,
      "Name the keystore of the key that it registered, or leave out --key.",
    );
  }
  return { membership, steps: planRegistration(membership, offer) };
}

/**
 * Takes the steps to membership that are not taken yet; run again, it goes on where it stopped. Stops without an error where a
 * step has its effect later. Throws `operator/blocked`, `operator/step-failed`, and as {@link planMembership} does.
 */
export async function registerOperator(
  order: RegistrationOrder,
  l1: SettlementAccess,
  onStep: (step: RegistrationStep) => void = () => undefined,
): Promise<Registration> {
  const operator = await l1.signer.getAddress();
  const taken: TakenStep[] = [];
  for (const name of REGISTRATION_STEPS) {
    const { membership, steps } = await planMembership(operator, order, l1);
    const step = steps.find((one) => one.name === name);
    if (step === undefined || step.status === "done" || step.status === "waiting") continue;
    if (name === "membership" && steps.some(({ status }) => status === "waiting")) break;
    if (step.status === "blocked") {
      throw new ParleyError(
        "operator/blocked",
        `${operator} cannot become an operator yet: ${step.detail}.`,
        "What was done stays done; run operator:register again.",
      );
    }
    onStep(step);
    taken.push({ name, transactions: await takeStep(name, { operator, membership, order, l1 }) });
  }
  return { ...(await planMembership(operator, order, l1)), taken };
}

/** What a step needs. */
interface StepContext {
  readonly operator: string;
  readonly membership: Membership;
  readonly order: RegistrationOrder;
  readonly l1: SettlementAccess;
}

async function takeStep(name: RegistrationStepName, context: StepContext): Promise<readonly Hex[]> {
  const { operator, membership, order, l1 } = context;
  const { signer, serviceManager } = l1;
  const manager = contractAt(IServiceManager__factory, serviceManager, signer);
  const operatorSet = { avs: serviceManager, id: await manager.OPERATOR_SET_ID() };
  const send = async (call: () => Promise<ContractTransactionResponse>): Promise<Hex> => await transact(name, call);
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, signer);
  switch (name) {
    case "operator": {
      const delegation = contractAt(IDelegationManager__factory, EIGENLAYER.delegationManager, signer);
      const call = [ZeroAddress, order.allocationDelay, order.metadata] as const;
      return [await send(() => delegation.registerAsOperator(...call))];
    }
    case "stake":
      return await depositStake(context, send);
    case "allocation": {
      const plans = planAllocations(membership, order);
      const due = membership.stakes.filter((_, place) => plans[place]?.status === "open");
      const strategies = due.map(({ strategy }) => strategy);
      const newMagnitudes = due.map(({ allocatable }) => allocatable);
      const params = [{ operatorSet, strategies, newMagnitudes }];
      return [await send(() => allocations.modifyAllocations(operator, params))];
    }
    case "key": {
      const { key } = order;
      if (key === undefined) throw new Error("a step without a key is blocked");
      const registrar = contractAt(IKeyRegistrar__factory, EIGENLAYER.keyRegistrar, signer);
      const { bytes, proof } = await keyRegistration(key, (method, data) =>
        registrar[method](operator, operatorSet, data),
      );
      return [await send(() => registrar.registerKey(operator, operatorSet, bytes, proof))];
    }
    case "bond": {
      const value = membership.requiredBond - membership.bond;
      return [await send(() => manager.depositBond(operator, { value }))];
    }
    case "membership": {
      const { endpoint, evicted } = order;
      if (endpoint === undefined) throw new Error("a step without an endpoint is blocked");
      const data = encodeRegistration({ endpoint, ...(evicted === undefined ? {} : { evicted }) });
      const params = { avs: serviceManager, operatorSetIds: [operatorSet.id], data };
      return [await send(() => allocations.registerForOperatorSets(operator, params))];
    }
  }
}

async function depositStake(
  { membership, order, l1 }: StepContext,
  send: (call: () => Promise<ContractTransactionResponse>) => Promise<Hex>,
): Promise<readonly Hex[]> {
  const { signer } = l1;
  const strategy = membership.stakes[0]?.strategy;
  const amount = order.deposit;
  if (strategy === undefined || amount === undefined) throw new Error("a step without a deposit is blocked");
  const tokenAddress = await contractAt(IStrategy__factory, strategy, signer).underlyingToken();
  const approve = "function approve(address spender, uint256 amount) returns (bool)";
  const token = new Contract(tokenAddress, [approve], signer).getFunction("approve");
  const strategies = contractAt(IStrategyManager__factory, EIGENLAYER.strategyManager, signer);
  return [
    await send(() => token.send(EIGENLAYER.strategyManager, amount)),
    await send(() => strategies.depositIntoStrategy(strategy, tokenAddress, amount)),
  ];
}
