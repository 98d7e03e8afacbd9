/** Does what a guide says: writes its files, runs its commands, and holds what they print against it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { missingLine } from "./missingLine.ts";
import type { Command, Step, Terminal } from "./parseGuide.ts";

export interface Reader {
  /** What is read. */
  readonly document: string;
  /** Where the reader begins. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the guide says as it is done here, for example at another port. */
  readonly adapt: (text: string) => string;
  readonly onStep: (text: string) => void;
}

/** For how long one command may take, milliseconds. */
const PATIENCE = 300_000;

/** For how long a terminal may take to end, milliseconds. */
const GRACE = 10_000;

/** What comes soon has come by then, and is looked for again after each pause. */
const SOON = { end: 60_000, pause: 500 };

/** A command that runs on, in a terminal of its own. */
interface OpenTerminal extends Terminal {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/**
 * Does the steps, and Ctrl+C in each terminal, the last one's first. Terminals of which one follows another are opened together.
 * Throws where something does not come out as the guide says.
 */
export async function followGuide(steps: readonly Step[], reader: Reader): Promise<void> {
  const terminals: OpenTerminal[] = [];
  const opening: Promise<void>[] = [];
  try {
    for (const step of steps) {
      if (step.kind === "terminal") {
        const terminal = open(step, reader);
        terminals.push(terminal);
        opening.push(untilReady(terminal, reader));
        continue;
      }
      await Promise.all(opening.splice(0));
      if (step.kind === "file") await write(step.path, reader.adapt(step.text), reader);
      else await run(step, reader);
    }
    await Promise.all(opening);
    for (let last = terminals.pop(); last !== undefined; last = terminals.pop()) await interrupt(last, reader);
  } finally {
    for (const { child } of terminals) signal(child, "SIGKILL");
  }
}

async function write(file: string, text: string, { folder, onStep }: Reader): Promise<void> {
  onStep(`writes ${file}`);
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function run(command: Command, reader: Reader): Promise<void> {
  const { script, isSoon } = command;
  for (const text of script.trim().split("\n")) reader.onStep(`$ ${text}`);
  const end = performance.now() + (isSoon ? SOON.end : 0);
  for (;;) {
    const { output, wrong } = await attempt(command, reader);
    if (wrong === undefined) return;
    if (performance.now() > end) throw failure(command, reader, wrong, output);
    await delay(SOON.pause);
  }
}

const failure = ({ line, script }: Command | Terminal, { document }: Reader, wrong: string, output: string): Error =>
  new Error(`${document}, line ${line}: ${wrong}\n\n${script}\n${output}`);

async function attempt(
  { script, exitCode, excerpt }: Command,
  reader: Reader,
): Promise<{ output: string; wrong: string | undefined }> {
  const child = shell(script, reader);
  const output = collectOutput(child);
  const late = setTimeout(() => signal(child, "SIGKILL"), PATIENCE);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(late);
  const wrong =
    code === exitCode ? complaint(excerpt, output()) : `It ended with ${code ?? "a signal"}, and not with ${exitCode}.`;
  return { output: output(), wrong };
}

function complaint(excerpt: string | undefined, output: string): string | undefined {
  const missing = excerpt === undefined ? undefined : missingLine(excerpt, output);
  return missing === undefined ? undefined : `It did not print "${missing}".`;
}

/** Starts what runs in a terminal of its own. */
function open(terminal: Terminal, reader: Reader): OpenTerminal {
  reader.onStep(`$ ${terminal.script.trim()} (in a terminal of its own)`);
  const child = shell(terminal.script, reader);
  return { ...terminal, child, output: collectOutput(child) };
}

/** Waits until it has printed what the guide says. */
async function untilReady(terminal: OpenTerminal, reader: Reader): Promise<void> {
  const { child, excerpt, output } = terminal;
  const ready = new Promise<"ready">((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on("data", () => {
        if (complaint(excerpt, output()) === undefined) resolve("ready");
      });
    }
  });
  const late = setTimeout(() => signal(child, "SIGKILL"), PATIENCE);
  const outcome = await Promise.race([ready, once(child, "close")]);
  clearTimeout(late);
  if (outcome !== "ready") throw failure(terminal, reader, complaint(excerpt, output()) ?? "It ended.", output());
}

function shell(script: string, { folder, env, adapt }: Reader): ChildProcess {
  const child = spawn("bash", ["-euo", "pipefail", "-c", adapt(script)], {
    cwd: folder,
    env,
    detached: true, // a process group of its own: a terminal's Ctrl+C reaches all that was started in it
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = (): void => signal(child, "SIGKILL");
  process.once("exit", end);
  child.once("close", () => process.off("exit", end));
  return child;
}

function collectOutput({ stdout, stderr }: ChildProcess): () => string {
  let output = "";
  for (const stream of [stdout, stderr]) stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return () => output;
}

/** Ctrl+C. Throws if it had ended before, or does not end by that. */
async function interrupt(terminal: OpenTerminal, reader: Reader): Promise<void> {
  const { child, script, output } = terminal;
  if (hasEnded(child)) throw failure(terminal, reader, "It ended by itself.", output());
  reader.onStep(`Ctrl+C: ${script.trim().split("\n").at(-1) ?? ""}`);
  const closed = once(child, "close").then(() => "closed" as const);
  signal(child, "SIGINT");
  if ((await Promise.race([closed, delay(GRACE, undefined, { ref: false })])) === "closed") return;
  signal(child, "SIGKILL");
  throw failure(terminal, reader, `It did not end within ${GRACE / 1_000} s of Ctrl+C.`, output());
}

/** With all that it started: nobody writes any more. */
const hasEnded = ({ stdout, stderr }: ChildProcess): boolean => stdout?.closed !== false && stderr?.closed !== false;

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, name);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error; // it ended just now
  }
}
