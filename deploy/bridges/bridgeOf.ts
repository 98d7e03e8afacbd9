import type { DeployChain, DeployRollup } from "../chain.ts";
import { arbitrumBridge } from "./arbitrum.ts";
import { devnetBridge } from "./devnet.ts";
import { hopBridge } from "./hop.ts";
import type { BridgeEnds, MemberBridge } from "./memberBridge.ts";
import { optimismBridge } from "./optimism.ts";
import { zksyncBridge } from "./zksync.ts";

/** The bridge that joins a rollup to L1, as its stack has it. */
export function bridgeOf(l1: DeployChain, rollup: DeployRollup, ends: BridgeEnds): MemberBridge {
  const { stack, parent } = rollup;
  if (parent !== undefined) return hopBridge(l1, { rollup, parent }, ends);
  switch (stack.name) {
    case "optimism":
      return optimismBridge({ l1, rollup, messenger: stack.parentContract }, ends);
    case "arbitrum":
      return arbitrumBridge({ l1, rollup, inbox: stack.parentContract }, ends);
    case "zksync":
      return zksyncBridge({ l1, rollup, bridgehub: stack.parentContract }, ends);
    case "devnet":
      return devnetBridge(l1, rollup, ends);
  }
}
