import type { ContractRunner } from "ethers";

import { contractAt } from "./contractAt.ts";
import { IServiceManager__factory } from "../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ParleyError } from "../errors.ts";
import { decodeTable, tableId, type Hex, type OperatorTable, type SettlementRef } from "../wire/index.ts";

/** Where operator tables are taken. */
export type TableSource = SettlementRef & {
  readonly serviceManager: string;
  /** Connected to L1. */
  readonly runner: ContractRunner;
};

/** A table as L1 keeps it. Its id is its hash, so once read it never changes. Throws `relayer/wrong-table`, and as the node does. */
export async function readTable(
  { serviceManager, runner, ...settlement }: TableSource,
  id: Hex,
): Promise<OperatorTable> {
  const item = await contractAt(IServiceManager__factory, serviceManager, runner).tableItem(id);
  if (tableId(item) !== id) {
    throw new ParleyError(
      "relayer/wrong-table",
      `L1 has another item for table ${id}: ${tableId(item)}`,
      "Check L1's node.",
    );
  }
  return decodeTable(item, settlement);
}
