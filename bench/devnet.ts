// `npm run bench:devnet [-- --json]`: how long `createDevnet` takes, and what tests do with it again and again. The first devnet of a
// process also has Hardhat load its chain, and read all that the project has built to tell stack traces by; the target, 3 s, is for
// that one. Processor time beside it says what it takes on a machine that does other things too.
import { createDevnet, type Devnet } from "../testing/index.ts";

const SIZE = { rollups: 2, operators: 8 } as const;
const RUNS = 5;

/** Milliseconds: by the clock, and of processors. */
interface Taken {
  readonly time: number;
  readonly cpu: number;
}

async function timed<Result>(action: () => Promise<Result>): Promise<{ result: Result; taken: Taken }> {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = await action();
  const { user, system } = process.cpuUsage(before);
  return { result, taken: { time: Math.round(performance.now() - start), cpu: Math.round((user + system) / 1_000) } };
}

const median = (all: readonly Taken[]): Taken => {
  const middle = (read: (taken: Taken) => number): number =>
    all.map(read).sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
  return { time: middle(({ time }) => time), cpu: middle(({ cpu }) => cpu) };
};

const figures: Record<"create" | "deliverAll" | "snapshot" | "restore", Taken[]> = {
  create: [],
  deliverAll: [],
  snapshot: [],
  restore: [],
};

async function measured<Result>(what: keyof typeof figures, action: () => Promise<Result>): Promise<Result> {
  const { result, taken } = await timed(action);
  figures[what].push(taken);
  return result;
}

async function useIt(devnet: Devnet<"alpha" | "beta">): Promise<void> {
  const { alpha, beta } = devnet.rollups;
  const recipient = await beta.deploy("Mailbox", [beta.gateway]);
  const snapshot = await measured("snapshot", () => devnet.snapshot());
  await alpha.send({ to: beta, recipient, payload: "0x01" });
  await measured("deliverAll", () => devnet.deliverAll());
  await measured("restore", () => devnet.restore(snapshot));
}

for (let run = 0; run < RUNS; run++) {
  const devnet = await measured("create", () => createDevnet(SIZE));
  await useIt(devnet);
  await devnet.close();
}

const [first, ...later] = figures.create;
const rows = {
  "createDevnet, first": first ?? { time: 0, cpu: 0 },
  "createDevnet, later": median(later),
  deliverAll: median(figures.deliverAll),
  snapshot: median(figures.snapshot),
  restore: median(figures.restore),
};
if (process.argv.includes("--json")) console.log(JSON.stringify({ ...SIZE, milliseconds: rows }));
else {
  console.log(`${SIZE.rollups} rollups, ${SIZE.operators} operators${" ".repeat(12)}ms  of processors`);
  for (const [name, { time, cpu }] of Object.entries(rows)) {
    console.log(name.padEnd(26) + String(time).padStart(12) + String(cpu).padStart(15));
  }
}
