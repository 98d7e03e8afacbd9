import { BaseWallet, keccak256, type Provider, type Signer, type TransactionRequest } from "ethers";

import type { Fees } from "../chain/feesNow.ts";
import type { Hex } from "../wire/index.ts";
import type { Attempt, PendingTransaction } from "./pendingTransactions.ts";

/** Turns transactions into attempts that a node can take. */
export type SendingAccount = {
  /** In lower case. */
  readonly address: Hex;
  /** Prepares an attempt: signed, where the key is here. Nothing leaves. */
  prepare(transaction: Numbered, fees: Fees, now: number): Promise<Attempt>;
  /** Hands an attempt to the node. Answers its hash; rejects as the node does. */
  hand(transaction: Numbered, attempt: Attempt): Promise<Hex>;
};

/** A transaction with its nonce. */
export type Numbered = Pick<PendingTransaction, "nonce" | "to" | "data" | "value" | "gasLimit">;

/** The account of a signer that is connected to the chain: with its own key, or one that the node keeps. */
export async function accountOf(signer: Signer, chainId: bigint): Promise<SendingAccount> {
  const address = (await signer.getAddress()).toLowerCase();
  const request = ({ nonce, to, data, value, gasLimit }: Numbered, fees: Fees): TransactionRequest => ({
    ...{ nonce, to, data, value, gasLimit, chainId, ...fees },
    type: "gasPrice" in fees ? 0 : 2,
  });
  if (!(signer instanceof BaseWallet)) {
    return {
      address,
      prepare: (_, fees, sentAt) => Promise.resolve({ fees, hash: undefined, raw: undefined, sentAt }),
      hand: async (transaction, { fees }) => (await signer.sendTransaction(request(transaction, fees))).hash,
    };
  }
  const wallet = signer;
  return {
    address,
    prepare: async (transaction, fees, sentAt) => {
      const raw = await wallet.signTransaction(request(transaction, fees));
      return { fees, hash: keccak256(raw), raw, sentAt };
    },
    hand: async (transaction, { raw, hash, fees }) => {
      const signed = raw ?? (await wallet.signTransaction(request(transaction, fees)));
      await handRaw(wallet.provider, signed);
      return hash ?? keccak256(signed);
    },
  };
}

/** A node that takes requests as JSON-RPC has them. */
type RawNode = { send(method: string, params: unknown[]): Promise<unknown> };

/**
 * Hands a signed transaction to a node. `broadcastTransaction` would read it again, and find out who signed it: milliseconds for
 * what is known.
 */
async function handRaw(provider: Provider | null, raw: Hex): Promise<void> {
  if (provider === null) throw new Error("the account is connected to a chain");
  const { send } = provider as Partial<RawNode>;
  if (send === undefined) await provider.broadcastTransaction(raw);
  else await send.call(provider, "eth_sendRawTransaction", [raw]);
}
