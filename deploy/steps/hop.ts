/** The hop of an L3: its contract on the parent rollup, and the table that is pushed on there. */
import { interfaceOf } from "../../src/chain/contractAt.ts";
import { amplyEstimated } from "../../src/chain/amplyEstimated.ts";
import { feesNow } from "../../src/chain/feesNow.ts";
import { downwardPrice } from "../../src/stacks/downwardPrice.ts";
import { GatewayDeployer__factory } from "../../types/ethers-contracts/factories/GatewayDeployer__factory.ts";
import { IHop__factory } from "../../types/ethers-contracts/factories/interfaces/IHop__factory.ts";
import type { PlannedMember } from "../addresses.ts";
import { hasCode } from "../chain.ts";
import { creationGas } from "../code.ts";
import { doneIf, type Step, type StepState } from "../step.ts";
import type { MemberPlan } from "./member.ts";

/** Deploys the hop, where a member has one. */
export function hopSteps({ contracts }: MemberPlan, { chain, bridge }: PlannedMember): Step[] {
  const { hop } = bridge;
  if (hop === undefined) return [];
  const { settlement, everywhere } = contracts;
  const deployer = interfaceOf(GatewayDeployer__factory);
  return [
    {
      id: `hop-${chain.name}`,
      title: `deploy the hop to ${chain.name}`,
      chain: hop.parent,
      sender: "owner",
      gas: creationGas(hop.initCode),
      action: {
        kind: "call",
        call: {
          to: everywhere.gatewayDeployer.address,
          data: deployer.encodeFunctionData("deployBridge", [hop.initCode, hop.number, settlement.address]),
          value: 0n,
        },
      },
      state: async () => doneIf(await hasCode(hop.parent, hop.address)),
    },
  ];
}

/** Pushes the table that waits at the hop on to the L3. */
export function pushSteps(
  { chain, bridge: { hop, mostPush } }: PlannedMember,
  missing: () => Promise<{ tableId: string } | StepState>,
  itemOf: (tableId: string) => Promise<string>,
): Step[] {
  if (hop === undefined) return [];
  const { parent, address } = hop;
  const contract = interfaceOf(IHop__factory);
  return [
    {
      id: `push-${chain.name}`,
      isLater: true,
      title: `push the table on to ${chain.name}`,
      chain: parent,
      sender: "anyone",
      gas: 1_500_000n,
      action: {
        kind: "lateCall",
        call: async () => {
          const found = await missing();
          const items = typeof found === "object" && "tableId" in found ? [await itemOf(found.tableId)] : [];
          const price = { reader: parent.reader, bridge: address, payer: parent.accounts[0] };
          const value = await downwardPrice(price, items);
          const call = { to: address, data: contract.encodeFunctionData("push", [items, "0x"]), value };
          return {
            ...call,
            fees: await feesNow(parent.reader),
            gas: await amplyEstimated(parent.reader, { ...call, from: parent.accounts[0] }),
          };
        },
        ...(mostPush === undefined ? {} : { mostValue: mostPush }),
      },
      state: async () => {
        const found = await missing();
        if (typeof found !== "object" || !("tableId" in found)) return found;
        if (!(await hop.hasArrived(found.tableId))) {
          return { waitsFor: `the table that L1 sends to arrive on ${parent.name}: minutes` };
        }
        return doneIf(await hop.isPushed(found.tableId));
      },
    },
  ];
}
