/** Messages that are carried late, out of order, twice, or not at all while there are faults. */
import { followLanes, type Lanes } from "../../chain/lanes.ts";
import type { Follower } from "../../chain/follower.ts";
import type { RelayedMember, StepReport } from "../../agents/index.ts";
import type { Hex } from "../../wire/index.ts";
import { isDoubled, lateness, type FaultSchedule } from "./planFaults.ts";

export class MessageFaults {
  readonly #schedule: FaultSchedule;
  readonly #members: readonly RelayedMember[];
  readonly #lanes: readonly { readonly source: string; readonly follower: Follower<Lanes> }[];
  /** The round in which a message was first seen. */
  readonly #seen = new Map<Hex, number>();
  readonly #doubled = new Set<Hex>();

  constructor(schedule: FaultSchedule, members: readonly RelayedMember[]) {
    this.#schedule = schedule;
    this.#members = members;
    this.#lanes = members.map((member) => ({ source: member.name, follower: followLanes(member) }));
  }

  /** Messages that were carried twice. */
  get doubled(): number {
    return this.#doubled.size;
  }

  /** The messages that may be carried in this round; undefined if all may. */
  async due(round: number): Promise<ReadonlySet<Hex> | undefined> {
    const { drop, delay } = this.#schedule.plan.messages;
    if (drop + delay === 0) return undefined;
    const due = new Set<Hex>();
    for (const { source, follower } of this.#lanes) {
      for (const { destination, messages } of (await follower.latest()).state.values()) {
        const lane = laneName(source, this.#members.find(({ id }) => id === destination)?.name ?? destination);
        for (const { id, nonce } of messages) {
          const since = this.#seen.get(id) ?? round;
          this.#seen.set(id, since);
          if (lateness(this.#schedule, lane, nonce) <= round - since) due.add(id);
        }
      }
    }
    return due;
  }

  /** Sends transactions again that delivered messages which are to be carried twice. */
  async double({ delivered }: StepReport): Promise<void> {
    const again = new Map<Hex, string>();
    for (const { id, source, destination, nonce, txHash } of delivered) {
      if (!isDoubled(this.#schedule, laneName(source, destination), nonce)) continue;
      this.#doubled.add(id);
      again.set(txHash, destination);
    }
    for (const [txHash, destination] of again) {
      const member = this.#members.find(({ name }) => name === destination);
      const transaction = await member?.provider.getTransaction(txHash);
      if (member === undefined || !transaction) continue;
      const { to, data, gasLimit } = transaction;
      await (await member.signer.sendTransaction({ to, data, gasLimit })).wait();
    }
  }
}

const laneName = (source: string, destination: string): string => `${source} → ${destination}`;
