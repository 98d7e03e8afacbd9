/** A token on several rollups, as a list of steps whose state is read from the chains: run again, it goes on where it stopped. */
import { AbiCoder, id, keccak256 } from "ethers";

import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { type ContractCode, initCodeOf } from "../../deploy/code.ts";
import { BridgeableToken__factory } from "../../types/ethers-contracts/factories/examples/tokens/BridgeableToken__factory.ts";
import { CrosschainToken__factory } from "../../types/ethers-contracts/factories/examples/tokens/CrosschainToken__factory.ts";
import { MintingBridge__factory } from "../../types/ethers-contracts/factories/examples/tokens/MintingBridge__factory.ts";
import { TokenVault__factory } from "../../types/ethers-contracts/factories/examples/tokens/TokenVault__factory.ts";
import { DEPLOYMENT_PROXY, throughDeploymentProxy } from "../chain/deploymentProxy.ts";
import { readLaneTo } from "../chain/readLaneTo.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";
import { encodeInteroperableAddress, ZERO_WORD, type Hex } from "../wire/index.ts";
import { readLink } from "./links.ts";
import { readToken } from "./readToken.ts";
import { DECIMALS, type TokenOrder } from "./tokenOrder.ts";

/** A token's end on a rollup: by `bridge` it comes and goes. */
export interface TokenEnd {
  readonly member: ConnectedMember;
  /** Who deploys and owns it. */
  readonly owner: string;
  readonly token: string;
  readonly bridge: string;
}

/** One transaction, sent by the end's owner. */
export interface TokenStep {
  readonly title: string;
  readonly end: TokenEnd;
  /** Whether the chain shows it done; once it is, it is never sent. */
  readonly isDone: () => Promise<boolean>;
  readonly call: () => Promise<{ readonly to: string; readonly data: string }>;
}

export interface TokenPlan {
  readonly order: TokenOrder;
  readonly symbol: string;
  readonly ends: readonly TokenEnd[];
  readonly steps: readonly TokenStep[];
}

/** Part of the addresses: never change it. */
const SALT = id("parley.token.v1");
const BRIDGE_ROLE = id("BRIDGE");

/** A contract that goes through the deployment proxy. */
interface Creation {
  readonly title: string;
  readonly address: string;
  readonly data: string;
}

/** Reads what the addresses depend on, and plans. Throws `token/no-lane`, `token/no-token`, `chain/…`, and as signers do. */
export async function planToken(order: TokenOrder): Promise<TokenPlan> {
  for (const member of order.members) await requireReachable(member);
  await requireLanes(order.members);
  const named = await nameOf(order);
  const owners = new Map<ConnectedMember, string>();
  for (const member of order.members) owners.set(member, await (await member.signer(order.account)).getAddress());
  const ownerOn = (member: ConnectedMember): string => owners.get(member) ?? "";
  const atHome = vaultParts(order, order.home, ownerOn(order.home));
  const parts = order.members.map((member): Parts => {
    const owner = ownerOn(member);
    if (order.kind === "erc7802") return mintedParts(order, member, owner);
    return member === order.home ? atHome : abroadParts(order, { ...named, address: atHome.token }, member, owner);
  });
  const ends = order.members.map((member, place): TokenEnd => {
    const { token, bridge } = parts[place] as Parts;
    return { member, owner: ownerOn(member), token, bridge };
  });
  const deploying = ends.flatMap((end, place) => (parts[place]?.creations ?? []).map((one) => createStep(end, one)));
  const granting = order.kind === "erc7802" ? ends.map(grantStep) : [];
  const linking = ends.map((end) => linkStep(end, ends));
  return { order, symbol: named.symbol, ends, steps: [...deploying, ...granting, ...linking] };
}

interface Named {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
}

async function nameOf({ token, home }: TokenOrder): Promise<Named> {
  if (!("address" in token)) return { ...token, decimals: DECIMALS };
  return await readToken(home, token.address);
}

async function requireLanes(members: readonly ConnectedMember[]): Promise<void> {
  for (const from of members) {
    for (const to of members) {
      if (from === to || (await readLaneTo(from, to.chainId)) !== ZERO_WORD) continue;
      throw new ParleyError(
        "token/no-lane",
        `No lane leads from ${from.name} to ${to.name}, so that no token could.`,
        "See `npx hardhat rollup:status`; a member is accepted with the first operator table that lists it.",
      );
    }
  }
}

/** What a token is made of on one rollup. */
interface Parts {
  readonly token: string;
  readonly bridge: string;
  readonly creations: readonly Creation[];
}

