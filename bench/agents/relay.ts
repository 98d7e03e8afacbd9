/** How fast a relayer delivers a backlog, and how fast the same transactions go without one. */
import { Transaction, type Signer } from "ethers";

import type { OperatorClient, RelayedMember } from "../../src/agents/index.ts";
import { relayingParts } from "../../src/agents/relayer.ts";
import { Carrier } from "../../src/agents/relaying/carrier.ts";
import { MemoryHistory } from "../../src/agents/relaying/memoryHistory.ts";
import { Observer } from "../../src/agents/relaying/observer.ts";
import {
  MemoryPendingTransactions,
  Sender,
  type AccountRef,
  type PendingTransaction,
} from "../../src/sending/index.ts";
import { genesis, Level } from "../../src/wire/index.ts";
import { operatorsOf, type Backlog } from "./backlog.ts";

/** What a transaction was, in the order in which they were sent on a chain. */
export type SentTransaction = { readonly member: string; readonly raw: string };

/** What a process took for something. */
export type Taken = {
  readonly seconds: number;
  /** Of all its threads, the simulated chains' included. */
  readonly cpuSeconds: number;
};

/** How a backlog was delivered. */
export type Relayed = Taken & {
  readonly messages: number;
  readonly transactions: readonly SentTransaction[];
  /** Milliseconds from the start until a half, and until 95 %, of the messages were delivered. */
  readonly halfAfter: number;
  readonly mostAfter: number;
  /** MiB of the process, and of these JavaScript's heap, at the start, after each tenth of the messages, and at the end. */
  readonly memory: readonly { readonly messages: number; readonly resident: number; readonly heap: number }[];
};

/** Keeps what is sent, too. */
class Recorded extends MemoryPendingTransactions {
  readonly #sent: (raw: string) => void;

  constructor(sent: (raw: string) => void) {
    super();
    this.#sent = sent;
  }

  override async put(account: AccountRef, transaction: PendingTransaction): Promise<void> {
    await super.put(account, transaction);
    this.#sent(transaction.attempts[0].raw ?? "0x");
  }
}

/** What an action takes. */
export async function timed<T>(action: () => Promise<T>): Promise<Taken & { readonly result: T }> {
  const [start, cpu] = [performance.now(), process.cpuUsage()];
  const result = await action();
  const { user, system } = process.cpuUsage(cpu);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: (user + system) / 1e6, result };
}

/**
 * Delivers everything by a relayer that has just started, with operators that have followed their nodes as the messages were sent: they
 * run on machines of their own.
 */
export async function relayBacklog(backlog: Backlog): Promise<Relayed> {
  const transactions: SentTransaction[] = [];
  const members: (RelayedMember & { sender: Sender })[] = [];
  for (const member of backlog.members.slice(1)) {
    const { chainId, provider, signer, name } = member;
    const store = new Recorded((raw) => transactions.push({ member: name, raw }));
    members.push({ ...member, sender: await Sender.open({ chainId, provider, signer, store, confirmations: 0 }) });
  }
  const operators = operatorsOf(backlog);
  await catchUp(operators, members);
  const { relay, delivered } = relayerOf(backlog, members, operators);

  const memory: Relayed["memory"][number][] = [];
  const marks: { messages: number; at: number }[] = [];
  const sample = (messages: number): void => {
    const { rss, heapUsed } = process.memoryUsage();
    const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
    memory.push({ messages, resident: mebibytes(rss), heap: mebibytes(heapUsed) });
  };
  sample(0);
  const start = performance.now();
  const taken = await timed(async () => {
    while (delivered() < backlog.messages) {
      const before = delivered();
      await relay();
      if (delivered() === before) throw new Error(`nothing more is delivered after ${before} messages`);
      marks.push({ messages: delivered(), at: performance.now() - start });
      if (delivered() >= (memory.length * backlog.messages) / 10) sample(delivered());
    }
  });
  sample(delivered());
  for (const { sender } of members) sender.close();
  const after = (part: number): number =>
    Math.round(marks.find(({ messages }) => messages >= part * backlog.messages)?.at ?? 0);
  const { seconds, cpuSeconds } = taken;
  return {
    seconds,
    cpuSeconds,
    messages: delivered(),
    transactions,
    halfAfter: after(0.5),
    mostAfter: after(0.95),
    memory,
  };
}

