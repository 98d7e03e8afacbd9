/** A running fabric (running.ts) with a third member, an L3: an Arbitrum chain that settles on an OP Stack chain, which is no member. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { AbiCoder, id, keccak256, toBigInt } from "ethers";
import { network } from "hardhat";

import type { Hex, MemberRef } from "../../../../src/wire/index.ts";
import type {
  ArbitrumOnOptimismHop,
  ArbitrumRollupBridge,
  Gateway,
  OptimismL1Bridge,
} from "../../../../types/ethers-contracts/index.js";
import { ArbitrumPair } from "../../../support/stacks/arbitrum.ts";
import { OptimismPair } from "../../../support/stacks/optimism.ts";
import { deployGateway, MAX_SETTLE_AGE, type Connection, type Fabric } from "../../settlement/fabric.ts";
import { createRunningFabric, type RunningFabric } from "../running.ts";

const MIDDLE_ID = 8_453;
const L3_ID = 88_153;

export interface L3 {
  /** The OP Stack chain. */
  readonly middle: Connection;
  readonly chainId: bigint;
  readonly connection: Connection;
  /** Between L1 and the OP Stack chain, and between that and the L3. */
  readonly pairs: { readonly optimism: OptimismPair; readonly arbitrum: ArbitrumPair };
  readonly l1Bridge: OptimismL1Bridge;
  readonly hop: ArbitrumOnOptimismHop;
  readonly bridge: ArbitrumRollupBridge;
  readonly gateway: Gateway;
  readonly user: HardhatEthersSigner;
  /** On the OP Stack chain; pays for pushing. */
  readonly pusher: HardhatEthersSigner;
  readonly id: Hex;
  readonly ref: MemberRef;
}

export type L3Fabric = RunningFabric & { readonly l3: L3 };

/** Where a GatewayDeployer puts the hop to a chain: apart from the bridge of the member that the parent may be itself. */
const hopSalt = (settlementChainId: bigint, l3ChainId: bigint): bigint =>
  toBigInt(
    keccak256(
      AbiCoder.defaultAbiCoder().encode(
        ["bytes32", "uint256", "uint256"],
        [id("parley.hop.v1"), settlementChainId, l3ChainId],
      ),
    ),
  );

/** Creates one, with no table yet on the L3; `reset` brings all chains back to how they are then. */
export async function createL3Fabric(): Promise<L3Fabric> {
  let l3: L3 | undefined;
  const fabric = await createRunningFabric(async (bare) => {
    l3 = await placeL3(bare);
    await bare.settlement.connect(bare.owner).addMember(l3.ref, l3.l1Bridge, MAX_SETTLE_AGE);
  });
  if (l3 === undefined) throw new Error("No member was added.");
  const { middle, connection, pairs } = l3;
  const now = await fabric.l1.networkHelpers.time.latest();
  for (const { networkHelpers } of [middle, connection]) await networkHelpers.time.increaseTo(now);
  const created = [
    await fabric.l1.networkHelpers.takeSnapshot(),
    await fabric.rollup.connection.networkHelpers.takeSnapshot(),
    await middle.networkHelpers.takeSnapshot(),
    await connection.networkHelpers.takeSnapshot(),
  ];
  const forget = [pairs.optimism.remember(), pairs.arbitrum.remember()];
  return {
    ...fabric,
    l3,
    reset: async () => {
      for (const snapshot of created) await snapshot.restore();
      for (const restore of forget) restore();
    },
  };
}

const openChain = (chainId: number) => network.create({ network: "default", chainType: "l1", override: { chainId } });

async function placeL3({ l1, settlement, manager }: Fabric): Promise<L3> {
  const middle = await openChain(MIDDLE_ID);
  const connection = await openChain(L3_ID);
  const optimism = await OptimismPair.place(l1, middle);
  const arbitrum = await ArbitrumPair.place(middle, connection);
  const [admin, user] = (await connection.ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const [middleAdmin, pusher] = (await middle.ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
  const wiring = {
    settlementChainId: l1.chainId,
    settlement: await settlement.getAddress(),
    serviceManager: await manager.getAddress(),
  };
  const at = [wiring.settlementChainId, wiring.settlement] as const;
  const hopAt = [hopSalt(l1.chainId, BigInt(L3_ID)), wiring.settlement] as const;

  // Each end names its neighbour, so both addresses that the deployers decide are known first.
  const { gateway, deployer } = await deployGateway(connection, admin, wiring);
  const { deployer: middleDeployer } = await deployGateway(middle, middleAdmin, wiring);
  const hopAddress = await middleDeployer.bridgeAddress(...hopAt);
  const l3Bridge = await deployer.bridgeAddress(...at);
  const { messenger } = optimism.addresses.parent;
  const l1Bridge = await l1.ethers.deployContract("OptimismL1Bridge", [settlement, manager, hopAddress, messenger]);
  const hopCode = await middle.ethers.getContractFactory("ArbitrumOnOptimismHop");
  const hopInit = await hopCode.getDeployTransaction(l1Bridge, l3Bridge, arbitrum.addresses.parent.inbox);
  await middleDeployer.deployBridge(hopInit.data, ...hopAt);
  const l3Code = await connection.ethers.getContractFactory("ArbitrumRollupBridge");
  await deployer.deployBridge((await l3Code.getDeployTransaction(gateway, hopAddress)).data, ...at);
  return {
    middle,
    chainId: BigInt(L3_ID),
    connection,
    pairs: { optimism, arbitrum },
    l1Bridge,
    hop: await middle.ethers.getContractAt("ArbitrumOnOptimismHop", hopAddress),
    bridge: await connection.ethers.getContractAt("ArbitrumRollupBridge", l3Bridge),
    gateway,
    user,
    pusher,
    id: await gateway.MEMBER_ID(),
    ref: { chainId: BigInt(L3_ID), gateway: await gateway.getAddress() },
  };
}
