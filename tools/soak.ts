// `npm run test:soak [-- --messages 10000]`: messages between rollups while relayers are killed, sources reorganised and operators
// gone; then every message must have arrived once, and nobody honest be convictable. The last line gives the figures.
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { chance, type SignedAnswer } from "../src/testing/faults/index.ts";
import { emptyDatabase, missingPostgres } from "../test/support/postgres.ts";
import { writeSoakAddresses } from "../test/soak/addresses.ts";
import { startChains, type SoakChains } from "../test/soak/chains.ts";
import {
  checkDatabase,
  checkDeliveries,
  checkNobodyConvictable,
  checkSigningStores,
  countDelivered,
  countSent,
} from "../test/soak/checks.ts";
import { backApart, backHere, SoakOperator } from "../test/soak/operators.ts";
import type { Child } from "../test/soak/children.ts";
import {
  OPERATORS,
  PER_TRANSACTION,
  planSoak,
  RELAYERS,
  soakSize,
  type SoakEvent,
  type SoakSize,
} from "../test/soak/plan.ts";
import { makeRelayers } from "../test/soak/relayers.ts";
import { openTerminal, type Terminal } from "../test/soak/traffic.ts";

/** Messages that are sent and not delivered at most: those that send wait for those that carry. */
const MOST_UNDER_WAY = 1_500;
/** Milliseconds that operators are gone, between looks, and after which a soak in which nothing arrives has failed. */
const OUTAGE = 1_500;
const LOOK = 100;
const STUCK = 120_000;

interface Stage {
  readonly chains: SoakChains;
  readonly terminals: readonly Terminal[];
  readonly operators: readonly SoakOperator[];
  readonly relayers: readonly Child[];
}

/** What happened. */
interface Figures {
  kills: number;
  reorgs: number;
  blocksTakenBack: number;
  outages: number;
}

const log = (text: string): void => void process.stderr.write(`${text}\n`);

async function soak(size: SoakSize): Promise<string> {
  const closers: (() => Promise<unknown>)[] = [];
  try {
    const folder = await mkdtemp(path.join(os.tmpdir(), "parley-soak-"));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const chains = await startChains();
    closers.push(() => chains.close());
    const signed: SignedAnswer[] = [];
    const operators: SoakOperator[] = [];
    for (const operator of chains.fabric.operators) {
      const opened = new SoakOperator(operator);
      await opened.open((answer) => signed.push(answer));
      operators.push(opened);
      closers.push(() => opened.close());
    }
    const addresses = await writeSoakAddresses(folder, chains, operators);
    await Promise.all(
      chains.fabric.operators.map(async (operator, place) => {
        const back = size.areOperatorsApart
          ? await backApart(operator, addresses, folder)
          : backHere(operator, chains.fabric, folder);
        await operators[place]?.begin(back);
      }),
    );
    const terminals: Terminal[] = [];
    for (const rollup of chains.rollups) terminals.push(await openTerminal(rollup));
    const missing = missingPostgres();
    if (missing !== undefined) log(`Each relayer has a database of its own, PGlite: ${missing}`);
    const databaseUrl = missing === undefined ? await emptyDatabase() : undefined;
    const relayers = await makeRelayers(RELAYERS, chains.fabric, { addresses, databaseUrl, folder });
    for (const relayer of relayers) {
      relayer.start();
      closers.push(() => relayer.kill());
    }
    const start = performance.now();
    const figures = await drive(size, { chains, terminals, operators, relayers });
    const seconds = (performance.now() - start) / 1_000;
    const sent = await countSent(terminals);
    if (databaseUrl !== undefined) await checkDatabase(databaseUrl, chains.fabric, sent);
    for (const relayer of relayers) await relayer.kill();
    for (const operator of operators) await operator.go();
    await checkDeliveries(chains.fabric, terminals);
    await checkNobodyConvictable(chains.fabric, signed);
    const words = await checkSigningStores(folder);
    return [
      `soak: ${sent} messages, each delivered once, in ${seconds.toFixed(1)} s`,
      `${figures.kills} kills -9 of ${RELAYERS} relayers ${databaseUrl === undefined ? "with databases of their own" : "on one PostgreSQL"}`,
      `${figures.reorgs} source reorganisations (${figures.blocksTakenBack} blocks)`,
      `${figures.outages} outages of ${OPERATORS / 3} of ${OPERATORS} operators${size.areOperatorsApart ? ", killed -9" : ""}`,
      `${signed.length} signatures, ${words} words in signing stores, none convictable`,
      `seed ${size.seed}`,
    ].join("; ");
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

/** Sends, and has happen what is planned, until all has arrived. */
async function drive(size: SoakSize, stage: Stage): Promise<Figures> {
  const { terminals } = stage;
  const figures: Figures = { kills: 0, reorgs: 0, blocksTakenBack: 0, outages: 0 };
  const events = planSoak(size);
  const lanes = terminals.flatMap((from) => terminals.filter((to) => to !== from).map((to) => ({ from, to })));
  let [turn, delivered, since] = [0, 0, performance.now()];
  for (;;) {
    const sent = await countSent(terminals);
    for (let more = size.messages - sent; more > 0 && sent - delivered < MOST_UNDER_WAY; more -= PER_TRANSACTION) {
      const lane = lanes[turn++ % lanes.length];
      await lane?.from.sendTo(lane.to);
      if (turn % lanes.length === 0) break;
    }
    const now = await countDelivered(terminals);
    if (now !== delivered) since = performance.now();
    if (performance.now() - since > STUCK) throw new Error(`Nothing arrives any more: ${now} of ${sent} did.`);
    delivered = now;
    while ((events[0]?.after ?? Infinity) <= delivered) {
      const event = events.shift();
      if (event !== undefined) await happen(event, size, stage, figures);
    }
    if (events.length === 0 && delivered >= size.messages && delivered === (await countSent(terminals))) return figures;
    await sleep(LOOK);
  }
}

async function happen(
  event: SoakEvent,
  { seed }: SoakSize,
  { chains, operators, relayers }: Stage,
  figures: Figures,
): Promise<void> {
  log(`after ${event.after} messages: ${JSON.stringify(event)}`);
  if (event.kind === "kill") {
    const relayer = relayers[event.relayer];
    relayer?.requireAlive();
    await relayer?.kill();
    relayer?.start();
    figures.kills++;
  } else if (event.kind === "reorg") {
    const keeps = (place: number): boolean => chance(seed, "keeps", event.after, place) < event.kept;
    const done = await chains.rollups[event.rollup]?.branches.reorganise({ depth: event.depth, keeps });
    if (done !== undefined && done.depth > 0) figures.reorgs++;
    figures.blocksTakenBack += done?.depth ?? 0;
  } else {
    const gone = operators.slice(0, OPERATORS / 3);
    for (const operator of gone) await operator.go();
    await sleep(OUTAGE);
    await Promise.all(gone.map((operator) => operator.come()));
    figures.outages++;
  }
}

// A soak that is broken off ends its processes too.
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => process.exit(130));
log(`A soak of ${JSON.stringify(soakSize(process.argv.slice(2)))}`);
console.log(await soak(soakSize(process.argv.slice(2))));
process.exit(); // servers may keep connections of those that were killed
