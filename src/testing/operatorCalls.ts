/** What an account has to call to become an operator of a set on a simulated chain. */
import { Interface, type Provider, type SigningKey, ZeroAddress } from "ethers";

import { EIGENLAYER, EIGENLAYER_INTERFACE, type EigenLayerContract, type OperatorSet } from "../chain/eigenlayer.ts";
import { keyRegistration } from "../chain/keyRegistration.ts";
import type { Bn254Key, Hex } from "../wire/index.ts";

/** The devnet's token (contracts/devnet/DevnetToken.sol), as stakers use it. */
export const TOKEN = new Interface([
  "function mint(address to, uint256 amount)",
  "function approve(address spender, uint256 amount) returns (bool)",
  "function balanceOf(address account) view returns (uint256)",
  "function allowance(address owner, address spender) view returns (uint256)",
]);

/** The ServiceManager, as far as it keeps bonds. */
export const BONDS = new Interface([
  "function depositBond(address operator) payable",
  "function bondOf(address operator) view returns (uint256)",
]);

/** What an account is to become. */
export interface OperatorGoal {
  readonly account: string;
  /** What it signs with in the set. */
  readonly key: SigningKey | Bn254Key;
  readonly operatorSet: OperatorSet;
  readonly token: string;
  readonly strategy: string;
  /** Its own deposit, in the token's smallest unit. */
  readonly stake: bigint;
  /** The part of its stake that the set may slash. */
  readonly magnitude: bigint;
  /** Wei that it deposits at the AVS. */
  readonly bond: bigint;
  /** What the AVS's registrar asks for. */
  readonly data: string;
}

/** A call of the account itself. */
export interface OperatorCall {
  readonly to: string;
  readonly data: string;
  readonly value: bigint;
}

/** A contract, and how it is called. */
class Callee {
  readonly #reader: Provider;
  readonly #address: string;
  readonly #interface: Interface;

  constructor(reader: Provider, address: string, abi: Interface) {
    this.#reader = reader;
    this.#address = address;
    this.#interface = abi;
  }

  /** The first value that a view answers. */
  async ask<Value>(method: string, ...args: unknown[]): Promise<Value> {
    const data = this.#interface.encodeFunctionData(method, args);
    const answer = await this.#reader.call({ to: this.#address, data });
    return this.#interface.decodeFunctionResult(method, answer)[0] as Value;
  }

  call(method: string, args: readonly unknown[], value = 0n): OperatorCall {
    return { to: this.#address, data: this.#interface.encodeFunctionData(method, args), value };
  }
}

/** More gas than any of them takes, with EigenLayer's own contracts too. */
export const OPERATOR_CALL_GAS = 2_000_000n;

/** The calls that are missing, in order: what was done before is not done again. */
export async function missingCalls(reader: Provider, goal: OperatorGoal): Promise<OperatorCall[]> {
  const { account, operatorSet, strategy } = goal;
  const eigenLayer = (contract: EigenLayerContract): Callee =>
    new Callee(reader, EIGENLAYER[contract], EIGENLAYER_INTERFACE[contract]);
  const allocations = eigenLayer("allocationManager");
  const delegations = eigenLayer("delegationManager");
  const keys = eigenLayer("keyRegistrar");
  const strategies = eigenLayer("strategyManager");
  const token = new Callee(reader, goal.token, TOKEN);
  const bonds = new Callee(reader, operatorSet.avs, BONDS);
  // Who never sent anything has done nothing: most of it need not be asked.
  const isNew = (await reader.getTransactionCount(account, "pending")) === 0;

  const calls: OperatorCall[] = [];
  if (!isNew && (await allocations.ask<boolean>("isMemberOfOperatorSet", account, operatorSet))) return calls;
  if (isNew || (await strategies.ask<bigint>("stakerDepositShares", account, strategy)) === 0n) {
    const { strategyManager } = EIGENLAYER;
    if (isNew || (await token.ask<bigint>("balanceOf", account)) < goal.stake) {
      calls.push(token.call("mint", [account, goal.stake]));
    }
    if (isNew || (await token.ask<bigint>("allowance", account, strategyManager)) < goal.stake) {
      calls.push(token.call("approve", [strategyManager, goal.stake]));
    }
    calls.push(strategies.call("depositIntoStrategy", [strategy, goal.token, goal.stake]));
  }
  if (isNew || !(await delegations.ask<boolean>("isOperator", account))) {
    calls.push(delegations.call("registerAsOperator", [ZeroAddress, 0n, ""])); // what it allocates counts at once
  }
  const isAllocated = async (): Promise<boolean> => {
    const allocation = allocations.ask<{ currentMagnitude: bigint }>("getAllocation", account, operatorSet, strategy);
    return (await allocation).currentMagnitude !== 0n;
  };
  if (isNew || !(await isAllocated())) {
    const allocation = { operatorSet, strategies: [strategy], newMagnitudes: [goal.magnitude] };
    calls.push(allocations.call("modifyAllocations", [account, [allocation]]));
  }
  if (isNew || !(await keys.ask<boolean>("isRegistered", operatorSet, account))) {
    const { bytes, proof } = await keyRegistration(goal.key, (method, key) =>
      keys.ask<Hex>(method, account, operatorSet, key),
    );
    calls.push(keys.call("registerKey", [account, operatorSet, bytes, proof]));
  }
  const missing = goal.bond === 0n ? 0n : goal.bond - (await bonds.ask<bigint>("bondOf", account));
  if (missing > 0n) calls.push(bonds.call("depositBond", [account], missing));
  const entry = { avs: operatorSet.avs, operatorSetIds: [operatorSet.id], data: goal.data };
  calls.push(allocations.call("registerForOperatorSets", [account, entry]));
  return calls;
}
