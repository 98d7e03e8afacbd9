/** Keeps a relayer's process running. */
import { type ChildProcess, fork } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";

import { NewsSchema, type Order } from "./relayerMessages.ts";

export interface SupervisorOptions {
  readonly onProblems: (problems: readonly string[]) => void;
  /** The process ended by itself, as told, and is started again after so many milliseconds. */
  readonly onEnd: (how: string, restartMs: number) => void;
  /** It runs again. */
  readonly onRestart: (pid: number) => void;
}

/** Milliseconds before a process that ended is started again: doubled each time, until one has lived for a while. */
const PAUSE = { least: 200, most: 10_000, forgottenAfter: 30_000 };

/** For how long a process that is to end may take. */
const GRACE = 1_000;

export class RelayerSupervisor {
  readonly #options: SupervisorOptions;
  #child: ChildProcess;
  #isLoaded = false;
  #isStopping = false;
  #pause = PAUSE.least;
  #order: Order | undefined;
  #restart: NodeJS.Timeout | undefined;
  #onRunning: (pid: number) => void = () => undefined;

  /** Starts the process, which loads its code while the chains are made. */
  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#child = this.#launch();
  }

  /** Has the relayer work; answers the number of its process once it has seen all chains. */
  async start(addressesFile: string): Promise<number> {
    const running = new Promise<number>((resolve) => (this.#onRunning = resolve));
    this.#order = { type: "start", addressesFile };
    if (this.#isLoaded) this.#send();
    const pid = await running;
    this.#onRunning = this.#options.onRestart;
    return pid;
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    const late = setTimeout(() => child.kill("SIGKILL"), GRACE);
    if (child.connected) child.disconnect();
    await ended;
    clearTimeout(late);
  }

  #launch(): ChildProcess {
    const started = performance.now();
    this.#isLoaded = false;
    const child = forkBeside("relayerProcess");
    let end = "";
    child.on("message", (message) => {
      const news = NewsSchema.parse(message);
      if (news.type === "loaded") {
        this.#isLoaded = true;
        this.#send();
      } else if (news.type === "running") this.#onRunning(child.pid ?? 0);
      else this.#options.onProblems(news.problems);
    });
    child.once("error", (error) => (end = error.message));
    child.once("exit", (code, signal) => {
      if (this.#isStopping) return;
      if (performance.now() - started > PAUSE.forgottenAfter) this.#pause = PAUSE.least;
      this.#options.onEnd(end || (signal ?? `exit code ${code ?? "unknown"}`), this.#pause);
      this.#restart = setTimeout(() => {
        this.#child = this.#launch();
      }, this.#pause);
      this.#pause = Math.min(PAUSE.most, this.#pause * 2);
    });
    return child;
  }

  #send(): void {
    if (this.#order === undefined || !this.#child.connected) return;
    this.#child.send(this.#order, () => undefined); // a process that is just ending never hears it; the next one will
  }
}

/** Runs the module beside this one in a process of its own: from TypeScript in the repository, as JavaScript in the package. */
function forkBeside(module: string): ChildProcess {
  const own = fileURLToPath(import.meta.url);
  const extension = path.extname(own);
  return fork(path.join(path.dirname(own), `${module}${extension}`), {
    execArgv: extension === ".ts" ? ["--import", import.meta.resolve("tsx")] : [],
    stdio: ["ignore", "ignore", "inherit", "ipc"], // stdout is the result's
  });
}
