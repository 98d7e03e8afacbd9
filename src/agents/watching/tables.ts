import { readBlock } from "../../chain/blocks.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ParleyError } from "../../errors.ts";
import { decodeTable, tableId, type Hex, type OperatorTable } from "../../wire/index.ts";
import { providerOf } from "../relaying/providerOf.ts";
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

  /** All of them, the latest first. Throws `watcher/wrong-table`, and as the provider does. */
  async read(): Promise<readonly TakenTable[]> {
    const { serviceManager, signer, startBlock } = this.#settlement;
    const manager = IServiceManager__factory.connect(serviceManager, signer);
    const { number: last } = await readBlock(providerOf(signer, "L1"), "latest");
    for (let from = this.#next; from <= last; from += RANGE) {
      const taken = await manager.queryFilter(manager.filters.TableTaken(), from, Math.min(last, from + RANGE - 1));
      for (const { args, blockNumber } of taken) {
        if (this.#tables.has(args.tableId)) continue;
        const item = await manager.tableItem(args.tableId);
        this.#tables.set(args.tableId, { id: args.tableId, table: this.#decode(item, args.tableId), blockNumber });
      }
    }
    this.#next = Math.max(startBlock, last + 1 - OVERLAP);
    return [...this.#tables.values()].sort((a, b) => Number(b.table.snapshot - a.table.snapshot));
  }

  #decode(item: Hex, id: Hex): OperatorTable {
    if (tableId(item) !== id) {
      throw new ParleyError(
        "watcher/wrong-table",
        `L1 has another item for table ${id}: ${tableId(item)}`,
        "Check L1's node.",
      );
    }
    return decodeTable(item, this.#settlement);
  }
}
