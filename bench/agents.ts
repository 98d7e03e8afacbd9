// `npm run bench:agents [-- --write]`: how fast a relayer that has just started delivers a backlog of 10,000 messages on EDR chains, over
// 2, 8 and 32 rollups, against the same transactions without it; what operators sign; PGlite against PostgreSQL. With --write into
// bench/agents.json and the table of docs/PERFORMANCE.md. Times are of the machine and of what else it does: compare within a run.
import { execFile } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";

import { format, resolveConfig } from "prettier";

import type { Relayed, Taken } from "./agents/relay.ts";
import type { SignatureFigures } from "./agents/signatures.ts";
import type { StoreFigures } from "./agents/stores.ts";

/** What one process measured (bench/agents/measure.ts). */
type Measured = {
  readonly rollups: number;
  readonly relayed: Omit<Relayed, "transactions">;
  readonly transactions: number;
  readonly signed: Taken;
  readonly bytes: Taken;
  readonly stores?: Record<string, StoreFigures>;
  readonly operators?: SignatureFigures;
};

const ROLLUPS = [2, 8, 32];
const MESSAGES = Number(process.argv.find((argument) => /^\d+$/.test(argument)) ?? 10_000);
const FIGURES = "bench/agents.json";
const PAGE = "docs/PERFORMANCE.md";
const [BEGIN, END] = ["<!-- bench:agents -->", "<!-- /bench:agents -->"];

const measured: Measured[] = [];
for (const rollups of ROLLUPS) {
  process.stderr.write(`${rollups} rollups…\n`);
  const stores = rollups === ROLLUPS[0] ? ["--stores"] : [];
  const script = ["--import", "tsx", "bench/agents/measure.ts", String(rollups), String(MESSAGES), ...stores];
  const { stdout } = await promisify(execFile)(process.execPath, script, { maxBuffer: 2 ** 26 });
  measured.push(JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as Measured);
}

const rate = (seconds: number, messages: number): string => Math.round(messages / seconds).toLocaleString("en");
const ratio = (part: number, whole: number): string => (part / whole).toFixed(2);
const table = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => "---:"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const relaying = table(
  [
    ...[
      "rollups",
      "lanes",
      "transactions",
      "relayed, messages/s",
      "sent by hand, messages/s",
      "ratio",
      "ratio of CPU time",
    ],
    ...["bytes alone, messages/s", "half after, s", "95 % after, s", "memory, MiB: start", "most"],
  ],
  measured.map(({ rollups, relayed, transactions, signed, bytes }) => {
    const { messages, seconds, cpuSeconds, memory, halfAfter, mostAfter } = relayed;
    return [
      ...[String(rollups), String(rollups * (rollups - 1)), String(transactions), rate(seconds, messages)],
      ...[rate(signed.seconds, messages), ratio(signed.seconds, seconds), ratio(signed.cpuSeconds, cpuSeconds)],
      ...[rate(bytes.seconds, messages), (halfAfter / 1_000).toFixed(1), (mostAfter / 1_000).toFixed(1)],
      ...[String(memory[0]?.resident ?? 0), String(Math.max(...memory.map(({ resident }) => resident)))],
    ];
  }),
);
const [{ stores = {}, operators } = {} as Measured] = measured;
const databases = table(
  ["database", "messages indexed/s", "pending transactions/s"],
  Object.entries(stores).map(([name, { indexed, pending }]) => [name, String(indexed), String(pending)]),
);
const signing = `One operator: ${operators?.signatures ?? 0} signatures a second, over ${operators?.checkpoints ?? 0} checkpoints.`;
const page = `${BEGIN}\n\n${relaying}\n\n${databases}\n\n${signing}\n\n${END}`;
console.log(page.split("\n").slice(2, -2).join("\n"));

if (process.argv.includes("--write")) {
  const written = async (file: string, text: string): Promise<void> =>
    await writeFile(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
  await written(FIGURES, JSON.stringify({ messages: MESSAGES, measured }));
  const before = await readFile(PAGE, "utf8");
  const [start, end] = [before.indexOf(BEGIN), before.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`${PAGE} has no place for the table`);
  await written(PAGE, before.slice(0, start) + page + before.slice(end + END.length));
}
