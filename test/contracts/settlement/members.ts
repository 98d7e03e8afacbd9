/** Settlement alone on L1, and two members of it whose bridges signers play. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";

import { memberId, wordOf, type Hex, type LaneWord, type MemberRef } from "../../../src/wire/index.ts";
import type { Settlement } from "../../../types/ethers-contracts/index.js";
import { createL1, DAY, FALSEHOOD_NOTICE, MEMBER_NOTICE, someAddress, type L1 } from "./fabric.ts";

export const AGE = 10n * DAY;
export const [a, b] = [
  { chainId: 101n, gateway: someAddress(1) },
  { chainId: 102n, gateway: someAddress(1) },
] as const;
export const word = (count: bigint, tag = "ab"): LaneWord => wordOf(`0x${tag.repeat(27)}`, count);

export interface Members {
  readonly l1: L1;
  readonly settlement: Settlement;
  readonly owner: HardhatEthersSigner;
  readonly bridgeA: HardhatEthersSigner;
  readonly bridgeB: HardhatEthersSigner;
  readonly stranger: HardhatEthersSigner;
  readonly idA: Hex;
  readonly idB: Hex;
  /** Back to where neither is a member yet. */
  reset(): Promise<void>;
  now(): Promise<bigint>;
  add(
    ref: MemberRef,
    bridge: { readonly address: string } | string,
    age?: bigint,
    signer?: HardhatEthersSigner,
  ): ReturnType<Settlement["addMember"]>;
  idOf(ref: MemberRef): Hex;
  live(): Promise<string[]>;
}

export async function createMembers(): Promise<Members> {
  const l1 = await createL1();
  const [owner, bridgeA, bridgeB, stranger] = l1.signers as [
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
    HardhatEthersSigner,
  ];
  const settlement = await l1.ethers.deployContract("Settlement", [owner, MEMBER_NOTICE, FALSEHOOD_NOTICE]);
  const at = { chainId: l1.chainId, settlement: await settlement.getAddress() };
  const idOf = (ref: MemberRef): Hex => memberId(at, ref);
  const created = await l1.networkHelpers.takeSnapshot();
  return {
    ...{ l1, settlement, owner, bridgeA, bridgeB, stranger, idOf },
    idA: idOf(a),
    idB: idOf(b),
    reset: () => created.restore(),
    now: async () => BigInt(await l1.networkHelpers.time.latest()),
    add: (ref, bridge, age = AGE, signer = owner) =>
      settlement.connect(signer).addMember(ref, typeof bridge === "string" ? bridge : bridge.address, age),
    live: async () => [...(await settlement.liveMembers()).ids],
  };
}
