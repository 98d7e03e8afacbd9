import type { Signer } from "ethers";

import type { BeatingMember } from "../agents/heartbeats.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { bridgeOf } from "./bridgeOf.ts";
import { readSentTime } from "./readSentTime.ts";

/** A member of the fabric, as heartbeats take it. `signer` pays on its chain. */
export function beating(fabric: ConnectedFabric, member: ConnectedMember, signer: Signer): BeatingMember {
  const bridge = bridgeOf(fabric, member);
  return { ...member, signer, bridge: bridge.address, readSentTime: () => readSentTime(bridge) };
}
