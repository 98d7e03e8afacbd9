/** Deposits as a node of the chain derives them from the portal's events (OP Stack specification, "Deposits"). */
import { type Contract, dataLength, dataSlice, toBigInt, toNumber } from "ethers";

import type { Hex } from "../../../../src/wire/index.ts";
import type { ConnectionLike } from "../connection.ts";

/** A transaction on the rollup that its parent chain ordered. */
export interface Deposit {
  /** The alias of who deposited, if that is a contract. */
  readonly from: string;
  readonly to: string;
  readonly mint: bigint;
  readonly value: bigint;
  readonly gasLimit: bigint;
  readonly data: Hex;
}

/** What became of a deposit. */
export interface Executed {
  readonly deposit: Deposit;
  readonly succeeded: boolean;
  readonly gasUsed: bigint;
}

/** What was deposited since a block, in order. */
export async function readDeposits(portal: Contract, fromBlock: number): Promise<Deposit[]> {
  const logs = await portal.queryFilter("TransactionDeposited", fromBlock);
  return logs.map((log) => {
    const { from, to, version, opaqueData } = portal.interface.decodeEventLog(
      "TransactionDeposited",
      log.data,
      log.topics,
    );
    const packed = String(opaqueData);
    if (version !== 0n || toNumber(dataSlice(packed, 72, 73)) !== 0) throw new Error("Such deposits are not played.");
    return {
      from: String(from),
      to: String(to),
      mint: toBigInt(dataSlice(packed, 0, 32)),
      value: toBigInt(dataSlice(packed, 32, 64)),
      gasLimit: toBigInt(dataSlice(packed, 64, 72)),
      data: dataLength(packed) === 73 ? "0x" : dataSlice(packed, 73),
    };
  });
}

/** Executes a deposit: its gas was bought on the parent chain. */
export async function executeDeposit(rollup: ConnectionLike, deposit: Deposit): Promise<Executed> {
  const { ethers, networkHelpers } = rollup;
  const { from, to, mint, value, gasLimit, data } = deposit;
  const before = (await ethers.provider.getBalance(from)) + mint;
  await networkHelpers.setBalance(from, before + 10n ** 24n);
  await networkHelpers.impersonateAccount(from);
  const sender = await ethers.getSigner(from);
  // A failing transaction is in a block too, the last one.
  await sender.sendTransaction({ to, value, data, gasLimit }).catch(() => undefined);
  await networkHelpers.stopImpersonatingAccount(from);
  const block = await ethers.provider.getBlock("latest");
  const receipt = await ethers.provider.getTransactionReceipt(block?.transactions[0] ?? "");
  if (receipt?.from !== from) throw new Error(`The rollup did not take the deposit of ${from}.`);
  const succeeded = receipt.status === 1;
  await networkHelpers.setBalance(from, succeeded ? before - value : before);
  return { deposit, succeeded, gasUsed: receipt.gasUsed };
}
