import { readTable, type TableSource } from "../../chain/readTable.ts";
import type { Hex, OperatorTable } from "../../wire/index.ts";
import type { TableReader } from "./observer.ts";

/** Reads tables as L1 keeps them, each once: a table never changes. */
export function tableReader(source: TableSource): TableReader {
  const known = new Map<Hex, OperatorTable>();
  return async (id) => {
    const table = known.get(id) ?? (await readTable(source, id));
    known.set(id, table);
    return table;
  };
}
