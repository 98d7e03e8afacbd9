import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";

import { DIRECTORY } from "./workspace.ts";

export type Request = { readonly files: readonly string[] };
export type Answer =
  { readonly file: string; readonly failure?: string } | { readonly done: true; readonly megabytes: number };

/** The test file that failed, and what it said. */
export type Failure = { readonly file: string; readonly reason: string };

/** Longest time that one test file may take; the slowest takes a tenth of it. */
const TIME_LIMIT = 120_000;

/** The chains of earlier runs stay in the process's memory: above this it is replaced by another. */
const MEMORY_LIMIT = 1_500;

/** Status of a process that could not run all tests of a file. */
export const INCOMPLETE = 75;
const UNFINISHED = "some tests neither pass nor fail";

/** A process that runs test files against the contracts of a workspace. */
export class TestRunner {
  readonly #directory: string;
  readonly #root: string;
  #process: ChildProcess | undefined;

  constructor(root: string, directory: string) {
    this.#root = root;
    this.#directory = directory;
  }

  /** Runs files in this order up to the first failure; in a fresh process if tests of one do not end. */
  async firstFailure(files: readonly string[]): Promise<Failure | undefined> {
    const failure = await this.#run(files);
    if (failure?.reason !== UNFINISHED) return failure;
    const repeated = await this.#run(files);
    if (repeated?.reason === UNFINISHED) throw new Error(`${repeated.file}: ${UNFINISHED}`);
    return repeated;
  }

  #run(files: readonly string[]): Promise<Failure | undefined> {
    const child = (this.#process ??= this.#start());
    let place = 0;
    let failure: Failure | undefined;
    return new Promise((resolve) => {
      const fail = (reason: string): Failure => ({ file: files[place] ?? "", reason });
      const end = (result: Failure | undefined, dead: boolean): void => {
        clearTimeout(timer);
        child.off("message", hear);
        child.off("exit", exit);
        if (dead) this.stop();
        resolve(result);
      };
      const exit = (status: number | null): void => {
        this.#process = undefined;
        end(fail(status === INCOMPLETE ? UNFINISHED : "the process ended"), true);
      };
      const timeout = (): void => {
        end(fail(`no end after ${TIME_LIMIT / 1_000} s`), true);
      };
      let timer = setTimeout(timeout, TIME_LIMIT);
      const hear = (answer: Answer): void => {
        if ("done" in answer) {
          end(failure, answer.megabytes > MEMORY_LIMIT);
          return;
        }
        if (answer.failure !== undefined) failure = fail(answer.failure);
        place += 1;
        clearTimeout(timer);
        timer = setTimeout(timeout, TIME_LIMIT);
      };
      child.on("message", hear);
      child.on("exit", exit);
      child.send({ files: files.map((file) => path.resolve(this.#root, file)) } satisfies Request);
    });
  }

  stop(): void {
    this.#process?.removeAllListeners();
    this.#process?.kill("SIGKILL");
    this.#process = undefined;
  }

  #start(): ChildProcess {
    return fork(path.join(import.meta.dirname, "testProcess.ts"), {
      cwd: this.#root,
      stdio: ["ignore", "ignore", "inherit", "ipc"],
      env: {
        ...process.env,
        [DIRECTORY]: this.#directory,
        HARDHAT_CONFIG: path.join(import.meta.dirname, "hardhat.config.ts"),
      },
    });
  }
}
