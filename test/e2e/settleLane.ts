import { Contract } from "ethers";

import type { Fabric } from "../../src/testing/fabric.ts";
import type { Hex } from "../../src/wire/index.ts";

/** Has a lane's word settled on L1, as it stands. */
export async function settleOnL1(fabric: Fabric, source: Hex, destination: Hex): Promise<void> {
  const { contracts, signer } = fabric.members.find(({ id }) => id === source)!;
  const bridge = new Contract(contracts.bridge, ["function settleCurrent(bytes32 destination) payable"], signer);
  await (await bridge.getFunction("settleCurrent").send(destination)).wait();
  await fabric.derive();
}

/** Carries a lane's word, as it stands at this count, from the source through L1 to the destination. */
export async function settleLane(fabric: Fabric, source: Hex, destination: Hex, count: number): Promise<void> {
  await settleOnL1(fabric, source, destination);
  await (await fabric.settlement.getFunction("forward").send(source, destination, count, "0x")).wait();
  await fabric.derive();
}
