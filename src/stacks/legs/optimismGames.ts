/**
 * OP Stack: proposals of a rollup's state on its parent, each the claim of a dispute game (contracts-bedrock 0.17.3, DisputeGameFactory.sol,
 * FaultDisputeGame.sol), and the proof that a withdrawal is in one. No proposer is believed: our own node says which claims are true.
 */
import { AbiCoder, concat, dataLength, dataSlice, keccak256, toBeHex, toBigInt, ZeroHash } from "ethers";
import { z } from "zod";

import { readBlock } from "../../chain/blocks.ts";
import type { ConnectedMember } from "../../deployments/connect.ts";
import { ParleyError } from "../../errors.ts";
import type { Hex } from "../../wire/index.ts";
import { ask } from "../ask.ts";
import type { StackCall } from "../stackBridge.ts";
import { askNode } from "./askNode.ts";
import type { Leg } from "./leg.ts";
import { MESSAGE_PASSER } from "./optimismMessenger.ts";
import { addressIn, call, callOf } from "./read.ts";

/** A chain's portal, and its rules. Seconds. */
export interface Portal {
  readonly address: string;
  readonly factory: string;
  /** The type of games that count. */
  readonly gameType: bigint;
  /** Games that are older count no more. */
  readonly countsFrom: bigint;
  readonly proofMaturity: bigint;
  readonly gameFinality: bigint;
  /** Clock of the portal's chain. */
  readonly now: bigint;
}

export async function readPortal(parent: ConnectedMember, address: string): Promise<Portal> {
  const number = async (getter: string): Promise<bigint> =>
    BigInt((await ask(parent.provider, address, `function ${getter}() view returns (uint256)`)) ?? 0);
  return {
    address,
    factory: await addressIn(parent, address, "disputeGameFactory"),
    gameType: await number("respectedGameType"),
    countsFrom: await number("respectedGameTypeUpdatedAt"),
    proofMaturity: await number("proofMaturityDelaySeconds"),
    gameFinality: await number("disputeGameFinalityDelaySeconds"),
    now: (await readBlock(parent.provider, "latest")).timestamp,
  };
}

/** What a game says of its claim. */
export type Judged =
  /** Lost, set aside, or of a kind that counts no more: what was proven against it is not proven. */
  | { readonly kind: "void" }
  | { readonly kind: "resolved"; readonly finalFrom: bigint }
  /** `until`: when it can be final, if nobody disputes; undefined if somebody does, or nobody can tell. */
  | { readonly kind: "open"; readonly call: StackCall | undefined; readonly until: bigint | undefined };

const CHALLENGER_WINS = "1";
const DEFENDER_WINS = "2";

export async function judgeGame(parent: ConnectedMember, portal: Portal, game: string): Promise<Judged> {
  const get = (signature: string, ...args: unknown[]): Promise<string | undefined> =>
    ask(parent.provider, game, `function ${signature}`, ...args);
  const status = await get("status() view returns (uint8)");
  if (status === CHALLENGER_WINS || !(await counts(parent, portal, game))) return { kind: "void" };
  if (status === DEFENDER_WINS) {
    const resolvedAt = BigInt((await get("resolvedAt() view returns (uint64)")) ?? 0);
    return { kind: "resolved", finalFrom: resolvedAt + portal.gameFinality + 1n };
  }
  const claims = await get("claimDataLen() view returns (uint256)");
  const clock = await get("maxClockDuration() view returns (uint64)");
  if (claims !== "1" || clock === undefined) return { kind: "open", call: undefined, until: undefined };
  const createdAt = BigInt((await get("createdAt() view returns (uint64)")) ?? 0);
  const resolvableFrom = createdAt + BigInt(clock);
  const isDue = portal.now >= resolvableFrom;
  const until = (isDue ? portal.now : resolvableFrom) + portal.gameFinality + 1n;
  return { kind: "open", call: isDue ? await resolution(parent, game) : undefined, until };
}

/** Whether the portal takes what is proven against a game. */
async function counts({ provider }: ConnectedMember, portal: Portal, game: string): Promise<boolean> {
  const blacklist = "function disputeGameBlacklist(address) view returns (bool)";
  if ((await ask(provider, portal.address, blacklist, game)) === "true") return false;
  const createdAt = await ask(provider, game, "function createdAt() view returns (uint64)");
  if (createdAt === undefined || BigInt(createdAt) < portal.countsFrom) return false;
  const gameType = await ask(provider, game, "function gameType() view returns (uint32)");
  if (gameType === String(portal.gameType)) return true;
  // Later versions take what counted when it was made.
  return (await ask(provider, game, "function wasRespectedGameTypeWhenCreated() view returns (bool)")) === "true";
}

