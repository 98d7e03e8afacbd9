import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { canonicalBridge } from "./canonicalBridge.ts";
import { devnetBridge } from "./devnetBridge.ts";
import { localBridge } from "./localBridge.ts";
import type { StackBridge } from "./stackBridge.ts";

/** The bridge of a member of the fabric. */
export function bridgeOf({ addresses, members }: ConnectedFabric, member: ConnectedMember): StackBridge {
  const [l1] = members;
  const { contracts } = addresses.settlement;
  const rollup = addresses.rollups.find(({ memberId }) => memberId === member.id);
  if (rollup === undefined) return localBridge(contracts.bridge);
  const { stack, bridge, l1Bridge, hop } = rollup;
  if (stack === "devnet") return devnetBridge({ member: l1, address: l1Bridge }, { member, address: bridge });
  const { settlement, serviceManager } = contracts;
  const ends = { sender: { l1, settlement, serviceManager }, rollup: member };
  const above = addresses.rollups.find(({ name }) => name === rollup.parent);
  const parent = members.find(({ id }) => id === above?.memberId);
  if (hop === undefined || above === undefined || parent === undefined || above.stack === "devnet") {
    const leg = { stack, parent: l1, parentEnd: l1Bridge, child: member, childEnd: bridge };
    return canonicalBridge({ ...ends, leg });
  }
  return canonicalBridge({
    ...ends,
    leg: { stack: above.stack, parent: l1, parentEnd: l1Bridge, child: parent, childEnd: hop },
    hopLeg: { stack, parent, parentEnd: hop, child: member, childEnd: bridge },
  });
}
