/** Processes that are ended as a power cut ends them. */
import { type ChildProcess, spawn } from "node:child_process";

import { AS_USER, HARDHAT } from "../support/devnetProcess.ts";

/** A command of Hardhat in a process of its own, that is started again and again. */
export class Child {
  readonly #args: readonly string[];
  readonly #environment: Readonly<Record<string, string>>;
  #child: ChildProcess | undefined;

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    this.#args = args;
    this.#environment = environment;
    process.once("exit", () => this.#child?.kill("SIGKILL")); // a soak that is broken off leaves nothing running
  }

  start(): void {
    this.#child = spawn(process.execPath, [HARDHAT, ...this.#args], {
      ...AS_USER,
      env: { ...AS_USER.env, ...this.#environment },
      stdio: ["ignore", "ignore", "inherit"],
    });
  }

  /** Throws if it ended by itself. */
  requireAlive(): void {
    const { exitCode = null } = this.#child ?? {};
    if (exitCode !== null) throw new Error(`${this.#args[0] ?? ""} ended with ${exitCode}`);
  }

  /** Kills it with -9; answers once it is gone. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}
