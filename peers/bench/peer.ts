/** What is measured of Parley and of each peer, under the same conditions. */
import type { HardhatEthers, HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { ethers, type Contract, type ContractTransactionResponse } from "ethers";
import type { NetworkConnection } from "hardhat/types/network";

import type { Hex } from "../../src/wire/index.ts";
import type { Batcher } from "../../types/ethers-contracts/index.js";

/** Gas by receipts; that of a batch is of a message. Null where there is nothing to measure. */
export type Figures = {
  readonly send32: number | null;
  readonly send256: number | null;
  readonly deliver32: number;
  readonly deliver256: number;
  readonly batch32: number;
  readonly batch256: number;
};

/** A protocol in one set-up. */
export type Measured = Figures & {
  readonly name: string;
  readonly version: string;
  /** On whose word a message counts. */
  readonly trust: string;
  /** Signatures that are verified for a message, and how many could be. */
  readonly signatures: string;
  /** Transactions at the destination, for one message. */
  readonly transactions: number;
  /** How its batch is made. */
  readonly batch: string;
  /** What of it is not its own contracts, or not as in production. */
  readonly played: string;
};

/** What every set-up stands on. */
export type Ground = {
  readonly connection: NetworkConnection;
  readonly ethers: HardhatEthers;
  /** Deploys and owns. */
  readonly owner: HardhatEthersSigner;
  /** Holds the peers' proxies. */
  readonly proxyAdmin: HardhatEthersSigner;
  /** Sends and relays. */
  readonly user: HardhatEthersSigner;
  readonly batcher: Batcher;
};

/** Messages of a batch. */
export const BATCH = 50;
const WARM_UPS = 4;
const ROUNDS = 16;

/** Who signs: 8 keys, ascending by address. */
export const KEYS = Array.from(
  { length: 8 },
  (_, i) => new ethers.SigningKey(ethers.id(`peers' signer ${i.toString()}`)),
)
  .map((key) => ({ key, address: ethers.computeAddress(key) }))
  .sort((a, b) => (a.address.toLowerCase() < b.address.toLowerCase() ? -1 : 1));

/** Signatures of the first keys over a hash, as 65 bytes each. */
export const sign = (digest: Hex, signers: number): Hex[] =>
  KEYS.slice(0, signers).map(({ key }) => key.sign(digest).serialized);

/** A digest as wallets sign messages (EIP-191). */
export const signedMessage = (digest: Hex): Hex => ethers.hashMessage(ethers.getBytes(digest));

/** Bytes that look random, the same in every run. */
export function payloads(length: number): () => Hex {
  let state = ethers.id(`payload ${length.toString()}`);
  return () => {
    const words: Hex[] = [];
    for (let i = 0; i < length; i += 32) words.push((state = ethers.keccak256(state)));
    return ethers.dataSlice(ethers.concat(words), 0, length);
  };
}

/** Gas of a transaction, which must have emitted so many events. */
export async function gasOf(sent: Promise<ContractTransactionResponse>, logs: number): Promise<number> {
  const receipt = await (await sent).wait();
  if (receipt?.logs.length !== logs)
    throw new Error(`${String(receipt?.logs.length)} events instead of ${logs.toString()}: not what was to happen.`);
  return Number(receipt.gasUsed);
}

/** Calls a contract many times in one transaction. */
export async function inOne(
  ground: Ground,
  contract: Contract,
  method: string,
  calls: readonly unknown[][],
): Promise<ContractTransactionResponse> {
  const data = calls.map((args) => contract.interface.encodeFunctionData(method, args));
  return await ground.batcher.each(contract.target, data, { gasLimit: 16_000_000 });
}

/** Mean of the rounds that follow the warm-ups. */
export async function steady(round: () => Promise<number>, warmUps = WARM_UPS): Promise<number> {
  let sum = 0;
  for (let i = 0; i < warmUps + ROUNDS; ++i) {
    const gas = await round();
    if (i >= warmUps) sum += gas;
  }
  return Math.round(sum / ROUNDS);
}

/** What a set-up can do with a payload. */
export type Actions = {
  /** Sends a message; null where sending is no contract's. */
  readonly send: ((payload: Hex) => Promise<number>) | null;
  /** Delivers one message that was sent elsewhere, by all the transactions that it takes. */
  readonly deliver: (payload: Hex) => Promise<number>;
  /** Delivers many, in as few transactions as can be; gas of all of them. */
  readonly deliverMany: (payloads: readonly Hex[]) => Promise<number>;
};

/** Measures a set-up. */
export async function figuresOf({ send, deliver, deliverMany }: Actions, sendWarmUps = WARM_UPS): Promise<Figures> {
  const [short, long] = [payloads(32), payloads(256)];
  const many = async (payload: () => Hex): Promise<number> => {
    await deliverMany(Array.from({ length: BATCH }, payload));
    return Math.round((await deliverMany(Array.from({ length: BATCH }, payload))) / BATCH);
  };
  return {
    send32: send && (await steady(() => send(short()), sendWarmUps)),
    send256: send && (await steady(() => send(long()))),
    deliver32: await steady(() => deliver(short())),
    deliver256: await steady(() => deliver(long())),
    batch32: await many(short),
    batch256: await many(long),
  };
}
