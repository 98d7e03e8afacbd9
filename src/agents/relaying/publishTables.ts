import { readBlock } from "../../chain/blocks.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { readerOf } from "../../chain/readerOf.ts";
import { readTableInForce } from "../../chain/readTableInForce.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISettlement__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import type { IServiceManager } from "../../../types/ethers-contracts/interfaces/IServiceManager.ts";
import { ParleyError } from "../../errors.ts";
import { downwardPrice } from "../../stacks/downwardPrice.ts";
import type { Hex } from "../../wire/index.ts";
import { planTables, type TablesView } from "./planTables.ts";
import type { PublishedTable, RelayedMember, SettlementAccess, StepProblem } from "./types.ts";

/** Takes a table if one is needed, and sends it to the members that need one. */
export async function publishTables(
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<{ published: PublishedTable[]; problems: StepProblem[] }> {
  const manager = IServiceManager__factory.connect(settlement.serviceManager, settlement.signer);
  const published: PublishedTable[] = [];
  const problems: StepProblem[] = [];
  const { view, unreadable } = await readTablesView(settlement, members);
  problems.push(...unreadable);

  const plan = planTables(view);
  if (plan.tooEarlyUntil !== undefined) {
    problems.push({
      subject: "operator table",
      code: "relayer/table-too-early",
      reason: `a new table is needed, but none can be taken before ${plan.tooEarlyUntil}; it is ${view.now} on L1`,
    });
  }
  if (plan.publish.length === 0) return { published, problems };
  if (plan.snapshot) await (await manager.snapshot()).wait();
  const { tableId } = await manager.latestTable();
  for (const member of members.filter(({ id }) => plan.publish.includes(id))) {
    try {
      published.push({ tableId, member: member.name, txHash: await publish(manager, settlement, member, tableId) });
    } catch (error) {
      problems.push({ subject: member.name, code: "relayer/not-published", reason: decodeCallError(error).text });
    }
  }
  return { published, problems };
}

/** What there is to know before tables are published, and what could not be read. Throws as L1's node does. */
export async function readTablesView(
  settlement: SettlementAccess,
  members: readonly RelayedMember[],
): Promise<{ view: TablesView; unreadable: StepProblem[] }> {
  const manager = IServiceManager__factory.connect(settlement.serviceManager, settlement.signer);
  const provider = readerOf(settlement.signer);
  const [{ timestamp: now }, tableAge, minInterval, { tableId, snapshot }] = await Promise.all([
    readBlock(provider, "latest"),
    manager.TABLE_AGE(),
    manager.MIN_INTERVAL(),
    manager.latestTable(),
  ]);
  const unreadable: StepProblem[] = [];
  const views = await Promise.all(
    members.map(async (member) => {
      try {
        const inForce = await readTableInForce(member);
        const sent = await manager.queryFilter(
          manager.filters.TablePublished(tableId, member.id),
          settlement.startBlock,
        );
        const last = sent.at(-1);
        const sentAt = last === undefined ? undefined : (await readBlock(provider, last.blockNumber)).timestamp;
        return [{ id: member.id, inForce, sentAt }];
      } catch (error) {
        unreadable.push({ subject: member.name, code: "relayer/unreadable", reason: decodeCallError(error).text });
        return [];
      }
    }),
  );
  const latest = snapshot === 0n ? undefined : { id: tableId, snapshot };
  return { view: { now, tableAge, minInterval, latest, members: views.flat() }, unreadable };
}

async function publish(
  manager: IServiceManager,
  settlement: SettlementAccess,
  member: RelayedMember,
  tableId: Hex,
): Promise<Hex> {
  const { bridge } = await ISettlement__factory.connect(settlement.settlement, settlement.signer).member(member.id);
  const stackParams = member.stackParams ?? "0x";
  const item = await manager.tableItem(tableId);
  const payer = await settlement.signer.getAddress();
  const value = await downwardPrice({ reader: readerOf(settlement.signer), bridge, payer, stackParams }, [item]);
  const receipt = await (await manager.publish(tableId, member.id, stackParams, { value })).wait();
  if (receipt === null) throw new ParleyError("relayer/no-receipt", "the node has no receipt", "Look at the node.");
  return receipt.hash;
}
