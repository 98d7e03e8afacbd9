/** A running fabric (running.ts) with a third member, on an Arbitrum chain. */
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import {
  AbiCoder,
  getAddress,
  getCreateAddress,
  toBeHex,
  type ContractTransactionResponse,
  type Overrides,
} from "ethers";

import { encodeTable, SCHEME_ECDSA, type Hex, type OperatorTable } from "../../../../src/wire/index.ts";
import type { ArbitrumL1Bridge, ArbitrumRollupBridge } from "../../../../types/ethers-contracts/index.js";
import { ArbitrumPair } from "../../../support/stacks/arbitrum.ts";
import { DAY, ETHER, someAddress, type Fabric } from "../../settlement/fabric.ts";
import { publishTable, type RunningFabric } from "../running.ts";
import { createStackFabric, placeMember, type StackMember } from "../stackMember.ts";

/** What is on the Arbitrum chain, and L1's end of its bridge. */
export type Arbitrum = StackMember<ArbitrumPair, ArbitrumRollupBridge, ArbitrumL1Bridge>;

export type ArbitrumFabric = RunningFabric & { readonly arbitrum: Arbitrum };

/**
 * Creates one, with no table yet on the Arbitrum chain unless it is `published`; `reset` brings all chains back to how they are
 * then.
 */
export async function createArbitrumFabric({ published = false } = {}): Promise<ArbitrumFabric> {
  const [fabric, arbitrum] = await createStackFabric(placeArbitrum, async (running, member) => {
    if (published) await publishEverywhere({ ...running, arbitrum: member });
  });
  return { ...fabric, arbitrum };
}

const placeArbitrum = (bare: Fabric): Promise<Arbitrum> =>
  placeMember(bare, {
    chainId: 42_161n,
    placePair: (l1, rollup) => ArbitrumPair.place(l1, rollup),
    deployL1Bridge: ({ addresses }, rollupBridge) =>
      bare.l1.ethers.deployContract("ArbitrumL1Bridge", [
        bare.settlement,
        bare.manager,
        rollupBridge,
        addresses.parent.inbox,
      ]),
    rollupBridgeCode: async ({ ethers }, gateway, l1Bridge) =>
      (await ethers.getContractFactory("ArbitrumRollupBridge")).getDeployTransaction(gateway, l1Bridge),
    rollupBridgeAt: ({ ethers }, address) => ethers.getContractAt("ArbitrumRollupBridge", address),
  });

/** A pair wired to the same Gateway and Settlement, for which nobody asked; the stranger may send by it. */
export async function deployLookAlike({
  l1,
  stranger,
  settlement,
  arbitrum: { connection, gateway, pair, user },
}: ArbitrumFabric): Promise<Pick<Arbitrum, "bridge" | "l1Bridge">> {
  const rollupBridge = getCreateAddress({ from: user.address, nonce: await user.getNonce() });
  const { inbox } = pair.addresses.parent;
  const l1Bridge = await l1.ethers.deployContract("ArbitrumL1Bridge", [settlement, stranger, rollupBridge, inbox]);
  return {
    l1Bridge,
    bridge: await connection.ethers.deployContract("ArbitrumRollupBridge", [gateway, l1Bridge], user),
  };
}

/** More than any of these tests pays for a ticket; what is too much comes back. */
export const AMPLE = ETHER;

/** Gas to send down with. Never estimated: an estimate is made at a gas price of zero, and may lack a few units at another. */
export const SEND_GAS = 3_000_000n;

/** Pays for a ticket. */
export const PAID = { value: AMPLE, gasLimit: SEND_GAS };

/** Stack parameters: gas of the first attempt, and what it may cost. */
export const stackParams = (gasLimit: bigint, maxFeePerGas: bigint): Hex =>
  AbiCoder.defaultAbiCoder().encode(["uint256", "uint256"], [gasLimit, maxFeePerGas]);

/**
 * More than any first attempt here takes, also where what it runs is measured for coverage. What attempts get by default is tried in
 * test/e2e/arbitrumDefaults.test.ts.
 */
export const NAMED_GAS = stackParams(12_000_000n, 500_000_000n);

/** Takes a new table and puts it in force everywhere. */
export async function publishEverywhere(fabric: ArbitrumFabric): Promise<void> {
  await publishTable(fabric);
  await publishDown(fabric);
  await fabric.arbitrum.pair.down();
}

/** Sends the newest table down to the Arbitrum chain, where the sequencer has yet to take it. */
export async function publishDown(
  { manager, arbitrum }: ArbitrumFabric,
  stackParams: Hex = NAMED_GAS,
  overrides: Overrides = PAID,
): Promise<ContractTransactionResponse> {
  const [table] = await manager.latestTable();
  return manager.publish(table, arbitrum.id, stackParams, overrides);
}

/** Lets Settlement say anything to L1's end, as its account. */
export async function sendAsSettlement(
  { l1, settlement, arbitrum }: ArbitrumFabric,
  items: readonly Hex[],
  refund: string,
  stackParams: Hex = "0x",
): Promise<ContractTransactionResponse> {
  const account = await settlement.getAddress();
  await l1.networkHelpers.impersonateAccount(account);
  await l1.networkHelpers.setBalance(account, 2n * AMPLE);
  const sender = await l1.ethers.getSigner(account);
  return arbitrum.l1Bridge.connect(sender).send([...items], refund, stackParams, PAID);
}

/** Lets anyone on the Arbitrum chain send anything up. */
export async function sendUp(
  { arbitrum: { connection, pair } }: ArbitrumFabric,
  sender: HardhatEthersSigner,
  to: string,
  data: Hex,
  value = 0n,
): Promise<void> {
  const arbSys = await connection.ethers.getContractAt("ArbSysStandIn", pair.addresses.child.arbSys);
  await arbSys.connect(sender).sendTxToL1(to, data, { value });
}

/** The snapshot time of the table that is in force on the Arbitrum chain; 0 if none is. */
export async function snapshotInForce({ gateway }: Pick<Arbitrum, "gateway">): Promise<bigint> {
  const [, snapshot] = await gateway.tableInForce();
  return snapshot;
}

/** Whose ids items bear. */
export const settlementOf = async ({ l1, settlement }: Fabric): Promise<{ chainId: bigint; settlement: string }> => ({
  chainId: l1.chainId,
  settlement: await settlement.getAddress(),
});

/** A table with so many operators that lists so many members, of which nobody has heard. */
export async function tableItem(fabric: Fabric, operators: number, members: number, snapshot: bigint): Promise<Hex> {
  const table: OperatorTable = {
    scheme: SCHEME_ECDSA,
    snapshot,
    expiry: snapshot + DAY,
    weightFloor: 1n,
    operators: Array.from({ length: operators }, (_, n) => ({
      key: getAddress(toBeHex((BigInt(n + 1) << 150n) + 12_345n, 20)),
      weight: (1n << 80n) + BigInt(n),
    })),
    members: Array.from({ length: members }, (_, n) => ({
      chainId: BigInt(90_000 + n),
      gateway: someAddress(n),
      certifiableUntil: snapshot + DAY,
      flags: 1,
    })),
  };
  return encodeTable(table, await settlementOf(fabric));
}
