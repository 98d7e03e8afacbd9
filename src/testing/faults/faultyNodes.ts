import { BrowserProvider, id, Wallet } from "ethers";

import type { RelayedMember } from "../../agents/index.ts";
import { fund } from "../cheats.ts";
import type { ChainProvider } from "../eigenlayer.ts";
import type { Fabric, FabricMember } from "../fabric.ts";
import { Branches } from "./branches.ts";
import { NO_CALL_FAULTS, type CallFaultEvent } from "./calls.ts";
import { faultyProvider } from "./faultyProvider.ts";
import { lyingProvider } from "./lyingProvider.ts";
import type { Fault, FaultSchedule } from "./planFaults.ts";

const BALANCE = 10n ** 24n;

/** What nodes ask about faults. */
export interface FaultState {
  readonly schedule: FaultSchedule;
  /** Whether faults are over. */
  readonly isOver: () => boolean;
  /** Whether a fault is at work now that the condition fits. */
  readonly isOn: (fits: (fault: Fault) => boolean) => boolean;
  readonly onCallFault: (event: CallFaultEvent) => void;
}

/** The chains of a fabric, and nodes through which somebody sees them: each fails and lies for itself. */
export class FaultyNodes {
  readonly #fabric: Fabric;
  readonly #state: FaultState;
  readonly #branches: ReadonlyMap<string, Branches>;

  constructor(fabric: Fabric, state: FaultState) {
    this.#fabric = fabric;
    this.#state = state;
    this.#branches = new Map(fabric.members.map(({ name, provider }) => [name, new Branches(provider)]));
  }

  /** The chain of the member of this name. */
  chain(member: string): Branches {
    const branches = this.#branches.get(member);
    if (branches === undefined) throw new Error(`${member} is no member`);
    return branches;
  }

  get chains(): readonly Branches[] {
    return [...this.#branches.values()];
  }

  /** The members as someone sees them who has an account of its own on nodes that neither fail nor lie. */
  honest(owner: string): RelayedMember[] {
    return this.#fabric.members.map((member) => seenThrough(this.chain(member.name).provider, member, owner));
  }

  /** The members as someone sees them through nodes of its own, which `through` may put something in front of. */
  faulty(owner: string, through = (node: ChainProvider): ChainProvider => node): RelayedMember[] {
    return this.#fabric.members.map((member) => seenThrough(through(this.#node(owner, member)), member, owner));
  }

  /** Gives someone's account what its transactions cost. */
  async fund(owner: string): Promise<void> {
    for (const { provider } of this.#fabric.members) await fund(provider, accountOf(owner).address, BALANCE);
  }

  #node(owner: string, member: FabricMember): ChainProvider {
    const { schedule, isOver, isOn, onCallFault } = this.#state;
    const to = `${owner}'s node of ${member.name}`;
    const chain = this.chain(member.name).provider;
    const faulty = faultyProvider(chain, {
      seed: schedule.seed,
      to,
      rates: () => (isOver() ? NO_CALL_FAULTS : schedule.plan.rpc),
      onFault: onCallFault,
    });
    const isOwn = (fault: Fault): boolean =>
      fault.kind === "lying-node" && fault.of === owner && fault.member === member.name;
    if (!schedule.faults.some(isOwn)) return faulty;
    return lyingProvider(faulty, {
      name: to,
      member: seenThrough(chain, member, owner),
      isLying: () => isOn(isOwn),
    });
  }
}

/** An account of simulated chains alone: its key is known to everyone. */
const accountOf = (owner: string): Wallet => new Wallet(id(`parley.faults.${owner}`));

function seenThrough(node: ChainProvider, member: FabricMember, owner: string): RelayedMember {
  const { name, id: memberId, chainId, ref, confirmations, startBlock } = member;
  const eip1193 = {
    request: async ({ method, params = [] }: { method: string; params?: unknown[] | Record<string, unknown> }) =>
      await node.request({ method, params: Array.isArray(params) ? params : [params] }),
  };
  // What a node said is never repeated from memory, as ethers does for a quarter of a second: chains move meanwhile.
  const provider = new BrowserProvider(eip1193, chainId, {
    staticNetwork: true,
    cacheTimeout: -1,
    pollingInterval: 20,
  });
  const signer = accountOf(owner).connect(provider);
  return { name, id: memberId, chainId, gateway: ref.gateway, provider, confirmations, startBlock, signer };
}
