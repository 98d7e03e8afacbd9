/** Withdrawals: what the message passer keeps, and the proof that it does, by the rollup's own state. */
import { AbiCoder, type Contract, keccak256, ZeroHash } from "ethers";
import { z } from "zod";

import type { Hex } from "../../../../src/wire/index.ts";
import type { ConnectionLike } from "../connection.ts";
import { PREDEPLOYS } from "./contracts.ts";

/** A call that the portal is to make. */
export interface Withdrawal {
  readonly hash: Hex;
  /** As the portal takes it. */
  readonly call: {
    readonly nonce: bigint;
    readonly sender: string;
    readonly target: string;
    readonly value: bigint;
    readonly gasLimit: bigint;
    readonly data: Hex;
  };
}

/** What a proposer says of the rollup at a block; its hash is the output root. */
export interface Output {
  readonly blockNumber: number;
  readonly root: Hex;
  /** As the portal takes it. */
  readonly proof: {
    readonly version: Hex;
    readonly stateRoot: Hex;
    readonly messagePasserStorageRoot: Hex;
    readonly latestBlockhash: Hex;
  };
}

const PROOF = z.object({ storageHash: z.string(), storageProof: z.array(z.object({ proof: z.array(z.string()) })) });
const BLOCK = z.object({ number: z.string(), stateRoot: z.string(), hash: z.string() });

/** What was sent up since a block, in order. */
export async function readWithdrawals(messagePasser: Contract, fromBlock: number): Promise<Withdrawal[]> {
  const logs = await messagePasser.queryFilter("MessagePassed", fromBlock);
  return logs.map((log) => {
    const { nonce, sender, target, value, gasLimit, data, withdrawalHash } = messagePasser.interface.decodeEventLog(
      "MessagePassed",
      log.data,
      log.topics,
    );
    return {
      hash: String(withdrawalHash),
      call: {
        nonce: BigInt(String(nonce)),
        sender: String(sender),
        target: String(target),
        value: BigInt(String(value)),
        gasLimit: BigInt(String(gasLimit)),
        data: String(data),
      },
    };
  });
}

/** What is true of the rollup's last block. */
export async function outputOf({ ethers: { provider } }: ConnectionLike): Promise<Output> {
  const { number, stateRoot, hash } = BLOCK.parse(await provider.send("eth_getBlockByNumber", ["latest", false]));
  const { storageHash } = PROOF.parse(await provider.send("eth_getProof", [PREDEPLOYS.messagePasser, [], number]));
  const proof = { version: ZeroHash, stateRoot, messagePasserStorageRoot: storageHash, latestBlockhash: hash };
  const words = [proof.version, stateRoot, storageHash, hash];
  const root = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "bytes32", "bytes32", "bytes32"], words));
  return { blockNumber: Number(number), root, proof };
}

/** The proof that the message passer has a withdrawal at an output's block. */
export async function proofOf(
  { ethers: { provider } }: ConnectionLike,
  output: Output,
  { hash }: Withdrawal,
): Promise<Hex[]> {
  // The first variable of the contract is the mapping of what it sent.
  const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [hash, 0]));
  const block = `0x${output.blockNumber.toString(16)}`;
  const answer = PROOF.parse(await provider.send("eth_getProof", [PREDEPLOYS.messagePasser, [slot], block]));
  return answer.storageProof[0]?.proof ?? [];
}
