import { interfaceOf } from "../chain/contractAt.ts";
import { IRollupBridge__factory } from "../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { wordAt } from "../chain/lanes.ts";
import type { ConnectedFabric } from "../deployments/connect.ts";
import type { TrackedMessage } from "../messages/messageStatus.ts";
import { bridgeOf, type StackCall } from "../stacks/index.ts";
import { encodeGatewayItem, ZERO_WORD } from "../wire/index.ts";
import { settlementOf } from "../messages/judgement.ts";
import type { SettlingState } from "./planSettling.ts";

const BRIDGE = interfaceOf(IRollupBridge__factory);
const SETTLEMENT = interfaceOf(ISettlement__factory);

/** The transaction that carries a message on; undefined if there is none, or it is its delivery. Throws as L1's node does. */
export async function nextCall(
  fabric: ConnectedFabric,
  { lane, source, destination }: TrackedMessage,
  state: SettlingState,
): Promise<StackCall | undefined> {
  switch (state.stage) {
    case "settle": {
      const { member } = source;
      const anchored = state.word === "anchor";
      return {
        title: anchored
          ? `settle page ${state.page} of the lane to ${destination.name} (at ${state.count})`
          : `settle the lane to ${destination.name} as it is now (at ${state.count})`,
        by: "anyone",
        at: member,
        to: bridgeOf(fabric, member).address,
        data: anchored
          ? BRIDGE.encodeFunctionData("settleAnchor", [lane.destination, state.page])
          : BRIDGE.encodeFunctionData("settleCurrent", [lane.destination]),
        value: 0n,
      };
    }
    case "forward": {
      const [l1] = fabric.members;
      const word = wordAt(lane, state.count) ?? ZERO_WORD;
      const ends = { source: lane.source, destination: lane.destination };
      const item = encodeGatewayItem({ kind: "settled", ...ends, laneWord: word }, settlementOf(fabric));
      const { value, stackParams } = await bridgeOf(fabric, destination).price([item]);
      return {
        title: `send the settled word (at ${state.count}) to ${destination.name}`,
        by: "anyone",
        at: l1,
        to: fabric.addresses.settlement.contracts.settlement,
        data: SETTLEMENT.encodeFunctionData("forward", [lane.source, lane.destination, state.count, stackParams]),
        value,
      };
    }
    case "rising":
    case "descending":
      return state.next.kind === "due" ? state.next.call : undefined;
    case "delayed":
    case "deliver":
    case "delivered":
      return undefined;
  }
}
