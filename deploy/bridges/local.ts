import { LocalBridge__factory } from "../../types/ethers-contracts/factories/bridges/local/LocalBridge__factory.ts";
import { initCodeOf } from "../code.ts";
import { type BridgeEnds, FREE, type MemberBridge } from "./memberBridge.ts";

/** The bridge of the member that is on L1 itself: both ends are one contract, and nothing is ever on its way. */
export function localBridge({ settlement, serviceManager, gateway, bridge }: BridgeEnds): MemberBridge {
  return {
    ...FREE,
    initCode: initCodeOf(LocalBridge__factory, [settlement, serviceManager, gateway]),
    l1End: { address: bridge, initCode: undefined },
    isOnItsWay: () => Promise.resolve(false),
    bring: undefined,
  };
}