/** The next of both steps by which anyone ends a game that nobody disputed, and whose clock has run out. */
async function resolution(at: ConnectedMember, game: string): Promise<StackCall | undefined> {
  const isResolvable = (await ask(at.provider, game, RESOLVE)) !== undefined;
  if (!isResolvable && (await ask(at.provider, game, RESOLVE_CLAIM, 0, 0)) === undefined) return undefined;
  return {
    title: isResolvable
      ? "end the game over the proposal that it was proven against (resolve)"
      : "resolve the claim of the proposal that it was proven against (resolveClaim)",
    by: "anyone",
    at,
    to: game,
    data: isResolvable ? callOf(RESOLVE) : callOf(RESOLVE_CLAIM, 0, 0),
    value: 0n,
  };
}

const RESOLVE = "function resolve() returns (uint8)";
const RESOLVE_CLAIM = "function resolveClaim(uint256 claimIndex, uint256 numToResolve)";

/** A proposal that a withdrawal is in, and the proof of it, as the portal takes them. */
export interface Proposal {
  readonly index: bigint;
  readonly output: OutputProof;
  readonly proof: readonly Hex[];
}

type OutputProof = Readonly<Record<"version" | "stateRoot" | "messagePasserStorageRoot" | "latestBlockhash", Hex>>;

const FIND =
  "function findLatestGames(uint32 gameType, uint256 start, uint256 n) view returns (tuple(uint256 index, bytes32 metadata, uint64 timestamp, bytes32 rootClaim, bytes extraData)[])";
const COUNT = "function gameCount() view returns (uint256)";

/** Games that are asked for at once. */
const PAGE = 20n;

interface Game {
  readonly index: bigint;
  readonly metadata: Hex;
  readonly timestamp: bigint;
  readonly rootClaim: Hex;
  readonly extraData: Hex;
}

/** The latest true proposal with a withdrawal's block; undefined if there is none yet. Throws `settle/pruned-node`, `settle/no-method`. */
export async function findProposal(
  { parent, child }: Leg,
  portal: Portal,
  withdrawal: { readonly hash: Hex; readonly blockNumber: number },
): Promise<Proposal | undefined> {
  const sent = await readBlock(child.provider, withdrawal.blockNumber);
  let pruned: ParleyError | undefined;
  let end = BigInt(String(await call(parent.provider, portal.factory, COUNT)));
  while (end > 0n) {
    const games = (await call(
      parent.provider,
      portal.factory,
      FIND,
      portal.gameType,
      end - 1n,
      PAGE,
    )) as readonly Game[];
    for (const game of games) {
      // What was proposed before it was sent does not have it.
      if (game.timestamp < sent.timestamp) end = 0n;
      const blockNumber = blockOf(game);
      if (end === 0n) break;
      if (blockNumber === undefined || blockNumber < BigInt(withdrawal.blockNumber)) continue;
      // The last 20 bytes of a game's id are its address.
      const judged = await judgeGame(parent, portal, dataSlice(game.metadata, 12));
      if (judged.kind === "void") continue;
      try {
        const found = await proveIn(child, blockNumber, withdrawal.hash);
        if (found?.root === game.rootClaim) return { index: game.index, output: found.output, proof: found.proof };
      } catch (error) {
        if (!(error instanceof ParleyError) || error.code !== "settle/pruned-node") throw error;
        pruned ??= error;
      }
    }
    const last = games.at(-1);
    end = end === 0n || last === undefined ? 0n : last.index;
  }
  if (pruned !== undefined) throw pruned;
  return undefined;
}

/** The block that a game is about; undefined if that is no block number. */
function blockOf({ extraData }: Game): bigint | undefined {
  if (dataLength(extraData) < 32) return undefined;
  const number = toBigInt(dataSlice(extraData, 0, 32));
  return number < 2n ** 64n ? number : undefined;
}

const BLOCK = z.object({ hash: z.string(), stateRoot: z.string() }).nullable();
const PROOF = z.object({
  storageHash: z.string(),
  storageProof: z.tuple([z.object({ proof: z.array(z.string()) })]),
});

/** The output root of a block by our own node, and the proof that the message passer has a withdrawal there. */
async function proveIn(
  child: ConnectedMember,
  blockNumber: bigint,
  withdrawal: Hex,
): Promise<{ root: Hex; output: OutputProof; proof: readonly Hex[] } | undefined> {
  const tag = `0x${blockNumber.toString(16)}`;
  const block = BLOCK.parse(await askNode(child, "eth_getBlockByNumber", [tag, false]));
  if (block === null) return undefined; // of a block to come
  // The first variable of the contract is the mapping of what it sent.
  const slot = keccak256(AbiCoder.defaultAbiCoder().encode(["bytes32", "uint256"], [withdrawal, 0]));
  const answer = PROOF.parse(await askNode(child, "eth_getProof", [MESSAGE_PASSER, [toBeHex(slot, 32)], tag]));
  const output = {
    version: ZeroHash,
    stateRoot: block.stateRoot,
    messagePasserStorageRoot: answer.storageHash,
    latestBlockhash: block.hash,
  };
  return { root: keccak256(concat(Object.values(output))), output, proof: answer.storageProof[0].proof };
}
