import { fork, type ChildProcess } from "node:child_process";
import path from "node:path";

import { DIRECTORY } from "./workspace.ts";

export type Request = { readonly files: readonly string[] };
export type Answer =
  | { readonly file: string; readonly milliseconds: number; readonly failure?: string }
  | { readonly done: true; readonly megabytes: number };

/** The test file that failed, and what it said. */
export type Failure = { readonly file: string; readonly reason: string };

/** Longest time that one test file may take; the slowest takes a tenth of it. */
const TIME_LIMIT = 120_000;

/** The chains of earlier runs stay in the process's memory: above this it is replaced by another. */
const MEMORY_LIMIT = 1_500;

/** A process that runs test files against the contracts of a workspace. */
export class TestRunner {
  readonly #directory: string;
  readonly #root: string;
  #process: ChildProcess | undefined;

  constructor(root: string, directory: string) {
    this.#root = root;
    this.#directory = directory;
  }

  /** Runs files in this order up to the first failure; `onFile` hears how long each took. */
  async firstFailure(
    files: readonly string[],
    onFile: (file: string, milliseconds: number) => void = () => undefined,
  ): Promise<Failure | undefined> {
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
      const exit = (): void => {
        this.#process = undefined;
        end(fail("the process ended"), true);
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
        onFile(files[place] ?? "", answer.milliseconds);
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