/** A relayer as a process has it: it asks nothing about messages that have not failed. */
function relayerOf(
  { fabric }: Backlog,
  members: readonly RelayedMember[],
  operators: readonly OperatorClient[],
): { relay: () => Promise<void>; delivered: () => number } {
  const [l1] = fabric.members;
  const { settlement, serviceManager } = fabric.contracts;
  const { observing, carrying } = relayingParts({
    settlement: { chainId: l1.chainId, settlement, serviceManager, signer: l1.signer, startBlock: fabric.startBlock },
    ...{ members, operators, operatorTimeout: 600_000 },
  });
  const observer = new Observer({ ...observing, history: new MemoryHistory(members), isThorough: false });
  const carrier = new Carrier(carrying);
  let count = 0;
  return {
    delivered: () => count,
    relay: async () => {
      const { views, problems } = await observer.observe();
      const carried = await carrier.carry(views);
      count += carried.delivered.length;
      const [wrong] = [...problems, ...carried.problems];
      if (wrong !== undefined) throw new Error(`${wrong.subject}: ${wrong.reason}`);
    },
  };
}

/** Has operators read what was sent: a question that they refuse is answered by the same reading as one that they sign. */
async function catchUp(operators: readonly OperatorClient[], members: readonly RelayedMember[]): Promise<void> {
  for (const operator of operators) {
    for (const { id } of members) {
      const other = members.find((member) => member.id !== id)?.id ?? id;
      const place = { source: id, destination: other, laneWord: genesis(id, other) };
      await operator.certify([{ ...place, reachedBy: 1n, level: Level.final, blockHash: `0x${"00".repeat(32)}` }]);
    }
  }
}

/** The same transactions, handed to the chains' nodes as bytes that are ready, one after the other on each. */
export async function replayBytes({ fabric }: Backlog, sent: readonly SentTransaction[]): Promise<Taken> {
  return await timed(() =>
    onEachChain(sent, async (member, raws) => {
      const chain = fabric.members.find(({ name }) => name === member);
      for (const raw of raws) await chain?.provider.request({ method: "eth_sendRawTransaction", params: [raw] });
    }),
  );
}

/** The same transactions by a program that has their data, signs them, sends them raw and waits for each one's receipt. */
export async function replaySigned({ members }: Backlog, sent: readonly SentTransaction[]): Promise<Taken> {
  return await timed(() =>
    onEachChain(sent, async (member, raws) => {
      const signer = members.find(({ name }) => name === member)?.signer;
      if (signer === undefined) throw new Error(`${member} has an account`);
      for (const raw of raws) await signAndSend(signer, Transaction.from(raw));
    }),
  );
}

async function signAndSend(signer: Signer, transaction: Transaction): Promise<void> {
  const { to, data, nonce, gasLimit, chainId, maxFeePerGas, maxPriorityFeePerGas } = transaction;
  const fees = { maxFeePerGas, maxPriorityFeePerGas };
  const raw = await signer.signTransaction({ to, data, nonce, gasLimit, chainId, type: 2, ...fees });
  const receipt = await (await signer.provider?.broadcastTransaction(raw))?.wait();
  if (receipt?.status !== 1) throw new Error("what was delivered before is delivered again");
}

async function onEachChain(
  sent: readonly SentTransaction[],
  action: (member: string, raws: readonly string[]) => Promise<void>,
): Promise<void> {
  const members = [...new Set(sent.map(({ member }) => member))];
  await Promise.all(
    members.map(async (member) => {
      const own = sent.filter((one) => one.member === member);
      await action(
        member,
        own.map(({ raw }) => raw),
      );
    }),
  );
}