const creation = (title: string, salt: string, contract: ContractCode, args: readonly unknown[]): Creation => ({
  title,
  ...throughDeploymentProxy(salt, initCodeOf(contract, args)),
});

/** A new token; with the same arguments at the same address everywhere, and with all of its supply at home. */
const freshToken = ({ token, home }: TokenOrder, owner: string): Creation | undefined =>
  "address" in token
    ? undefined
    : creation(`deploy ${token.symbol}`, SALT, BridgeableToken__factory, [
        ...[token.name, token.symbol, owner],
        ...[token.supply, home.chainId],
      ]);

/** Locked here. */
function vaultParts(order: TokenOrder, { gateway }: ConnectedMember, owner: string): Parts {
  const fresh = freshToken(order, owner);
  const token = fresh?.address ?? ("address" in order.token ? order.token.address : "");
  const vault = creation("deploy the vault that locks it", SALT, TokenVault__factory, [token, gateway, owner]);
  return { token, bridge: vault.address, creations: fresh === undefined ? [vault] : [fresh, vault] };
}

/** Minted here, for a token of another chain: the address depends on which one. */
function abroadParts(
  { home }: TokenOrder,
  { name, symbol, decimals, address }: Named & { readonly address: string },
  { gateway }: ConnectedMember,
  owner: string,
): Parts {
  const origin = AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256", "address"], [SALT, home.chainId, address]);
  const own = creation(`deploy ${symbol}, minted here`, keccak256(origin), CrosschainToken__factory, [
    ...[name, symbol, decimals],
    ...[gateway, owner],
  ]);
  return { token: own.address, bridge: own.address, creations: [own] };
}

/** Burned and minted here. */
function mintedParts(order: TokenOrder, { gateway }: ConnectedMember, owner: string): Parts {
  const fresh = freshToken(order, owner);
  if (fresh === undefined) throw new Error("a token of this kind is always new: see tokenOrder");
  const args = [fresh.address, gateway, owner];
  const bridge = creation("deploy the bridge that mints it", SALT, MintingBridge__factory, args);
  return { token: fresh.address, bridge: bridge.address, creations: [fresh, bridge] };
}

const createStep = (end: TokenEnd, { title, address, data }: Creation): TokenStep => ({
  title,
  end,
  isDone: async () => (await end.member.provider.getCode(address)) !== "0x",
  call: () => Promise.resolve({ to: DEPLOYMENT_PROXY, data }),
});

function grantStep(end: TokenEnd): TokenStep {
  const token = contractAt(BridgeableToken__factory, end.token, end.member.provider);
  const data = token.interface.encodeFunctionData("grantRole", [BRIDGE_ROLE, end.bridge]);
  return {
    title: "let the bridge mint and burn",
    end,
    isDone: async () => (await isThere(end, end.token)) && (await token.hasRole(BRIDGE_ROLE, end.bridge)),
    call: () => Promise.resolve({ to: end.token, data }),
  };
}

function linkStep(end: TokenEnd, ends: readonly TokenEnd[]): TokenStep {
  const others = ends.filter((other) => other !== end);
  const missing = async (): Promise<Hex[]> => {
    const found: Hex[] = [];
    for (const other of others) {
      const wanted = encodeInteroperableAddress({ chainId: other.member.chainId, address: other.bridge });
      if (await isUnlinked(end, other, wanted)) found.push(wanted);
    }
    return found;
  };
  return {
    title: `link it with ${others.map(({ member }) => member.name).join(", ")}`,
    end,
    isDone: async () => (await isThere(end, end.bridge)) && (await missing()).length === 0,
    call: async () => {
      const data = interfaceOf(TokenVault__factory).encodeFunctionData("link", [await missing()]);
      return { to: end.bridge, data };
    },
  };
}

/** Whether an end has no link to a chain yet. Throws `token/linked-otherwise`. */
async function isUnlinked(end: TokenEnd, other: TokenEnd, wanted: Hex): Promise<boolean> {
  const link = await readLink({ address: end.bridge, provider: end.member.provider }, other.member.chainId);
  if (link === undefined) return true;
  if (link.counterpart === wanted) return false;
  throw new ParleyError(
    "token/linked-otherwise",
    `${end.bridge} on ${end.member.name} is linked with ${link.counterpart} on ${other.member.name}, not with ${other.bridge}.`,
    "Links are for good: deploy another token, by another name, or leave that rollup out.",
  );
}

const isThere = async (end: TokenEnd, address: string): Promise<boolean> =>
  (await end.member.provider.getCode(address)) !== "0x";
