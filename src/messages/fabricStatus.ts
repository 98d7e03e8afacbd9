/** How a fabric is: its chains, its operator tables, its lanes, its operators. */
import { ZeroHash } from "ethers";

import { contractAt } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import type { OperatorClient } from "../agents/operatorClient.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { readTableInForce } from "../chain/readTableInForce.ts";
import type { ConnectedFabric, ConnectedMember } from "../deployments/connect.ts";
import { ParleyError } from "../errors.ts";
import { Level, toLevel, ZERO_WORD, type Hex, type OperatorTable } from "../wire/index.ts";
import { FabricReader, type FabricView, type MemberView } from "./fabricView.ts";
import { readFabricTable } from "./judgement.ts";
import { trackMessages } from "./messageStatus.ts";

/** The table by which a member judges certificates. Times in seconds since 1970. */
export interface TableStatus {
  readonly id: Hex;
  readonly snapshot: bigint;
  readonly expiry: bigint;
  readonly isExpired: boolean;
  /** What is in it; undefined if L1 does not show it. */
  readonly content: OperatorTable | undefined;
}

/** Another member, as a member listens to it. */
export interface SourceStatus {
  readonly name: string;
  readonly accepted: boolean;
  readonly minLevel: Level;
  readonly quorumBps: bigint;
  readonly paused: boolean;
}

/** A member whose chain could be read. */
export interface ReadMemberStatus {
  readonly member: ConnectedMember;
  readonly problem: undefined;
  readonly height: number;
  readonly finalHeight: number;
  /** Seconds since 1970, by its latest block. */
  readonly time: bigint;
  /** Undefined if none is in force. */
  readonly table: TableStatus | undefined;
  readonly sources: readonly SourceStatus[];
}

/** A member; `problem` says why its chain could not be read. */
export type MemberStatus = ReadMemberStatus | { readonly member: ConnectedMember; readonly problem: ParleyError };

/** A lane, and what became of its messages; that is undefined if the destination's chain could not be read. */
export interface LaneStatus {
  readonly from: string;
  readonly to: string;
  readonly isOpen: boolean;
  readonly sent: number;
  readonly arrived: { readonly delivered: number; readonly failed: number; readonly waiting: number } | undefined;
}

/** An operator that the addresses file names, or that was asked for. */
export interface OperatorStatus {
  readonly address: string;
  /** Why it does not answer; undefined if it does. */
  readonly problem: string | undefined;
}

export interface FabricStatus {
  readonly members: readonly MemberStatus[];
  readonly lanes: readonly LaneStatus[];
  readonly operators: readonly OperatorStatus[];
  /** Every chain answers, and every table is in force. */
  readonly isWell: boolean;
}

/** Reads how a fabric is. A chain that does not answer holds up nothing else. */
export async function readFabricStatus(
  fabric: ConnectedFabric,
  operators: readonly OperatorClient[],
): Promise<FabricStatus> {
  const [view, operatorStatuses] = await Promise.all([
    new FabricReader(fabric.members).read(),
    Promise.all(operators.map(probe)),
  ]);
  const members = await Promise.all(fabric.members.map((member) => readMember(fabric, view, member)));
  return {
    members,
    lanes: readLanes(view),
    operators: operatorStatuses,
    isWell: members.every((status) => status.problem === undefined && status.table?.isExpired === false),
  };
}

async function readMember(fabric: ConnectedFabric, view: FabricView, member: ConnectedMember): Promise<MemberStatus> {
  const read = view.read.get(member.id);
  const unread = view.unread.get(member.id);
  if (read === undefined) return { member, problem: unread?.error ?? unreadable(member, "it was not asked") };
  try {
    const others = fabric.members.filter(({ id }) => id !== member.id);
    const [table, sources] = await Promise.all([
      readTableStatus(fabric, read),
      Promise.all(others.map((other) => readSource(member, other))),
    ]);
    return {
      member,
      problem: undefined,
      height: read.latest.number,
      finalHeight: read.final.number,
      time: read.latest.timestamp,
      table,
      sources,
    };
  } catch (error) {
    return { member, problem: unreadable(member, decodeCallError(error).text) };
  }
}

const unreadable = ({ name, at }: ConnectedMember, reason: string): ParleyError =>
  new ParleyError("chain/unreadable", `The node of ${name} at ${at} answers with an error: ${reason}`, "Look at it.");

async function readTableStatus(
  fabric: ConnectedFabric,
  { member, latest }: MemberView,
): Promise<TableStatus | undefined> {
  const { id, snapshot, expiry } = await readTableInForce(member);
  if (id === undefined) return undefined;
  const content = await readFabricTable(fabric, id).catch(() => undefined); // L1's own line says what is wrong with it
  return { id, snapshot, expiry, isExpired: latest.timestamp >= expiry, content };
}

async function readSource({ gateway, provider }: ConnectedMember, source: ConnectedMember): Promise<SourceStatus> {
  const settings = await contractAt(IGateway__factory, gateway, provider).member(source.id);
  const { accepted, minLevel, quorumBps, paused } = settings;
  return {
    name: source.name,
    accepted,
    minLevel: accepted ? toLevel(minLevel, "minLevel") : Level.final,
    quorumBps,
    paused,
  };
}

function readLanes(view: FabricView): LaneStatus[] {
  const messages = trackMessages(view);
  return [...view.read.values()].flatMap((source) =>
    [...source.lanes.values()].flatMap((lane) => {
      const end = view.read.get(lane.destination) ?? view.unread.get(lane.destination);
      if (end === undefined) return [];
      const count = (...statuses: string[]): number =>
        messages.filter((message) => message.lane === lane && statuses.includes(message.status)).length;
      const arrived =
        "error" in end
          ? undefined
          : { delivered: count("delivered"), failed: count("failed"), waiting: count("sent", "final") };
      const { isOpen, messages: sent } = lane;
      return [{ from: source.member.name, to: end.member.name, isOpen, sent: sent.length, arrived }];
    }),
  );
}

/** Asks an operator to sign what no operator signs: whatever it answers, it is there. */
async function probe(operator: OperatorClient): Promise<OperatorStatus> {
  const checkpoint = {
    source: ZeroHash,
    destination: ZeroHash,
    laneWord: ZERO_WORD,
    reachedBy: 0n,
    level: Level.final,
    blockHash: ZeroHash,
  };
  try {
    await operator.certify([checkpoint]);
    return { address: operator.address, problem: undefined };
  } catch (error) {
    return { address: operator.address, problem: error instanceof Error ? error.message : String(error) };
  }
}
