/** A stake-bounded bridge at an `InboxWorld`'s Gateway, and its counterpart, which is on no chain here. */
import { AbiCoder, parseEther, type BigNumberish, type ContractTransactionResponse } from "ethers";

import { encodeInteroperableAddress, Level, type Hex } from "../../../src/wire/index.ts";
import type { IStakeBound, OddToken, StakeBoundedBridge } from "../../../types/ethers-contracts/index.js";
import type { Chain } from "../../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, type InboxWorld } from "../../fixtures/inbox.ts";
import { SENDER, type SourceLane } from "../../fixtures/lane.ts";
import { certify, deliver, type Sent } from "../../fixtures/messages.ts";

export const WINDOW = 6n * 3_600n;

/** Four bridges share half of the weight, of which the world's table has 128 ETH, at 1,000 tokens an ETH: 16,000 tokens each. */
export const TERMS = {
  shareWad: parseEther("0.5"),
  bridges: 4n,
  window: WINDOW,
  maxTokensPerEth: parseEther("1000"),
} satisfies IStakeBound.TermsStruct;

/** What `TERMS` allow in a window by the world's table, in tokens. */
export const CAP = 16_000n;

export const tokens = (amount: BigNumberish): bigint => BigInt(amount) * 10n ** 18n;

export type BridgeWorld = InboxWorld & {
  readonly token: OddToken;
  /** Holds a million tokens of the counterpart's. */
  readonly bridge: StakeBoundedBridge;
  /** Links to `SENDER` at both sources, by the world's Gateway. */
  readonly links: readonly { gateway: string; counterpart: Hex }[];
};

export async function createBridgeWorld(): Promise<BridgeWorld> {
  const world = await createInboxWorld();
  const { chain } = world;
  const links = [world.source, world.otherSource].map(({ chainId }) => ({
    gateway: chain.gateway,
    counterpart: encodeInteroperableAddress({ chainId, address: SENDER }),
  }));
  const token = await chain.ethers.deployContract("OddToken", chain.user);
  const bridge = await deployBridge(chain, token, links);
  await token.setBridge(bridge);
  await token.mint(bridge, tokens(1_000_000));
  const created = await chain.helpers.takeSnapshot();
  return { ...world, token, bridge, links, reset: () => created.restore() };
}

export async function deployBridge(
  chain: Chain,
  token: OddToken,
  links: BridgeWorld["links"],
  terms: Partial<typeof TERMS> = {},
): Promise<StakeBoundedBridge> {
  const args = [await token.getAddress(), links, { ...TERMS, ...terms }, chain.owner.address];
  return chain.ethers.deployContract("StakeBoundedBridge", args, chain.user);
}

/** What a counterpart says of an amount that somebody sent to `to`. */
export const transferOf = (to: string, amount: bigint): Hex =>
  AbiCoder.defaultAbiCoder().encode(
    ["bytes", "bytes", "uint256"],
    [encodeInteroperableAddress({ chainId: 1001n, address: SENDER }), to, amount],
  );

/** Puts a transfer of each amount (in tokens) to the world's user on the lane. */
export async function transfers(world: BridgeWorld, lane: SourceLane, ...amounts: bigint[]): Promise<Sent[]> {
  const recipient = await world.bridge.getAddress();
  return amounts.map((amount) =>
    lane.send({ recipient, payload: transferOf(world.chain.user.address, tokens(amount)) }),
  );
}

/** Delivers what was sent, up to the lane's last message, on operators' word or settled. */
export async function deliverAt(
  world: BridgeWorld,
  lane: SourceLane,
  sent: readonly Sent[],
  level: Level = Level.final,
): Promise<ContractTransactionResponse> {
  const items = sent.map(({ item }) => item);
  const [first, last] = [sent[0]!, sent.at(-1)!];
  if (level === Level.settled) return deliverSettled(world, lane, first.before, items, last.after);
  const proof = await certify(lane, world.chain, last.after, world.operators, { level });
  return deliver(world.chain, lane.source, first.before, items, proof);
}
