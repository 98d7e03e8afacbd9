/** Operators of a simulated L1, made through EigenLayer's own entry points. */
import { computeAddress, id, type Provider, type Signer, SigningKey, Wallet } from "ethers";

import type { OperatorSet } from "../chain/eigenlayer.ts";
import { encodeRegistration } from "../chain/registration.ts";
import { fund } from "./cheats.ts";
import { type ChainProvider, createOperator } from "./eigenlayer.ts";

/** An operator: its account on L1, and the key it signs certificates with. */
export interface DevnetOperator {
  readonly name: string;
  readonly account: Signer;
  readonly address: string;
  readonly key: SigningKey;
  /** Address of the signing key, as tables list it. */
  readonly keyAddress: string;
}

/** What every operator stakes. */
export const OPERATOR_STAKE = 32n * 10n ** 18n;

/** What every operator deposits as its bond. */
export const OPERATOR_BOND = 10n ** 18n;

const BALANCE = 100n * 10n ** 18n;

/** The operator of this number, from 1. Its keys are known to everyone: it is for simulated chains alone. */
export function devnetOperator(number: number, reader: Provider): DevnetOperator {
  const account = new Wallet(id(`parley.devnet.operator.${number}.account`), reader);
  const key = new SigningKey(id(`parley.devnet.operator.${number}.key`));
  return {
    name: `operator-${number}`,
    account,
    address: account.address,
    key,
    keyAddress: computeAddress(key.publicKey),
  };
}

/**
 * Makes operators of equal stake in an operator set: each deposits, registers, allocates all, registers its key, deposits its bond
 * and enters.
 */
export async function createOperators(
  l1: { provider: ChainProvider; reader: Provider },
  plan: {
    count: number;
    operatorSet: OperatorSet;
    token: string;
    strategy: string;
    /** Where the operator of this name answers; its name alone, if it answers in this process. */
    endpoint?: (name: string) => string;
  },
): Promise<DevnetOperator[]> {
  const { count, operatorSet, token, strategy } = plan;
  const operators = Array.from({ length: count }, (_, index) => devnetOperator(index + 1, l1.reader));
  for (const { name, account, address, key } of operators) {
    await fund(l1.provider, address, BALANCE);
    await createOperator({
      ...{ operator: account, key, operatorSet, token, strategy, stake: OPERATOR_STAKE, bond: OPERATOR_BOND },
      data: encodeRegistration({ endpoint: plan.endpoint?.(name) ?? name }),
    });
  }
  return operators;
}
