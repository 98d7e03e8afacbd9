/** What is deployed. The code comes with the package: an address follows from it, and no project's compiler may change it. */
import type { Interface } from "ethers";

import { interfaceOf } from "../src/chain/contractAt.ts";

/** A contract, as TypeChain's factories hold it. */
export interface ContractCode {
  readonly bytecode: string;
  createInterface(): Interface;
}

/** A contract's init code: its code, and its constructor's arguments. */
export function initCodeOf(contract: ContractCode, args: readonly unknown[] = []): string {
  return contract.bytecode + interfaceOf(contract).encodeDeploy(args).slice(2);
}

const TRANSACTION = 21_000n;
const CREATE = 32_000n;
const CALLDATA_BYTE = 16n;
const CODE_BYTE = 200n;
/** What constructors do, and what calls it on the way. */
const AROUND = 150_000n;

/** Gas that deploying takes at most; see EIP-2028, EIP-170 and EIP-3860 for its parts. */
export function creationGas(initCode: string): bigint {
  const bytes = BigInt(initCode.length / 2 - 1);
  return TRANSACTION + CREATE + bytes * (CALLDATA_BYTE + CODE_BYTE + 1n) + AROUND;
}
