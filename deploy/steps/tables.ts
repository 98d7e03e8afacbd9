/** The table of operators: taken on L1, sent to each member, in force there. */
import { ZeroHash } from "ethers";

import { contractAt, interfaceOf } from "../../src/chain/contractAt.ts";
import { amplyEstimated } from "../../src/chain/amplyEstimated.ts";
import { EIGENLAYER } from "../../src/chain/eigenlayer.ts";
import { feesNow } from "../../src/chain/feesNow.ts";
import { snapshotCall } from "../../src/chain/snapshotCall.ts";
import { downwardPrice } from "../../src/stacks/downwardPrice.ts";
import { decodeTable } from "../../src/wire/index.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { IAllocationManager__factory } from "../../types/ethers-contracts/factories/interfaces/eigenlayer/IAllocationManager__factory.ts";
import { ServiceManager__factory } from "../../types/ethers-contracts/factories/settlement/ServiceManager__factory.ts";
import { Settlement__factory } from "../../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import type { PlannedMember } from "../addresses.ts";
import type { MemberBridge } from "../bridges/memberBridge.ts";
import { hasCode, timeOf } from "../chain.ts";
import { doneIf, type Step, type StepState } from "../step.ts";
import { pushSteps } from "./hop.ts";
import type { MemberPlan } from "./member.ts";
import { OPERATOR_SET_ID } from "./operators.ts";
import { adoptionGas, nextTable, publishGas, snapshotGas, type TableSize } from "./tableGas.ts";

/** Takes a table, and brings it to every member. */
export async function tableSteps(plan: MemberPlan): Promise<Step[]> {
  const size = await nextTable(plan);
  return [snapshotStep(plan, size), ...plan.contracts.members.flatMap((member) => publishSteps(plan, member, size))];
}

function snapshotStep(plan: MemberPlan, size: TableSize): Step {
  const { l1, settings } = plan;
  const manager = contractAt(ServiceManager__factory, plan.contracts.serviceManager.address, l1.reader);
  return {
    id: "table",
    isLater: true,
    title: "take the table of operators",
    chain: l1,
    sender: "anyone",
    gas: snapshotGas(size),
    action: {
      kind: "lateCall",
      call: async () => ({
        to: plan.contracts.serviceManager.address,
        data: await snapshotCall(plan.contracts.serviceManager.address, l1.reader),
        value: 0n,
      }),
    },
    state: async () => {
      const live = await liveMembers(plan);
      if (live.size === 0) return { waitsFor: "a member that is live" };
      const latest = await latestTable(plan);
      if (latest !== undefined && [...live].every((chainId) => latest.chainIds.has(chainId))) return "done";
      const [, taken] = await manager.latestTable();
      if ((await timeOf(l1)) + 1n < taken + settings.minInterval)
        return { waitsFor: "the least interval between two tables" };
      return (await hasEnoughOperators(plan)) ? "due" : { waitsFor: "operators of enough weight" };
    },
  };
}

