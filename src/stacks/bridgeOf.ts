import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { canonicalBridge } from "./canonicalBridge.ts";
import { devnetBridge } from "./devnetBridge.ts";
import { localBridge } from "./localBridge.ts";
import type { StackBridge } from "./stackBridge.ts";

/** The bridge of a member of the fabric. */
export function bridgeOf({ addresses, members }: ConnectedFabric, member: ConnectedMember): StackBridge {
  const [l1] = members;
  const rollup = addresses.rollups.find(({ memberId }) => memberId === member.id);
  if (rollup === undefined) return localBridge(addresses.settlement.contracts.bridge);
  const { stack, bridge, l1Bridge } = rollup;
  if (stack !== "devnet") {
    const { settlement } = addresses.settlement.contracts;
    const ends = { l1, settlement, l1Bridge, rollup: member, bridge };
    const { stack: parent } = addresses.rollups.find(({ name }) => name === rollup.parent) ?? {};
    if (rollup.hop === undefined || parent === undefined || parent === "devnet") return canonicalBridge(stack, ends);
    return canonicalBridge(stack, { ...ends, hop: { address: rollup.hop, stack: parent } });
  }
  return devnetBridge({ member: l1, address: rollup.l1Bridge }, { member, address: rollup.bridge });
}
