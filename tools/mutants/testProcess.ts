/** Runs test files on demand, each as often as is wished, in one process: started by `TestRunner`. */
import { rmSync } from "node:fs";

import fc from "fast-check";
import Mocha from "mocha";

import { INCOMPLETE, type Answer, type Request } from "./testRunner.ts";
import { DIRECTORY } from "./workspace.ts";

const TIMEOUT = 60_000;

const suites = new Map<string, Mocha>();

async function suiteOf(file: string): Promise<Mocha> {
  let mocha = suites.get(file);
  if (mocha === undefined) {
    mocha = new Mocha({ bail: true, timeout: TIMEOUT, reporter: Mocha.reporters.Base });
    mocha.addFile(file);
    await mocha.loadFilesAsync();
    // So that it can run again.
    mocha.cleanReferencesAfterRun(false);
    suites.set(file, mocha);
  }
  return mocha;
}

/** The first test that fails. Ends the process if tests neither passed nor failed: another one has to run them. */
async function firstFailure(file: string): Promise<string | undefined> {
  const mocha = await suiteOf(file);
  return new Promise((resolve) => {
    let failed: string | undefined;
    let passed = 0;
    const runner = mocha.run(() => {
      if (failed === undefined && passed !== runner.total) process.exit(INCOMPLETE);
      resolve(failed);
    });
    runner.on("pass", () => {
      passed += 1;
    });
    runner.on("fail", (test: Mocha.Runnable, error: unknown) => {
      failed ??= `${test.fullTitle()}\n${error instanceof Error ? error.message : String(error)}`;
    });
  });
}

process.env.NODE_ENV = "test";
// Each suite listens while it runs.
process.setMaxListeners(0);
// One failing example says enough; the smallest takes long to find.
fc.configureGlobal({ endOnFailure: true });
process.on("disconnect", () => {
  // Whoever started this is gone, perhaps by force: nothing of it stays.
  const directory = process.env[DIRECTORY];
  if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  process.exit();
});
process.on("message", ({ files }: Request) => {
  void (async () => {
    const answer = (value: Answer): unknown => process.send?.(value);
    for (const file of files) {
      const failure = await firstFailure(file);
      answer({ file, ...(failure !== undefined && { failure }) });
      if (failure !== undefined) break;
    }
    answer({ done: true, megabytes: process.memoryUsage.rss() / 2 ** 20 });
  })();
});
