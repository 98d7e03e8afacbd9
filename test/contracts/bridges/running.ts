/** A fabric at work: both members live, four operators, and one table in force at both Gateways. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { computeAddress, ZeroHash } from "ethers";

import {
  certificateDigest,
  checkpointLeaf,
  encodeAttributes,
  encodeBatch,
  encodeCertificate,
  encodeInteroperableAddress,
  encodeProof,
  laneWord,
  Level,
  type Hex,
  type LaneWord,
  type MemberRef,
} from "../../../src/wire/index.ts";
import type { DevnetL1Bridge, DevnetRollupBridge, Gateway } from "../../../types/ethers-contracts/index.js";
import { DELIVER_GAS, place, type Sent } from "../../fixtures/messages.ts";
import {
  addOperator,
  carry,
  createFabric,
  ETHER,
  MEMBER_NOTICE,
  MIN_INTERVAL,
  signingKey,
  type Fabric,
} from "../settlement/fabric.ts";

const OPERATORS = [0, 1, 2, 3];

export type RunningFabric = Fabric & {
  /** The ends of the devnet bridge, each as its derivation. */
  readonly ends: { readonly rollup: DevnetRollupBridge; readonly l1: DevnetL1Bridge };
  /** Where the members are. */
  readonly members: { readonly local: MemberRef; readonly rollup: MemberRef };
};

/** Creates one; `reset` brings it back to how it is then. `addMore` may add further members before any is live. */
export async function createRunningFabric(addMore?: (fabric: Fabric) => Promise<void>): Promise<RunningFabric> {
  const fabric = await createFabric();
  const { l1, rollup, local } = fabric;
  const running = {
    ...fabric,
    ends: {
      rollup: rollup.bridge.connect(rollup.derivation),
      l1: rollup.l1Bridge.connect(rollup.l1Derivation),
    },
    members: {
      local: { chainId: l1.chainId, gateway: await local.gateway.getAddress() },
      rollup: { chainId: rollup.chainId, gateway: await rollup.gateway.getAddress() },
    },
  };
  await fabric.addMembers();
  await addMore?.(fabric);
  await l1.networkHelpers.time.increase(MEMBER_NOTICE);
  for (const n of OPERATORS) await addOperator(fabric, n, 40n * ETHER);
  await publishTable(running);
  const created = [await l1.networkHelpers.takeSnapshot(), await rollup.connection.networkHelpers.takeSnapshot()];
  return {
    ...running,
    reset: async () => {
      for (const snapshot of created) await snapshot.restore();
    },
  };
}

/** Takes a table and brings it to both Gateways; both chains' clocks show the same time. */
export async function publishTable({ l1, manager, local, rollup, ends }: RunningFabric): Promise<void> {
  await l1.networkHelpers.time.increase(MIN_INTERVAL);
  await manager.snapshot();
  const [table] = await manager.latestTable();
  const there = rollup.connection.networkHelpers.time;
  await there.increaseTo(Math.max(await l1.networkHelpers.time.latest(), (await there.latest()) + 1));
  await manager.publish(table, local.id, "0x");
  await carry(rollup.l1Bridge, manager.publish(table, rollup.id, "0x"), ends.rollup);
}

/** Sends a message from a Gateway to a member's chain. */
export async function sendFrom(
  from: Gateway,
  signer: HardhatEthersSigner,
  to: { chainId: bigint },
  recipient: string,
): Promise<Sent> {
  const before = laneWord(await from.laneTo(to.chainId));
  const sent = place(await from.MEMBER_ID(), to.chainId, before, { sender: signer.address, recipient });
  await from
    .connect(signer)
    .sendMessage(
      encodeInteroperableAddress({ chainId: to.chainId, address: recipient }),
      sent.item.payload,
      encodeAttributes({}),
    );
  return sent;
}

/** Delivers one message. */
export const deliverTo = (to: Gateway, source: MemberRef, sent: Sent, proof: Hex): ReturnType<Gateway["deliver"]> =>
  to.deliver(source, encodeBatch([sent.item]), proof, sent.before, { gasLimit: DELIVER_GAS });

/** The certificate of all four operators, in a proof. */
export function certifyBy(
  { l1, set }: Fabric,
  lane: { source: Hex; destination: Hex },
  word: LaneWord,
  reachedBy: bigint,
): Hex {
  const statement = { level: Level.final, reachedBy, blockHash: ZeroHash };
  const digest = certificateDigest(
    { settlementChainId: l1.chainId, serviceManager: set.avs },
    checkpointLeaf({ ...lane, laneWord: word, ...statement }),
  );
  const signatures = OPERATORS.map(signingKey)
    .sort((a, b) => (computeAddress(a).toLowerCase() < computeAddress(b).toLowerCase() ? -1 : 1))
    .map((key, index) => ({ index, signature: key.sign(digest).serialized }));
  return encodeProof({ kind: "certificate", ...statement, siblings: [], certificate: encodeCertificate(signatures) });
}
