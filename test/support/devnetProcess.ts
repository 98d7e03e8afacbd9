/** The real command `npx hardhat rollup:devnet` as a child process, and what it says. */
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import path from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

import { config } from "hardhat";
import { z } from "zod";

export const HARDHAT = path.join(
  path.dirname(createRequire(import.meta.url).resolve("hardhat/package.json")),
  "dist/src/cli.js",
);

/** How the commands are run: as by a user in the project's root. What Node compiles is kept for the next one. */
export const AS_USER = {
  cwd: config.paths.root,
  env: {
    ...process.env,
    NO_COLOR: "1",
    FORCE_COLOR: undefined,
    NODE_COMPILE_CACHE: path.join(config.paths.cache, "node"),
  },
};

/** Options for a command that builds: tests import the types, which are not to be written meanwhile. */
export const BUILT = ["--no-typechain"];

/** Options for a command that would build, and need nothing of what it builds: seconds less. */
export const NOTHING_BUILT = ["--config", path.join(import.meta.dirname, "nothingBuilt.config.ts")];

const hex = (bytes: number): z.ZodString => z.string().regex(new RegExp(`^0x[0-9a-f]{${bytes * 2}}$`, "i"));

const Place = {
  id: hex(32),
  source: z.string(),
  destination: z.string(),
  nonce: z.number().int().nonnegative(),
  txHash: hex(32),
};

/** What scripts rely on: each line of `--json` is one of these. */
export const Line = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("ready"),
    pid: z.number(),
    relayerPid: z.number().optional(),
    chains: z.array(z.strictObject({ name: z.string(), chainId: z.number(), url: z.string() })),
    operators: z.array(z.strictObject({ address: hex(20), url: z.string() })),
    examples: z.strictObject({ mailbox: hex(20) }),
  }),
  z.strictObject({ event: z.literal("sent"), ...Place }),
  z.strictObject({ event: z.literal("delivered"), ...Place, seconds: z.number(), gas: z.number().int().positive() }),
  z.strictObject({ event: z.literal("failed"), ...Place, reason: z.string() }),
  z.strictObject({ event: z.literal("relayer-ended"), reason: z.string(), restartMs: z.number() }),
  z.strictObject({ event: z.literal("relayer-restarted"), pid: z.number() }),
  z.strictObject({ event: z.literal("problems"), of: z.string(), problems: z.array(z.string()) }),
]);
export type Line = z.infer<typeof Line>;
export type Ready = Extract<Line, { event: "ready" }>;

export class DevnetProcess {
  readonly lines: string[] = [];
  stderr = "";
  readonly #events: Line[] = [];
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | string>;

  constructor(args: readonly string[], project: readonly string[] = NOTHING_BUILT) {
    this.#child = spawn(process.execPath, [HARDHAT, ...project, "rollup:devnet", ...args], {
      ...AS_USER,
      stdio: "pipe",
    });
    process.once("exit", () => this.#child.kill("SIGKILL")); // tests that are broken off leave nothing running
    const { stdout, stderr } = this.#child;
    if (stdout === null || stderr === null) throw new Error("its output is piped");
    createInterface(stdout).on("line", (line) => this.lines.push(line));
    stderr.on("data", (data: Buffer) => (this.stderr += data.toString()));
    this.#ended = new Promise((resolve) =>
      this.#child.once("close", (code, signal) => resolve(code ?? signal ?? "gone")),
    );
  }

  /** The lines of `--json` so far. */
  get events(): readonly Line[] {
    for (const line of this.lines.slice(this.#events.length)) this.#events.push(Line.parse(JSON.parse(line)));
    return this.#events;
  }

  /** What it said first, with `--json`. */
  async ready(): Promise<Ready> {
    await this.until(() => this.lines.length > 0);
    const [first] = this.events;
    if (first?.event !== "ready") throw new Error(`it said ${this.lines[0] ?? ""} first`);
    return first;
  }

  /** Waits until it has said this; the test's time limit ends it, or the process's end. */
  async until(isSaid: () => boolean): Promise<void> {
    let end: number | string | undefined;
    void this.#ended.then((how) => (end = how));
    while (!isSaid()) {
      if (end !== undefined) throw new Error(`it ended with ${end}: ${this.lines.join("\n")}\n${this.stderr}`);
      await sleep(20);
    }
  }

  /** Asks it to end; answers its exit code, or the signal that ended it. */
  async end(signal: NodeJS.Signals): Promise<number | string> {
    this.#child.kill(signal);
    return await this.#ended;
  }
}

/** Whether there is a process of this number. */
export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
