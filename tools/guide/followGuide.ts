/** Does what a guide says, in an empty folder: writes its files, runs its commands, and holds what they print against it. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { missingLine } from "./missingLine.ts";
import type { Command, Step, Terminal } from "./parseGuide.ts";

export interface Reader {
  /** Where the reader begins. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  /** What the guide says as it is done here, for example at another port. */
  readonly adapt: (text: string) => string;
  readonly onStep: (text: string) => void;
}

/** For how long one command may take, milliseconds. */
const PATIENCE = 300_000;

/** What comes soon has come by then, and is looked for again after each pause. */
const SOON = { end: 60_000, pause: 500 };

/** Does the steps. Throws where one does not come out as the guide says. */
export async function followGuide(steps: readonly Step[], reader: Reader): Promise<void> {
  const terminals: ChildProcess[] = [];
  try {
    for (const step of steps) {
      if (step.kind === "file") await write(step.path, reader.adapt(step.text), reader);
      else if (step.kind === "command") await run(step, reader);
      else terminals.push(await open(step, reader));
    }
  } finally {
    for (const terminal of terminals) await interrupt(terminal);
  }
}

async function write(file: string, text: string, { folder, onStep }: Reader): Promise<void> {
  onStep(`writes ${file}`);
  const target = path.join(folder, file);
  await mkdir(path.dirname(target), { recursive: true });
  await writeFile(target, text);
}

async function run(command: Command, reader: Reader): Promise<void> {
  const { line, script, isSoon } = command;
  for (const text of script.trim().split("\n")) reader.onStep(`$ ${text}`);
  const end = performance.now() + (isSoon ? SOON.end : 0);
  for (;;) {
    const { output, wrong } = await attempt(command, reader);
    if (wrong === undefined) return;
    if (performance.now() > end) throw new Error(`The guide, line ${line}: ${wrong}\n\n${script}\n${output}`);
    await delay(SOON.pause);
  }
}

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

/** Starts what runs in a terminal of its own, and waits until it has printed what the guide says. */
async function open({ line, script, excerpt }: Terminal, reader: Reader): Promise<ChildProcess> {
  reader.onStep(`$ ${script.trim()} (in a terminal of its own)`);
  const child = shell(script, reader);
  const output = collectOutput(child);
  const ready = new Promise<undefined>((resolve) => {
    child.stdout?.on("data", () => {
      if (complaint(excerpt, output()) === undefined) resolve(undefined);
    });
  });
  const late = setTimeout(() => signal(child, "SIGKILL"), PATIENCE);
  const ended = await Promise.race([ready, once(child, "close")]);
  clearTimeout(late);
  if (ended === undefined) return child;
  throw new Error(`The guide, line ${line}: ${complaint(excerpt, output()) ?? "It ended."}\n\n${script}\n${output()}`);
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

/** Ctrl+C. */
async function interrupt(terminal: ChildProcess): Promise<void> {
  if (hasEnded(terminal)) return;
  const closed = once(terminal, "close");
  signal(terminal, "SIGINT");
  const late = setTimeout(() => signal(terminal, "SIGKILL"), 10_000);
  await closed;
  clearTimeout(late);
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean => exitCode !== null || signalCode !== null;

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid !== undefined && !hasEnded(child)) process.kill(-child.pid, name);
}
