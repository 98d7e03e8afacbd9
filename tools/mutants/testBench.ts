import type { Code, Target } from "./compiler.ts";
import { TestRunner, type Failure } from "./testRunner.ts";
import { Workspace } from "./workspace.ts";

/** A workspace and the process that runs tests in it. */
export class TestBench {
  readonly #workspace: Workspace;
  readonly #runner: TestRunner;

  constructor(root: string) {
    this.#workspace = new Workspace(root);
    this.#runner = new TestRunner(root, this.#workspace.directory);
  }

  /** Puts code in place of contracts'; where one is named twice, the last counts. */
  place(build: readonly { readonly target: Target; readonly code: Code }[]): void {
    for (const { target, code } of new Map(build.map((one) => [one.target, one])).values()) {
      this.#workspace.place(target, code);
    }
  }

  firstFailure(tests: readonly string[]): Promise<Failure | undefined> {
    return this.#runner.firstFailure(tests);
  }

  close(): void {
    this.#runner.stop();
    this.#workspace.remove();
  }
}
