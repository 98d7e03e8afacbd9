import type { ContractTransaction } from "ethers";

import { contractAt } from "../../chain/contractAt.ts";
import { amplyEstimated } from "../../chain/amplyEstimated.ts";
import { readBlock } from "../../chain/blocks.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { feesNow } from "../../chain/feesNow.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { readTableInForce } from "../../chain/readTableInForce.ts";
import { snapshotCall } from "../../chain/snapshotCall.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISettlement__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import type { IServiceManager } from "../../../types/ethers-contracts/interfaces/IServiceManager.ts";
import { downwardPrice } from "../../stacks/downwardPrice.ts";
import { encodeGatewayItem, type Hex } from "../../wire/index.ts";
import { planTables, type TablesView } from "./planTables.ts";
import {
  senderOf,
  type PublishedRevocation,
  type PublishedTable,
  type RelayedMember,
  type SettlementAccess,
  type StepProblem,
} from "./types.ts";

/** What was sent to members about tables. */
export type TablesSent = {
  readonly published: readonly PublishedTable[];
  readonly revoked: readonly PublishedRevocation[];
  readonly problems: readonly StepProblem[];
};

/** Sends revocations where revoked tables are in force; takes a table if one is needed, and sends it to who needs one. */
export async function publishTables(
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<TablesSent> {
  const manager = contractAt(IServiceManager__factory, settlement.serviceManager, settlement.signer);
  const published: PublishedTable[] = [];
  const revoked: PublishedRevocation[] = [];
  const problems: StepProblem[] = [];
  const { view, unreadable } = await readTablesView(settlement, members);
  problems.push(...unreadable);

  const plan = planTables(view);
  for (const member of members.filter(({ id }) => plan.revoke.includes(id))) {
    try {
      const txHash = await sendRevocation(manager, settlement, member, view.revokedUntil);
      revoked.push({ snapshot: view.revokedUntil, member: member.name, txHash });
    } catch (error) {
      problems.push({ subject: member.name, code: "relayer/not-revoked", reason: decodeCallError(error).text });
    }
  }
  if (plan.tooEarlyUntil !== undefined) {
    problems.push({
      subject: "operator table",
      code: "relayer/table-too-early",
      reason: `a new table is needed, but none can be taken before ${plan.tooEarlyUntil}; it is ${view.now} on L1`,
    });
  }
  if (plan.publish.length === 0) return { published, revoked, problems };
  if (plan.snapshot) await takeTable(settlement);
  const { tableId } = await manager.latestTable();
  for (const member of members.filter(({ id }) => plan.publish.includes(id))) {
    try {
      published.push({ tableId, member: member.name, txHash: await publish(manager, settlement, member, tableId) });
    } catch (error) {
      problems.push({ subject: member.name, code: "relayer/not-published", reason: decodeCallError(error).text });
    }
  }
  return { published, revoked, problems };
}

/** What there is to know before tables are published, and what could not be read. Throws as L1's node does. */
export async function readTablesView(
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<{ view: TablesView; unreadable: StepProblem[] }> {
  const manager = contractAt(IServiceManager__factory, settlement.serviceManager, settlement.signer);
  const provider = readerOf(settlement.signer);
  const [{ timestamp: now }, tableAge, minInterval, { tableId, snapshot }, revokedUntil] = await Promise.all([
    readBlock(provider, "latest"),
    manager.TABLE_AGE(),
    manager.MIN_INTERVAL(),
    manager.latestTable(),
    manager.revokedUntil(),
  ]);
  const sentAt = async (sent: readonly { readonly blockNumber: number }[]): Promise<bigint | undefined> => {
    const last = sent.at(-1);
    return last === undefined ? undefined : (await readBlock(provider, last.blockNumber)).timestamp;
  };
  const unreadable: StepProblem[] = [];
  const views = await Promise.all(
    members.map(async (member) => {
      try {
        const inForce = await readTableInForce(member);
        const { TablePublished, RevocationPublished } = manager.filters;
        const from = settlement.startBlock;
        const tables = await manager.queryFilter(TablePublished(tableId, member.id), from);
        const revocations =
          revokedUntil === 0n ? [] : await manager.queryFilter(RevocationPublished(undefined, member.id), from);
        return [
          {
            id: member.id,
            inForce,
            sentAt: await sentAt(tables),
            revocationSentAt: await sentAt(revocations.filter(({ args }) => args.snapshot === revokedUntil)),
          },
        ];
      } catch (error) {
        unreadable.push({ subject: member.name, code: "relayer/unreadable", reason: decodeCallError(error).text });
        return [];
      }
    }),
  );
  const latest = snapshot === 0n ? undefined : { id: tableId, snapshot };
  return { view: { now, tableAge, minInterval, latest, revokedUntil, members: views.flat() }, unreadable };
}

async function publish(
  manager: IServiceManager,
  settlement: SettlementAccess,
  member: RelayedMember,
  tableId: Hex,
): Promise<Hex> {
  const item = await manager.tableItem(tableId);
  const { stackParams, value } = await quoteFor(settlement, member, item);
  const call = await manager.publish.populateTransaction(tableId, member.id, stackParams, { value });
  return await send(settlement, call, `publish table ${tableId} to ${member.id}`);
}

async function sendRevocation(
  manager: IServiceManager,
  settlement: SettlementAccess,
  member: RelayedMember,
  snapshot: bigint,
): Promise<Hex> {
  const item = encodeGatewayItem({ kind: "revoked", snapshot }, settlement);
  const { stackParams, value } = await quoteFor(settlement, member, item);
  const call = await manager.publishRevocation.populateTransaction(member.id, stackParams, { value });
  return await send(settlement, call, `revoke tables up to ${snapshot} at ${member.id}`);
}

/** What the member's bridge asks for an item. */
async function quoteFor(
  settlement: SettlementAccess,
  member: RelayedMember,
  item: Hex,
): Promise<{ stackParams: Hex; value: bigint }> {
  const { bridge } = await contractAt(ISettlement__factory, settlement.settlement, settlement.signer).member(member.id);
  const stackParams = member.stackParams ?? "0x";
  const payer = await settlement.signer.getAddress();
  const value = await downwardPrice({ reader: readerOf(settlement.signer), bridge, payer, stackParams }, [item]);
  return { stackParams, value };
}

async function takeTable(settlement: SettlementAccess): Promise<void> {
  const data = await snapshotCall(settlement.serviceManager, settlement.signer);
  await senderOf(settlement).send({ key: "take a table", to: settlement.serviceManager, data });
}

/** Sends with some gas to spare: a stack may take more once the base fee has changed. */
async function send(settlement: SettlementAccess, call: ContractTransaction, key: string): Promise<Hex> {
  const { signer, serviceManager } = settlement;
  const reader = readerOf(signer);
  const gasLimit = await amplyEstimated(reader, { ...call, from: await signer.getAddress() });
  const { data, value = 0n } = call;
  const fees = await feesNow(reader);
  const receipt = await senderOf(settlement).send({ key, to: serviceManager, data, value, gasLimit, fees });
  return receipt.hash;
}
