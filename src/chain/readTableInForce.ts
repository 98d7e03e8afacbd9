import { ZeroAddress, type Provider } from "ethers";

import { contractAt } from "./contractAt.ts";
import { ICertificateVerifier__factory } from "../../types/ethers-contracts/factories/interfaces/ICertificateVerifier__factory.ts";
import { gatewayAt } from "./gatewayAt.ts";
import type { Hex } from "../wire/index.ts";
import type { MemberNode } from "./memberNode.ts";

/** What a member's Gateway says of the operator table by which it judges certificates. Times in seconds since 1970. */
export type TableInForce = {
  /** The id of its TABLE item; undefined if no table is in force. */
  readonly id: Hex | undefined;
  /** The newest snapshot that was adopted or revoked: a table must be newer to be adopted. 0 if there was none. */
  readonly snapshot: bigint;
  /** From then on it verifies nothing; 0 if no table is in force. */
  readonly expiry: bigint;
};

/** Reads the table in force at a member. */
export async function readTableInForce(
  node: Pick<MemberNode, "gateway"> & { readonly provider: Provider },
): Promise<TableInForce> {
  const { table, snapshot } = await gatewayAt(node.gateway, node.provider).tableInForce();
  if (table === ZeroAddress) return { id: undefined, snapshot, expiry: 0n };
  const { id, expiry } = await contractAt(ICertificateVerifier__factory, table, node.provider).table();
  return { id, snapshot, expiry };
}
