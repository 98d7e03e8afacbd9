import { network } from "hardhat";

import { type Fabric, type FabricMember, startFabric } from "../../src/testing/fabric.ts";
import { resolveParley } from "../../tasks/config/resolve.ts";
import type { ParleyUserConfig } from "../../tasks/config/types.ts";
import { openChains } from "../../tasks/simulatedChains.ts";

/** A fabric as a project gets it that configures nothing (or this), with its members by name. */
export interface Embedded {
  readonly fabric: Fabric;
  readonly l1: FabricMember;
  readonly alpha: FabricMember;
  readonly beta: FabricMember;
  close(): Promise<void>;
}

export async function startEmbedded(user: ParleyUserConfig = {}): Promise<Embedded> {
  const parley = resolveParley(user);
  const chains = await openChains(parley, network);
  const fabric = await startFabric({
    ...chains,
    operators: parley.operators,
    quorumBps: parley.quorum,
    keyType: parley.keyType,
  });
  const [l1, alpha, beta] = fabric.members;
  return { fabric, l1, alpha: alpha!, beta: beta!, close: () => chains.close() };
}
