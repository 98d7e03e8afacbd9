/** Operators of a simulated L1, made through EigenLayer's own entry points. */
import { id, type Provider, type Signer, SigningKey, Wallet } from "ethers";

import { operatorSigner } from "../agents/operatorSigner.ts";
import { FULL_MAGNITUDE, type OperatorSet } from "../chain/eigenlayer.ts";
import { encodeRegistration } from "../chain/registration.ts";
import { Bn254Key, type KeyType } from "../wire/index.ts";
import { fund, requireMined, type Sent, sendAs } from "./cheats.ts";
import type { ChainProvider } from "./eigenlayer.ts";
import { missingCalls, OPERATOR_CALL_GAS } from "./operatorCalls.ts";

/** An operator: its account on L1, and the key it signs certificates with. */
export interface DevnetOperator {
  readonly name: string;
  readonly account: Signer;
  readonly address: string;
  readonly key: SigningKey | Bn254Key;
  /** Id of the signing key: an ECDSA key's address. */
  readonly keyAddress: string;
}

/** What every operator stakes, unless it is said otherwise. */
export const OPERATOR_STAKE = 32n * 10n ** 18n;

/** Wei that every operator deposits as its bond, unless it is said otherwise. */
export const OPERATOR_BOND = 10n ** 18n;

/** Wei for what its transactions cost. */
const BALANCE = 100n * 10n ** 18n;
const LEAST_BALANCE = 10n ** 18n;

/** The operators that are to be, of equal stake. */
export interface OperatorsPlan {
  readonly count: number;
  /** What they sign with; ECDSA keys if left out. */
  readonly keyType?: KeyType;
  readonly operatorSet: OperatorSet;
  readonly token: string;
  readonly strategy: string;
  /** Of each, in the token's smallest unit. */
  readonly stake?: bigint;
  /** Of each, wei. */
  readonly bond?: bigint;
}

/** The operator of this number, from 1. Its keys are known to everyone: it is for simulated chains alone. */
export function devnetOperator(number: number, reader: Provider, keyType: KeyType = "ecdsa"): DevnetOperator {
  const account = new Wallet(id(`parley.devnet.operator.${number}.account`), reader);
  const secret = id(`parley.devnet.operator.${number}.key`);
  // Not every 32 bytes are a BN254 key: the first byte of these is zero.
  const key = keyType === "bn254" ? new Bn254Key(`0x00${secret.slice(4)}`) : new SigningKey(secret);
  return {
    name: `operator-${number}`,
    account,
    address: account.address,
    key,
    keyAddress: operatorSigner(key).address,
  };
}

/**
 * Makes operators of equal stake in an operator set: each deposits, registers, allocates all, registers its key, deposits its bond
 * and enters. What an operator has done before, it does not do again. Its endpoint is its name: it answers in this process, or
 * where the addresses file says. The chain sends in their names, unsigned, and nothing is waited for before all is sent.
 */
export async function createOperators(
  l1: { provider: ChainProvider; reader: Provider },
  { count, keyType, stake = OPERATOR_STAKE, bond = OPERATOR_BOND, ...place }: OperatorsPlan,
): Promise<DevnetOperator[]> {
  const operators = Array.from({ length: count }, (_, index) => devnetOperator(index + 1, l1.reader, keyType));
  const sent: Sent[] = [];
  for (const { name, address, key } of operators) {
    if ((await l1.reader.getBalance(address)) < LEAST_BALANCE + bond) await fund(l1.provider, address, BALANCE + bond);
    const goal = { account: address, key, stake, bond, magnitude: FULL_MAGNITUDE, ...place };
    const calls = await missingCalls(l1.reader, { ...goal, data: encodeRegistration({ endpoint: name }) });
    sent.push(...(await sendAs(l1.provider, { from: address, gas: OPERATOR_CALL_GAS }, calls)));
  }
  for (const transaction of sent) await requireMined(l1.provider, transaction);
  return operators;
}
