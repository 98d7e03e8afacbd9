import type { TransactionReceipt, InterfaceAbi } from "ethers";

import type { ConnectedFabric } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import type { Fabric } from "../src/testing/fabric.ts";
import { type FaultOptions, type FaultyFabric, withFaults } from "../src/testing/faults/index.ts";
import type { Hex } from "../src/wire/index.ts";
import {
  deliver,
  deliverAll,
  type DeliverAllOptions,
  type DeliveringParts,
  type DeliveryReport,
  settle,
} from "./delivering.ts";
import type { DevnetAgents } from "./devnetAgents.ts";
import type { DevnetMember } from "./devnetMember.ts";
import type { DevnetMessage, MessageBook } from "./messageBook.ts";
import { passTime } from "./passTime.ts";
import { type DevnetSnapshot, Snapshots } from "./snapshots.ts";

export interface DevnetParts {
  readonly fabric: Fabric;
  readonly connected: ConnectedFabric;
  /** L1 first. */
  readonly members: readonly [DevnetMember, ...DevnetMember[]];
  readonly messages: MessageBook;
  readonly agents: DevnetAgents;
  /** Makes agents that remember something else. */
  readonly restart: (memory: ReturnType<DevnetAgents["remember"]>) => DevnetAgents;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
  readonly close: () => Promise<void>;
}

type Fixture<Result> = () => Promise<Result>;

/** A whole fabric on simulated chains, in this process: see `createDevnet`. */
export class Devnet<Names extends string = string> {
  readonly l1: DevnetMember;
  /** By name. */
  readonly rollups: Readonly<Record<Names, DevnetMember>>;
  /** L1 first, then the rollups. */
  readonly members: readonly [DevnetMember, ...DevnetMember[]];
  /** What is underneath: contracts on L1, operators, bridges. */
  readonly fabric: Fabric;
  readonly #parts: DevnetParts;
  readonly #snapshots: Snapshots;
  readonly #fixtures = new Map<Fixture<unknown>, { readonly snapshot: DevnetSnapshot; readonly result: unknown }>();
  #agents: DevnetAgents;
  /** Where fixtures begin. */
  #beginning: DevnetSnapshot | undefined;

  /** Use `createDevnet`. */
  constructor(parts: DevnetParts) {
    const [l1, ...rollups] = parts.members;
    this.l1 = l1;
    this.rollups = Object.fromEntries(rollups.map((rollup) => [rollup.name, rollup])) as typeof this.rollups;
    this.members = parts.members;
    this.fabric = parts.fabric;
    this.#parts = parts;
    this.#agents = parts.agents;
    this.#snapshots = new Snapshots(parts.members);
  }

