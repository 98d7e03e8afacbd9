import { contractAt } from "../../chain/contractAt.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { readTableInForce } from "../../chain/readTableInForce.ts";
import { encodeEquivocation, type Hex, type OperatorTable } from "../../wire/index.ts";
import type { RelayedMember } from "../relaying/types.ts";
import type { Accountability } from "./accountability.ts";
import { confirmed, refused } from "./convictions.ts";
import { planRevocation, type Contradiction } from "./planConvictions.ts";

/** A table of which two quorums contradicted each other, and where it can be revoked. */
export type Revocation = {
  /** For people: a member's name, or L1's ServiceManager. */
  readonly at: string;
  readonly tableId: Hex;
  readonly evidence: Hex;
  /** Throws `watcher/refused` unless it would be revoked now. */
  simulate(): Promise<void>;
  /** Revokes; answers the transaction. Throws as the provider does. */
  revoke(): Promise<Hex>;
};

export const SERVICE_MANAGER = "L1's ServiceManager";

/** Whether the table in force at a member, expired or not, can be revoked there; undefined if not. Throws as the provider does. */
export async function revocationAt(
  member: RelayedMember,
  contradictions: readonly Contradiction[],
  l1: Accountability,
): Promise<Revocation | undefined> {
  if (contradictions.length === 0) return undefined;
  const { id } = await readTableInForce(member);
  const { tables } = await l1.tables();
  const taken = tables.find((one) => one.id === id);
  if (taken === undefined) return undefined;
  const evidence = evidenceAgainst(taken.table, contradictions);
  if (evidence === undefined) return undefined;
  const gateway = contractAt(IGateway__factory, member.gateway, member.signer);
  return {
    at: member.name,
    tableId: taken.id,
    evidence,
    simulate: () => simulated(`revoke the table at ${member.name}`, gateway.revokeTable.staticCall(evidence)),
    revoke: async () => await confirmed(await gateway.revokeTable(evidence)),
  };
}

/** The latest table that can be revoked on L1, with all before it; undefined if none. Throws as the provider does. */
export async function revocationOnL1(
  contradictions: readonly Contradiction[],
  l1: Accountability,
): Promise<Revocation | undefined> {
  if (contradictions.length === 0) return undefined;
  const [{ tables }, revokedUntil, now, slasher] = await Promise.all([
    l1.tables(),
    l1.manager.revokedUntil(),
    l1.now(),
    l1.slasher(),
  ]);
  for (const { id, table } of tables) {
    if (table.snapshot <= revokedUntil || now >= table.expiry) continue;
    const evidence = evidenceAgainst(table, contradictions);
    if (evidence === undefined) continue;
    return {
      at: SERVICE_MANAGER,
      tableId: id,
      evidence,
      simulate: () => simulated("revoke the table on L1", slasher.revokeTable.staticCall(id, evidence)),
      revoke: async () => await confirmed(await slasher.revokeTable(id, evidence)),
    };
  }
  return undefined;
}

function evidenceAgainst(table: OperatorTable, contradictions: readonly Contradiction[]): Hex | undefined {
  for (const contradiction of contradictions) {
    const equivocation = planRevocation(contradiction, table);
    if (equivocation !== undefined) return encodeEquivocation(equivocation);
  }
  return undefined;
}

async function simulated(what: string, call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    throw refused(what, error);
  }
}
