/** The operators and the relayer of a devnet, and what they remember: it goes back with the chains. */
import { type InterfaceAbi, type Signer } from "ethers";

import {
  MemorySigningStore,
  Operator,
  type OperatorClient,
  type RelayedMember,
  Relayer,
  type RelayerOptions,
  type StepReport,
} from "../src/agents/index.ts";
import { Heartbeats } from "../src/agents/heartbeats.ts";
import { type Halt, MemoryHaltBook } from "../src/agents/signing/halts.ts";
import type { SignedWord } from "../src/agents/signingStore.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";
import { ParleyError } from "../src/errors.ts";
import { beating } from "../src/stacks/beating.ts";
import type { Fabric } from "../src/testing/fabric.ts";
import { relayedMembers } from "../src/testing/fabricAgents.ts";
import type { DevnetOperator } from "../src/testing/operators.ts";
import type { Hex } from "../src/wire/index.ts";

/** What agents know that the chains do not tell. */
export interface AgentsMemory {
  /** What each operator signed, and on which lanes it stopped, by name. */
  readonly operators: ReadonlyMap<string, { readonly signed: readonly SignedWord[]; readonly halts: readonly Halt[] }>;
  /** Names of operators that do not run. */
  readonly stopped: ReadonlySet<string>;
}

export interface AgentsPlan {
  readonly fabric: Fabric;
  readonly connected: ConnectedFabric;
  /** Who pays for relaying, by the member's name. */
  readonly payers: ReadonlyMap<string, Signer>;
  /** Of recipients. */
  readonly abis: readonly InterfaceAbi[];
}

const NOTHING: AgentsMemory = { operators: new Map(), stopped: new Set() };

interface RunningOperator {
  readonly name: string;
  readonly store: MemorySigningStore;
  readonly halts: MemoryHaltBook;
  readonly client: OperatorClient;
}

/** Real operators with real keys, and a relayer, in this process. */
export class DevnetAgents {
  readonly #plan: AgentsPlan;
  readonly #members: readonly RelayedMember[];
  readonly #operators: readonly RunningOperator[];
  readonly #stopped: Set<string>;
  readonly #relayer: Relayer;
  readonly #heartbeats: Heartbeats;

  constructor(plan: AgentsPlan, memory: AgentsMemory = NOTHING) {
    const { fabric, connected, payers } = plan;
    this.#plan = plan;
    this.#stopped = new Set(memory.stopped);
    this.#members = relayedMembers(fabric).map((member) => ({ ...member, signer: payerOf(payers, member.name) }));
    this.#operators = fabric.operators.map((operator) => this.#start(operator, memory));
    this.#relayer = new Relayer(this.#relayerOptions);
    this.#heartbeats = new Heartbeats({
      settlement: this.#settlement,
      members: connected.members.map((member) => beating(connected, member, payerOf(payers, member.name))),
    });
  }

  /** As a relayer meets them; one that is stopped answers nothing. */
  get operators(): readonly OperatorClient[] {
    return this.#operators.map(({ client }) => client);
  }

  /** Names of the operators that run. */
  get running(): readonly string[] {
    return this.#operators.map(({ name }) => name).filter((name) => !this.#stopped.has(name));
  }

  stop(names: readonly string[]): void {
    for (const name of names) this.#stopped.add(this.#known(name));
  }

  start(names: readonly string[]): void {
    for (const name of names) this.#stopped.delete(this.#known(name));
  }

  /** What they know now. */
  remember(): AgentsMemory {
    const operators = this.#operators.map(
      ({ name, store, halts }) => [name, { signed: store.all(), halts: halts.all() }] as const,
    );
    return { operators: new Map(operators), stopped: new Set(this.#stopped) };
  }

  /** Sources that are due settle a word, as they do once a day. Answers how many did. */
  async beat(): Promise<number> {
    return (await this.#heartbeats.step()).settled.length;
  }

  /** The relayer makes a step. */
  async relay(): Promise<StepReport> {
    return await this.#relayer.step();
  }

  /** A relayer that carries these messages alone, however often they failed. */
  relayerOf(ids: readonly Hex[]): Relayer {
    return new Relayer({ ...this.#relayerOptions, only: new Set(ids) });
  }

  get #settlement(): RelayerOptions["settlement"] {
    const { fabric, payers } = this.#plan;
    const [{ chainId, name }] = fabric.members;
    const { settlement, serviceManager } = fabric.contracts;
    return { chainId, settlement, serviceManager, signer: payerOf(payers, name), startBlock: fabric.startBlock };
  }

  get #relayerOptions(): RelayerOptions {
    const { settlement, members, abis } = {
      settlement: this.#settlement,
      members: this.#members,
      abis: this.#plan.abis,
    };
    return { settlement, members, abis, operators: this.operators };
  }

  #start({ name, key }: DevnetOperator, memory: AgentsMemory): RunningOperator {
    const { fabric } = this.#plan;
    const { signed = [], halts: halted = [] } = memory.operators.get(name) ?? {};
    const store = new MemorySigningStore(signed);
    const halts = new MemoryHaltBook(halted);
    const domain = {
      settlementChainId: fabric.members[0].chainId,
      serviceManager: fabric.contracts.serviceManager,
    };
    const operator = new Operator({ nodes: this.#members, domain, key, store, halts });
    const certify: OperatorClient["certify"] = async (checkpoints) => {
      if (!this.#stopped.has(name)) return await operator.certify(checkpoints);
      throw new ParleyError("devnet/operator-stopped", `${name} is stopped.`, "Start it: devnet.startOperators().");
    };
    return { name, store, halts, client: { address: operator.address, certify } };
  }

  #known(name: string): string {
    if (this.#operators.some((operator) => operator.name === name)) return name;
    const names = this.#operators.map((operator) => operator.name).join(", ");
    throw new ParleyError("devnet/unknown-operator", `No operator is named "${name}".`, `There are ${names}.`);
  }
}

function payerOf(payers: AgentsPlan["payers"], name: string): Signer {
  const payer = payers.get(name);
  if (payer === undefined) throw new Error(`somebody pays on ${name}`);
  return payer;
}
