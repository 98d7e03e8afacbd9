import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { IRollupBridge__factory } from "../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { ISettlement__factory } from "../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import type { ISettlement } from "../../types/ethers-contracts/interfaces/ISettlement.ts";
import { readBlock } from "../chain/blocks.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { readerOf } from "../chain/readerOf.ts";
import { readLaneTo } from "../chain/readLaneTo.ts";
import { countOf, laneWord, type Hex } from "../wire/index.ts";
import { isSilent, planHeartbeats, type Heartbeat, type HeartbeatView } from "./relaying/planHeartbeats.ts";
import { senderOf, type RelayedMember, type SettlementAccess, type StepProblem } from "./relaying/types.ts";

/** A member, with its end of the bridge to L1. */
export type BeatingMember = RelayedMember & {
  /** Where its lanes are settled. */
  readonly bridge: string;
  /** Time of the latest current word that its bridge sent up, arrived or not, in seconds since 1970; 0 if it sent none. */
  readonly readSentTime: () => Promise<bigint>;
};

/** What heartbeats are made of. */
export type HeartbeatOptions = {
  readonly settlement: Pick<SettlementAccess, "settlement" | "signer">;
  readonly members: readonly BeatingMember[];
  /** Seconds between a source's heartbeats; a day by default. */
  readonly every?: bigint;
};

/** A word that a source was made to settle. */
export type SettledSource = { readonly source: string; readonly destination: string; readonly txHash: Hex };

/** What one step did. */
export type HeartbeatReport = { readonly settled: readonly SettledSource[]; readonly problems: readonly StepProblem[] };

const BRIDGE = interfaceOf(IRollupBridge__factory);

const DAY = 86_400n;
/** Seconds by L1's clock in which a source is not tried again that could not be made to settle. */
const PAUSE = 600n;

type Members = HeartbeatView["members"];

/**
 * Has every source settle a current word once a day, so that certificates about it go on to count (R20) where nobody else does.
 * Needs nobody's permission; what it forgets when it ends it reads again.
 */
export class Heartbeats {
  readonly #settlement: ISettlement;
  readonly #options: HeartbeatOptions;
  /** Of each source, the latest time of a word that is known to have been sent. */
  readonly #sent = new Map<Hex, bigint>();
  readonly #triedAt = new Map<Hex, bigint>();

  constructor(options: HeartbeatOptions) {
    const { settlement, signer } = options.settlement;
    this.#options = options;
    this.#settlement = contractAt(ISettlement__factory, settlement, signer);
  }

  /** Makes sources settle that are due. Never rejects because a chain misbehaves; the report says which did. */
  async step(): Promise<HeartbeatReport> {
    const settled: SettledSource[] = [];
    const problems: StepProblem[] = [];
    const attempt = async <Result>(subject: string, code: string, action: () => Promise<Result>) => {
      try {
        return await action();
      } catch (error) {
        problems.push({ subject, code, reason: decodeCallError(error).text });
        return undefined;
      }
    };
    const { every = DAY, members, settlement } = this.#options;
    const latest = await attempt("L1", "heartbeat/unreadable", () => readBlock(readerOf(settlement.signer), "latest"));
    if (latest === undefined) return { settled, problems };
    const clock = { now: latest.timestamp, every };
    const views: Members[number][] = [];
    for (const member of members) {
      const view = await attempt(member.name, "heartbeat/unreadable", () => this.#view(member, clock));
      if (view !== undefined) views.push(view);
    }
    for (const beat of planHeartbeats({ ...clock, members: views })) {
      const source = members.find(({ id }) => id === beat.source);
      const destination = members.find(({ id }) => id === beat.destination);
      if (source === undefined || destination === undefined) continue;
      this.#triedAt.set(source.id, clock.now);
      const txHash = await attempt(source.name, "heartbeat/not-settled", () => this.#beat(source, beat));
      if (txHash !== undefined) settled.push({ source: source.name, destination: destination.name, txHash });
    }
    return { settled, problems };
  }

  /** What decides about a member; undefined if it is not due, as far as that can be told cheaply. */
  async #view(
    member: BeatingMember,
    clock: Pick<HeartbeatView, "now" | "every">,
  ): Promise<Members[number] | undefined> {
    const { now, every } = clock;
    const triedAt = this.#triedAt.get(member.id);
    if (triedAt !== undefined && now < triedAt + PAUSE) return undefined;
    if (now < (this.#sent.get(member.id) ?? 0n) + every) return undefined;
    const { liveFrom, retiredFrom, settledTime, isFaulted } = await this.#settlement.member(member.id);
    const known = { liveFrom, retiredFrom, settledTime, isFaulted };
    if (!isSilent(known, clock)) return undefined;
    const sentTime = await member.readSentTime();
    this.#sent.set(member.id, sentTime);
    const others = this.#options.members.filter(({ id }) => id !== member.id);
    const lanes = await Promise.all(
      others.map(async ({ id, chainId }) => {
        const [word, { word: settled }] = await Promise.all([
          readLaneTo(member, chainId),
          this.#settlement.latest(member.id, id),
        ]);
        return { destination: id, unsettled: countOf(word) - countOf(laneWord(settled)) };
      }),
    );
    return { id: member.id, ...known, sentTime, lanes };
  }

  async #beat(source: BeatingMember, { destination }: Heartbeat): Promise<Hex> {
    const data = BRIDGE.encodeFunctionData("settleCurrent", [destination]);
    const key = `heartbeat of ${source.id}`;
    const { hash, blockNumber } = await senderOf(source).send({ key, to: source.bridge, data });
    this.#sent.set(source.id, (await readBlock(source.provider, blockNumber)).timestamp);
    return hash;
  }
}
