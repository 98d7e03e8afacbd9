/** Parley, as `npm run bench:gas` measures it, with the recipient and the batches that the peers have here. */
import { measureGas } from "../../bench/measureGas.ts";
import { BATCH, type Ground, type Measured } from "./peer.ts";

export async function measureParley({ connection }: Ground, recipient: string): Promise<Measured> {
  const { send32, send256, deliver32, deliver256, ...rest } = await measureGas(connection, { recipient, batch: BATCH });
  return {
    name: "Parley 6/8",
    version: "this repository",
    trust: "restaked operators",
    signatures: "6 of 8",
    transactions: 1,
    batch: "one certificate for all, one transaction",
    played: "L1: its bridge, which brings the table, by an account",
    send32,
    send256,
    deliver32,
    deliver256,
    batch32: rest.batch100_32,
    batch256: rest.batch100_256,
  };
}
