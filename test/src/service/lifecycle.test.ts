import { EventEmitter, once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";

import { runUntilStopped, type SignalHost } from "../../../src/service/index.ts";

/** A process that keeps its exit codes. */
class Host extends EventEmitter implements SignalHost {
  readonly codes: number[] = [];

  exit(code: number): void {
    this.codes.push(code);
    this.emit("exit");
  }
}

describe("A service's life", () => {
  it("ends with a signal, once what is under way is finished", async () => {
    const host = new Host();
    const done: string[] = [];
    const running = runUntilStopped(
      async (signal) => {
        await once(signal, "abort");
        done.push("aborted");
        await sleep(5);
        done.push("finished");
      },
      { graceMs: 60_000, host },
    );
    host.emit("SIGTERM");
    host.emit("SIGTERM"); // npm passes on what the terminal sent already
    await running;
    expect(done).to.deep.equal(["aborted", "finished"]);
    expect(host.codes).to.deep.equal([]);
    expect(host.eventNames()).to.deep.equal([]);
  });

  it("ends with exit code 0 when the grace is over, whatever it is doing", async () => {
    const host = new Host();
    let finish = (): void => undefined;
    const running = runUntilStopped(() => new Promise((resolve) => (finish = resolve)), { graceMs: 1, host });
    const exited = once(host, "exit");
    host.emit("SIGINT");
    await exited;
    expect(host.codes).to.deep.equal([0]);
    finish();
    await running;
  });

  it("ends at once on a second signal", async () => {
    const host = new Host();
    let finish = (): void => undefined;
    const running = runUntilStopped(() => new Promise((resolve) => (finish = resolve)), { graceMs: 60_000, host });
    host.emit("SIGINT");
    await sleep(510);
    host.emit("SIGINT");
    expect(host.codes).to.deep.equal([130]);
    finish();
    await running;
  });

  it("hands on what the work rejects with, and ends whatever that had begun", async () => {
    let begun: AbortSignal | undefined;
    const work = (signal: AbortSignal): Promise<void> => {
      begun = signal;
      return Promise.reject(new Error("no"));
    };
    const failed = runUntilStopped(work, { graceMs: 1, host: new Host() });
    expect(await failed.catch((error: unknown) => (error as Error).message)).to.equal("no");
    expect(begun?.aborted).to.equal(true);
  });
});
