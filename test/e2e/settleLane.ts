import { Contract } from "ethers";

import type { Fabric } from "../../src/testing/fabric.ts";
import type { Hex } from "../../src/wire/index.ts";

/** Carries a lane's word, as it stands at this count, from the source through L1 to the destination. */
export async function settleLane(fabric: Fabric, source: Hex, destination: Hex, count: number): Promise<void> {
  const { contracts, signer } = fabric.members.find(({ id }) => id === source)!;
  const bridge = new Contract(contracts.bridge, ["function settleCurrent(bytes32 destination) payable"], signer);
  for (const settle of [
    () => bridge.getFunction("settleCurrent").send(destination),
    () => fabric.settlement.getFunction("forward").send(source, destination, count, "0x"),
  ]) {
    await (await settle()).wait();
    await fabric.derive();
  }
}
