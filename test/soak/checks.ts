/** What must hold when a soak is over. */
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { Contract } from "ethers";

import { Watcher } from "../../src/agents/index.ts";
import { parseLog } from "../../src/agents/signingLog.ts";
import { followLanes } from "../../src/chain/lanes.ts";
import { openDatabase } from "../../src/store/index.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import type { SignedAnswer } from "../../src/testing/faults/index.ts";
import { relayedMembers } from "../../src/testing/fabricAgents.ts";
import type { Hex } from "../../src/wire/index.ts";
import { MessageRecorder__factory } from "../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import type { Terminal } from "./traffic.ts";

/** Milliseconds in which relayers must have read what happened last. */
const INDEXED_WITHIN = 30_000;

/** How many messages are on lanes now. */
export async function countSent(terminals: readonly Terminal[]): Promise<number> {
  let sent = 0;
  for (const { rollup } of terminals) {
    for (const other of terminals) {
      if (other.rollup === rollup) continue;
      const word = String(await rollup.member.gateway.getFunction("laneTo").staticCall(other.rollup.member.chainId));
      sent += Number(BigInt(`0x${word.slice(-10)}`));
    }
  }
  return sent;
}

/** How often each message was executed that a recipient got on the present branch. */
async function executions(terminals: readonly Terminal[]): Promise<Map<Hex, number>> {
  const found = new Map<Hex, number>();
  for (const { rollup, recorder } of terminals) {
    const contract = MessageRecorder__factory.connect(recorder, rollup.member.signer);
    for (const { args } of await contract.queryFilter(contract.filters.Received())) {
      found.set(args.id, (found.get(args.id) ?? 0) + 1);
    }
  }
  return found;
}

/** How many messages were executed so far, by what Gateways say; only new blocks are read. */
export async function countDelivered(terminals: readonly Terminal[]): Promise<number> {
  const arrived = await Promise.all(terminals.map(({ arrivals }) => arrivals.latest()));
  return arrived.reduce((sum, { state }) => sum + state.delivered.size, 0);
}

/** Throws unless each message on a lane was executed once, and no other at all. */
export async function checkDeliveries(fabric: Fabric, terminals: readonly Terminal[]): Promise<void> {
  const executed = await executions(terminals);
  const sent = new Set<Hex>();
  for (const member of relayedMembers(fabric)) {
    for (const lane of (await followLanes(member).latest()).state.values()) {
      for (const { id } of lane.messages) sent.add(id);
    }
  }
  const lost = [...sent].filter((id) => !executed.has(id));
  const twice = [...executed].filter(([, times]) => times > 1);
  const foreign = [...executed.keys()].filter((id) => !sent.has(id));
  if (lost.length + twice.length + foreign.length === 0) return;
  throw new Error(`${lost.length} messages are lost, ${twice.length} arrived twice, ${foreign.length} were never sent`);
}

/** Settles every lane, hands a watcher all that was ever signed, and throws if it finds anything. */
export async function checkNobodyConvictable(fabric: Fabric, signed: readonly SignedAnswer[]): Promise<void> {
  for (const { contracts, signer, id } of fabric.members.slice(1)) {
    const bridge = new Contract(contracts.bridge, ["function settleCurrent(bytes32 destination) payable"], signer);
    for (const other of fabric.members.slice(1)) {
      if (other.id !== id) await (await bridge.getFunction("settleCurrent").send(other.id)).wait();
    }
  }
  await fabric.derive();
  const [l1] = fabric.members;
  const { settlement, serviceManager } = fabric.contracts;
  const watcher = new Watcher({
    settlement: { chainId: l1.chainId, settlement, serviceManager, signer: l1.signer, startBlock: fabric.startBlock },
    members: relayedMembers(fabric),
  });
  for (const { checkpoints, signature } of signed) watcher.hear(checkpoints, signature);
  const { statements, contradicted, convicted, problems } = await watcher.step();
  if (statements > 0 && contradicted.length + convicted.length + problems.length === 0) return;
  const found = { statements, contradicted: contradicted.length, convicted, problems };
  throw new Error(
    `The watcher found: ${JSON.stringify(found, (_, value: unknown) => (typeof value === "bigint" ? String(value) : value))}`,
  );
}

/** Throws unless each operator's store reads as it was written; answers how many words are in them. */
export async function checkSigningStores(folder: string): Promise<number> {
  let words = 0;
  for (const file of (await readdir(folder)).filter((name) => name.endsWith(".jsonl"))) {
    const text = await readFile(path.join(folder, file), "utf8");
    const read = parseLog(text);
    if (read.length !== Buffer.byteLength(text)) throw new Error(`${file} ends in the middle of a line`);
    words += read.words.length;
  }
  return words;
}

/** Throws unless the relayers' database comes to say what the chains say: every message that was sent, each delivered. */
export async function checkDatabase(url: string, fabric: Fabric, sent: number): Promise<void> {
  const [l1] = fabric.members;
  const database = await openDatabase({ url }, { chainId: l1.chainId, settlement: fabric.contracts.settlement });
  try {
    const start = performance.now();
    for (;;) {
      const [row] = await database.query<{ messages: bigint; delivered: bigint; deliveries: bigint }>(
        `SELECT count(*) AS messages, count(*) FILTER (WHERE is_delivered) AS delivered,
           (SELECT count(*) FROM deliveries WHERE id IN (SELECT id FROM messages)) AS deliveries FROM messages`,
      );
      const found = [row?.messages, row?.delivered, row?.deliveries].map(Number);
      if (found.every((count) => count === sent)) return;
      if (performance.now() - start > INDEXED_WITHIN) {
        throw new Error(`Of ${sent} messages the database has ${found.join(", ")} (all, delivered, deliveries)`);
      }
      await sleep(200);
    }
  } finally {
    await database.close();
  }
}
