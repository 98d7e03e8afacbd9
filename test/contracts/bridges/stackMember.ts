/** A running fabric (running.ts) with a third member, on a chain of its own whose bridge is a stack's. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { BaseContract } from "ethers";
import { network } from "hardhat";

import type { Hex, MemberRef } from "../../../src/wire/index.ts";
import type { Gateway, IRollupBridge } from "../../../types/ethers-contracts/index.js";
import { deployGateway, MAX_SETTLE_AGE, type Connection, type Deployed, type Fabric } from "../settlement/fabric.ts";
import { createRunningFabric, type RunningFabric } from "./running.ts";

/** A stack between two chains, with what its sequencer and its prover do played. */
export interface StackPair {
  /** Executes on the rollup what L1 sent; answers how much. */
  down(): Promise<number>;
  /** Proves and executes on L1 what the rollup sent; answers how much. */
  up(): Promise<number>;
  /** Keeps what it knows besides the chains; what it returns brings that back. */
  remember(): () => void;
}

/** What is on the rollup, and L1's end of its bridge. */
export interface StackMember<
  Pair extends StackPair = StackPair,
  Bridge extends BaseContract = IRollupBridge,
  L1Bridge extends BaseContract = BaseContract,
> extends Deployed {
  readonly connection: Connection;
  readonly chainId: bigint;
  readonly pair: Pair;
  readonly bridge: Bridge;
  readonly l1Bridge: L1Bridge;
  readonly user: HardhatEthersSigner;
  readonly id: Hex;
  readonly ref: MemberRef;
}

/** How a stack's two ends are made. */
export interface StackEnds<Pair, Bridge, L1Bridge> {
  readonly chainId: bigint;
  readonly placePair: (l1: Connection, rollup: Connection) => Promise<Pair>;
  /** Deploys L1's end. */
  readonly deployL1Bridge: (pair: Pair, rollupBridge: string) => Promise<L1Bridge>;
  /** Init code of the rollup's end. */
  readonly rollupBridgeCode: (rollup: Connection, gateway: Gateway, l1Bridge: L1Bridge) => Promise<{ data: string }>;
  readonly rollupBridgeAt: (rollup: Connection, address: string) => Promise<Bridge>;
}

/** Deploys a Gateway and both ends of its bridge; it is no member yet. */
export async function placeMember<Pair extends StackPair, Bridge extends BaseContract, L1Bridge extends BaseContract>(
  { l1, settlement, manager }: Fabric,
  { chainId, placePair, deployL1Bridge, rollupBridgeCode, rollupBridgeAt }: StackEnds<Pair, Bridge, L1Bridge>,
): Promise<StackMember<Pair, Bridge, L1Bridge>> {
  const connection = await network.create({
    network: "default",
    chainType: "l1",
    override: { chainId: Number(chainId) },
  });
  const pair = await placePair(l1, connection);
  const [admin, user] = (await connection.ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const at = [l1.chainId, await settlement.getAddress()] as const;
  const deployed = await deployGateway(connection, admin, {
    settlementChainId: at[0],
    settlement: at[1],
    serviceManager: await manager.getAddress(),
  });
  const { gateway, deployer } = deployed;
  const rollupBridge = await deployer.bridgeAddress(...at);
  const l1Bridge = await deployL1Bridge(pair, rollupBridge);
  const { data } = await rollupBridgeCode(connection, gateway, l1Bridge);
  await deployer.deployBridge(data, ...at);
  return {
    ...deployed,
    connection,
    chainId,
    pair,
    bridge: await rollupBridgeAt(connection, rollupBridge),
    l1Bridge,
    user,
    id: await gateway.MEMBER_ID(),
    ref: { chainId, gateway: await gateway.getAddress() },
  };
}

/**
 * A running fabric with that member in it, live; `reset` brings all chains back to how they are in the end.
 * @param place Deploys it.
 * @param prepare What else is done before that.
 */
export async function createStackFabric<Member extends StackMember<StackPair, BaseContract>>(
  place: (bare: Fabric) => Promise<Member>,
  prepare: (fabric: RunningFabric, member: Member) => Promise<void> = async () => undefined,
): Promise<readonly [RunningFabric, Member]> {
  let placed: Member | undefined;
  const fabric = await createRunningFabric(async (bare) => {
    placed = await place(bare);
    await bare.settlement.connect(bare.owner).addMember(placed.ref, placed.l1Bridge, MAX_SETTLE_AGE);
  });
  if (placed === undefined) throw new Error("No member was added.");
  const member = placed;
  const { networkHelpers } = member.connection;
  await networkHelpers.time.increaseTo(await fabric.l1.networkHelpers.time.latest());
  await prepare(fabric, member);
  const created = [
    await fabric.l1.networkHelpers.takeSnapshot(),
    await fabric.rollup.connection.networkHelpers.takeSnapshot(),
    await networkHelpers.takeSnapshot(),
  ];
  const forget = member.pair.remember();
  const reset = async (): Promise<void> => {
    for (const snapshot of created) await snapshot.restore();
    forget();
  };
  return [{ ...fabric, reset }, member];
}
