import { contractAt } from "../../chain/contractAt.ts";
import { readBlock } from "../../chain/blocks.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { readTable } from "../../chain/readTable.ts";
import type { Hex, OperatorTable } from "../../wire/index.ts";
import type { SettlementAccess } from "../relaying/types.ts";

/** A table that the ServiceManager took. */
export type TakenTable = {
  readonly id: Hex;
  readonly table: OperatorTable;
  /** L1's block in which it was taken. */
  readonly blockNumber: number;
};

/** Blocks that are asked for at once: more than this many are refused by some nodes. */
const RANGE = 10_000;
/** Blocks that are read again each time, in case L1 was reorganised. */
const OVERLAP = 64;

/** Reads every table that was ever taken, and later only the new ones. */
export class TakenTables {
  readonly #settlement: SettlementAccess;
  readonly #tables = new Map<Hex, TakenTable>();
  #next: number;

  constructor(settlement: SettlementAccess) {
    this.#settlement = settlement;
    this.#next = settlement.startBlock;
  }

  /** All of them, the latest first. Throws as `readTable` does. */
  async read(): Promise<readonly TakenTable[]> {
    const { serviceManager, signer, startBlock } = this.#settlement;
    const manager = contractAt(IServiceManager__factory, serviceManager, signer);
    const { number: last } = await readBlock(readerOf(signer), "latest");
    for (let from = this.#next; from <= last; from += RANGE) {
      const taken = await manager.queryFilter(manager.filters.TableTaken(), from, Math.min(last, from + RANGE - 1));
      for (const { args, blockNumber } of taken) {
        if (this.#tables.has(args.tableId)) continue;
        const table = await readTable({ ...this.#settlement, runner: signer }, args.tableId);
        this.#tables.set(args.tableId, { id: args.tableId, table, blockNumber });
      }
    }
    this.#next = Math.max(startBlock, last + 1 - OVERLAP);
    return [...this.#tables.values()].sort((a, b) => Number(b.table.snapshot - a.table.snapshot));
  }
}