  /** Delivers all that was sent, and what recipients send meanwhile. Throws `devnet/unquiet` if that does not end. */
  async deliverAll(options: DeliverAllOptions = {}): Promise<DeliveryReport> {
    return await deliverAll(this.#delivering, options);
  }

  /**
   * Delivers one message, whatever happened to it before, and leaves all others where they are. Answers the receipt of the
   * transaction that executed it. Throws `message/not-delivered` with the reason, `message/unknown`.
   */
  async deliver(message: Hex | { readonly id: Hex }): Promise<TransactionReceipt> {
    await deliver(this.#delivering, idOf(message));
    return await this.#receiptOfDelivery(idOf(message));
  }

  /** Delivers one message through L1, as when no operator is left. Otherwise as `deliver`. */
  async settle(message: Hex | { readonly id: Hex }): Promise<TransactionReceipt> {
    await settle(this.#delivering, idOf(message));
    return await this.#receiptOfDelivery(idOf(message));
  }

  /** A message, and what became of it so far. Throws `message/unknown`. */
  async message(id: Hex): Promise<DevnetMessage> {
    return await this.#parts.messages.find(id);
  }

  /** Every message that was sent, lane by lane. */
  async messages(): Promise<DevnetMessage[]> {
    return await this.#parts.messages.all();
  }

  /** What keeps a message from being delivered, for people. Throws `message/unknown`. */
  async explain(message: Hex | { readonly id: Hex }): Promise<string> {
    return await this.#parts.messages.explain(idOf(message));
  }

  /** Names of the operators that run. */
  get runningOperators(): readonly string[] {
    return this.#agents.running;
  }

  /** Stops operators: so many more of those that run, or these. A quorum takes more than two thirds of them. */
  stopOperators(which: number | readonly string[] = this.#agents.running): void {
    this.#agents.stop(typeof which === "number" ? this.#agents.running.slice(0, which) : which);
  }

  /** Starts operators again: these, or all. What they signed before they remember. */
  startOperators(names: readonly string[] = this.fabric.operators.map(({ name }) => name)): void {
    this.#agents.start(names);
  }

  /** Lets time pass on all chains together, at least a second. Answers the time that it is then on all of them, in seconds since 1970. */
  async increaseTime(seconds: number): Promise<number> {
    if (Number.isInteger(seconds) && seconds > 0) {
      return await passTime(
        this.members.map(({ provider }) => provider),
        seconds,
      );
    }
    throw new ParleyError(
      "devnet/bad-time",
      `Time cannot pass by ${seconds} seconds.`,
      "Give a whole number, at least 1.",
    );
  }

  /** All chains, and what operators remember, as they are now. */
  async snapshot(): Promise<DevnetSnapshot> {
    return await this.#snapshots.take(this.#agents.remember());
  }

  /** Goes back to a snapshot, on all chains; it serves again, later ones do not. Throws `devnet/no-snapshot`. */
  async restore(snapshot: DevnetSnapshot): Promise<void> {
    await this.#snapshots.restore(snapshot);
    this.#agents = this.#parts.restart(snapshot.memory);
  }

  /**
   * Runs a fixture on the devnet as it was when the first one was loaded; the next time, everything goes back to how the
   * fixture left it, which takes milliseconds. Throws `devnet/anonymous-fixture`.
   */
  async loadFixture<Result>(fixture: Fixture<Result>): Promise<Result> {
    if (fixture.name === "") {
      throw new ParleyError(
        "devnet/anonymous-fixture",
        "A function without a name is another one each time, and would run each time.",
        "Give the fixture a name: `async function deployed() { … }`, and loadFixture(deployed).",
      );
    }
    const known = this.#fixtures.get(fixture);
    if (known !== undefined && this.#snapshots.has(known.snapshot)) {
      await this.restore(known.snapshot);
      return known.result as Result;
    }
    if (this.#beginning === undefined || !this.#snapshots.has(this.#beginning)) this.#beginning = await this.snapshot();
    else await this.restore(this.#beginning);
    const result = await fixture();
    this.#fixtures.set(fixture, { result, snapshot: await this.snapshot() });
    return result;
  }

  /** The fault harness on this devnet, by a seed. Its operators and relayers are its own: see docs/TESTING.md. */
  async withFaults(options: FaultOptions): Promise<FaultyFabric> {
    return await withFaults(this.fabric, options);
  }

  /** Ends all chains. */
  async close(): Promise<void> {
    await this.#parts.close();
  }

  /** Ends all chains: `await using devnet = await createDevnet()`. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  get #delivering(): DeliveringParts {
    return { ...this.#parts, agents: this.#agents };
  }

  async #receiptOfDelivery(id: Hex): Promise<TransactionReceipt> {
    const { destination } = await this.message(id);
    const member = this.members.find(({ name }) => name === destination);
    if (member === undefined) throw new Error(`${destination} is a member`);
    const { gateway } = member;
    const [event] = await gateway.queryFilter(gateway.filters.MessageDelivered(id));
    if (event === undefined) throw new Error("what was delivered has an event");
    return await member.receiptOf(event.transactionHash);
  }
}

const idOf = (message: Hex | { readonly id: Hex }): Hex => (typeof message === "string" ? message : message.id);