function publishSteps(plan: MemberPlan, member: PlannedMember, size: TableSize): Step[] {
  const { chain, id, bridge } = member;
  const { l1, contracts } = plan;
  const { serviceManager, everywhere } = contracts;
  const manager = interfaceOf(ServiceManager__factory);
  const gateway = contractAt(Gateway__factory, everywhere.gateway, chain.reader);
  /** The table that should be in force at the member and is not; else its state. */
  const missing = async (): Promise<{ tableId: string } | StepState> => {
    if (!(await liveMembers(plan)).has(chain.chainId)) return { waitsFor: `${chain.name} to be a member that is live` };
    const latest = await latestTable(plan);
    if (latest?.chainIds.has(chain.chainId) !== true) return { waitsFor: "a table that names it" };
    if (!(await hasCode(chain, everywhere.gateway))) return { waitsFor: "its Gateway" };
    const inForce = await gateway.tableInForce();
    return inForce.snapshot >= latest.snapshot ? "done" : { tableId: latest.id };
  };
  const publish: Step = {
    id: `publish-${chain.name}`,
    isLater: true,
    title: `send the table to ${chain.name}`,
    chain: l1,
    sender: "anyone",
    gas: (chain === l1 ? adoptionGas(size) : publishGas(size)) + bridge.sendGas,
    action: {
      kind: "lateCall",
      call: async () => {
        const tableId = (await latestTable(plan))?.id ?? ZeroHash;
        const data = manager.encodeFunctionData("publish", [tableId, id, "0x"]);
        const call = { to: serviceManager.address, data, value: await priceOf(plan, bridge) };
        return {
          ...call,
          fees: await feesNow(l1.reader),
          gas: await amplyEstimated(l1.reader, { ...call, from: l1.accounts[0] }),
        };
      },
      mostValue: bridge.mostFee,
    },
    state: async () => {
      const found = await missing();
      if (typeof found !== "object" || !("tableId" in found)) return found;
      return doneIf(await bridge.isOnItsWay({ ...found, member: id }));
    },
  };
  const { bring } = bridge;
  if (chain === l1) return [publish];
  const arrival = { isLater: true, chain, sender: "anyone", gas: 0n } as const;
  /** Its state while the table is on its way; else what that waits for. */
  const onItsWay = (state: StepState) => async (): Promise<StepState> => {
    const found = await missing();
    if (typeof found !== "object" || !("tableId" in found)) return found;
    return (await bridge.isOnItsWay({ ...found, member: id })) ? state : { waitsFor: "the table that L1 sends" };
  };
  if (bring === undefined) {
    const title = "take the table from the rollup's own bridge";
    const state = onItsWay({ waitsFor: "the table that L1 sent to arrive: minutes" });
    const itemOf = (tableId: string): Promise<string> =>
      contractAt(ServiceManager__factory, serviceManager.address, l1.reader).tableItem(tableId);
    const push = pushSteps(member, missing, itemOf);
    return [publish, ...push, { ...arrival, id: "table-arrival", title, action: { kind: "none" }, state }];
  }
  const title = "bring the table over the devnet bridge";
  return [
    publish,
    { ...arrival, id: "bring-table", title, action: { kind: "development", run: bring }, state: onItsWay("due") },
  ];
}

/** Wei to send along with the latest table. */
async function priceOf(plan: MemberPlan, { l1End }: MemberBridge): Promise<bigint> {
  const { l1, contracts } = plan;
  const latest = await latestTable(plan);
  if (latest === undefined) return 0n;
  const manager = contractAt(ServiceManager__factory, contracts.serviceManager.address, l1.reader);
  const item = await manager.tableItem(latest.id);
  return await downwardPrice({ reader: l1.reader, bridge: l1End.address, payer: l1.accounts[0] }, [item]);
}

/** The chain ids of those members of the plan that are live. */
async function liveMembers({ l1, contracts }: MemberPlan): Promise<Set<bigint>> {
  if (!(await hasCode(l1, contracts.settlement.address))) return new Set();
  const { ids } = await contractAt(Settlement__factory, contracts.settlement.address, l1.reader).liveMembers();
  const live = new Set(ids);
  return new Set(contracts.members.filter(({ id }) => live.has(id)).map(({ chain }) => chain.chainId));
}

/** The table that was taken last, while it verifies anything. */
async function latestTable({
  l1,
  contracts,
}: MemberPlan): Promise<{ id: string; snapshot: bigint; chainIds: Set<bigint> } | undefined> {
  const { settlement, serviceManager } = contracts;
  if (!(await hasCode(l1, serviceManager.address))) return undefined;
  const manager = contractAt(ServiceManager__factory, serviceManager.address, l1.reader);
  const [id] = await manager.latestTable();
  if (id === ZeroHash) return undefined;
  const at = { chainId: l1.chainId, settlement: settlement.address };
  const { snapshot, expiry, members } = decodeTable(await manager.tableItem(id), at);
  if (expiry <= (await timeOf(l1))) return undefined;
  return { id, snapshot, chainIds: new Set(members.map(({ chainId }) => chainId)) };
}

/** Whether there are operators for a table, each and together of enough weight, before any is clamped. */
async function hasEnoughOperators({ l1, contracts, settings }: MemberPlan): Promise<boolean> {
  const { address } = contracts.serviceManager;
  const allocations = contractAt(IAllocationManager__factory, EIGENLAYER.allocationManager, l1.reader);
  const operators = [...(await allocations.getMembers({ avs: address, id: OPERATOR_SET_ID }))];
  const weights = await contractAt(ServiceManager__factory, address, l1.reader).weightsOf(operators);
  const counted = weights.filter((weight) => weight >= settings.minWeight);
  return (
    BigInt(counted.length) >= settings.minOperators &&
    counted.reduce((sum, weight) => sum + weight, 0n) >= settings.weightFloor
  );
}
