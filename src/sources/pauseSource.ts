/** A Gateway's owner stops certificates about a source, and lets them count again. Settled words are not touched. */
import { Contract, type Signer } from "ethers";

import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";
import { Level, levelName, toLevel, type Hex, type LevelName } from "../wire/index.ts";

/** The quorum that a Gateway demands unless its owner says otherwise. */
const DEFAULT_QUORUM_BPS = 6_667n;

/** What pausing or unpausing comes to, found out without sending. */
export interface PausePlan {
  readonly at: ConnectedMember;
  readonly source: ConnectedMember;
  readonly paused: boolean;
  /** It is so already. */
  readonly isDone: boolean;
  /** Owner of the Gateway. */
  readonly owner: string;
  /** What stays as it is. */
  readonly minLevel: LevelName;
  readonly quorumBps: bigint;
  /** What its owner sends to the Gateway. */
  readonly data: Hex;
}

const GATEWAY = interfaceOf(IGateway__factory);
const OWNED = ["function owner() view returns (address)"];

/**
 * Reads how a member listens to a source, and what would change that. Throws `source/itself`, `source/unlisted`, and as the member's
 * node does.
 */
export async function planPause(at: ConnectedMember, source: ConnectedMember, paused: boolean): Promise<PausePlan> {
  if (at.id === source.id) {
    throw new ParleyError("source/itself", `${at.name} does not listen to itself.`, "Name another member.");
  }
  await requireReachable(at);
  const [settings, owner] = await Promise.all([
    contractAt(IGateway__factory, at.gateway, at.provider).member(source.id),
    new Contract(at.gateway, OWNED, at.provider).getFunction("owner").staticCall() as Promise<string>,
  ]);
  if (settings.chainId === 0n) {
    throw new ParleyError(
      "source/unlisted",
      `${at.name} does not know ${source.name}: no operator table that names it has arrived there.`,
      "Publish a table with `npx hardhat table:publish`; until then nothing of it counts there.",
    );
  }
  const level = toLevel(settings.minLevel, "minLevel");
  // Defaults are written as such: only then does the next table free deliveries from looking settings up.
  const kept = [
    level === Level.final ? 0 : level,
    settings.quorumBps === DEFAULT_QUORUM_BPS ? 0n : settings.quorumBps,
  ] as const;
  return {
    ...{ at, source, paused, owner, isDone: settings.paused === paused },
    minLevel: levelName(level),
    quorumBps: settings.quorumBps,
    data: GATEWAY.encodeFunctionData("setSource", [source.id, ...kept, paused]),
  };
}

/** Does what was planned, and answers with which transaction. Throws `source/not-owner`, `source/not-set`. */
export async function carryOutPause({ at, source, owner, data }: PausePlan): Promise<Hex> {
  const signer = await ownerOf(at, owner);
  try {
    const response = await signer.sendTransaction({ to: at.gateway, data });
    const receipt = await response.wait();
    if (receipt === null) throw new Error(`the node has no receipt of ${response.hash}`);
    return receipt.hash;
  } catch (cause) {
    throw new ParleyError(
      "source/not-set",
      `The settings of ${source.name} at ${at.name} were not changed: ${decodeCallError(cause).text}`,
      "Put that right, then run this again.",
      { cause },
    );
  }
}

async function ownerOf(at: ConnectedMember, owner: string): Promise<Signer> {
  try {
    return await at.signer(owner);
  } catch (cause) {
    if (!(cause instanceof ParleyError) || !cause.code.startsWith("account/")) throw cause;
    throw new ParleyError(
      "source/not-owner",
      `Only the owner of ${at.name}'s Gateway may do that, ${owner}, and there is no key of it. ${cause.message}`,
      "Give the network its key; if the owner is a Safe, write a batch for it with --safe FILE.",
      { cause },
    );
  }
}
