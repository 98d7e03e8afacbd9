import { fork, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { FileSigningStore } from "../../../src/agents/index.ts";
import { ParleyError } from "../../../src/errors.ts";
import { HOLD_LOCKS } from "./lockHolder.ts";

type Lock = { token: string; host: string; boot: string; pid: number; started: string };

/** Above any number that Linux gives a process. */
const NO_PROCESS = 2 ** 22 + 1;

describe("R23 one process has a signing store open", () => {
  let folder: string;
  let file: string;
  let own: Lock;

  const outcomeOf = async (opening: Promise<FileSigningStore>): Promise<FileSigningStore | string> => {
    try {
      return await opening;
    } catch (error) {
      if (!(error instanceof ParleyError)) throw error;
      expect(error.hint).to.include(".lock");
      return error.code;
    }
  };
  const tryOpen = (): Promise<FileSigningStore | string> => outcomeOf(FileSigningStore.open(file));
  const writeLock = async (change: Partial<Lock>, name = `${file}.lock`): Promise<Lock> => {
    const lock = { ...own, token: randomUUID(), ...change };
    await writeFile(name, JSON.stringify(lock));
    return lock;
  };
  const expectTakenOver = async (): Promise<void> => {
    const store = await tryOpen();
    if (typeof store === "string") expect.fail(store);
    await store.close();
    expect(await readdir(folder)).to.deep.equal([path.basename(file)]);
  };

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-signing-"));
    file = path.join(folder, "signed.jsonl");
    const store = await FileSigningStore.open(file);
    own = JSON.parse(await readFile(`${file}.lock`, "utf8")) as Lock;
    await store.close();
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("refuses a second one, in this process or another, and lets the next one in once it is closed", async () => {
    const store = await FileSigningStore.open(file);
    expect(await tryOpen()).to.equal("signing/in-use");
    await store.close();
    expect(await readdir(folder)).to.deep.equal([path.basename(file)]);
    await writeLock({ pid: process.ppid, started: "" });
    expect(await tryOpen()).to.equal("signing/in-use");
  });

  it("takes over from a process that is gone, also where another has its number or the host was started again", async () => {
    for (const gone of [
      { pid: NO_PROCESS },
      { started: "1" },
      { pid: process.ppid, started: "1" },
      { boot: "before" },
    ]) {
      await writeLock(gone);
      await expectTakenOver();
    }
  });

  it("takes nothing over from another host, nor what it cannot read", async () => {
    await writeLock({ host: "another", pid: NO_PROCESS, boot: "before" });
    expect(await tryOpen()).to.equal("signing/in-use");
    for (const text of ["", "1234", "{}"]) {
      await writeFile(`${file}.lock`, text);
      expect(await tryOpen()).to.equal("signing/in-use");
    }
  });

  it("takes over where a process ended while it was taking over, however often", async () => {
    let { token } = await writeLock({ started: "1" });
    for (let crash = 0; crash < 3; crash++) {
      ({ token } = await writeLock({ started: "1" }, `${file}.lock.${token}`));
    }
    await expectTakenOver();
  });

  it("leaves a lock alone that came in place of its own", async () => {
    const store = await FileSigningStore.open(file);
    const other = await writeLock({ pid: process.ppid, started: "" });
    await store.close();
    expect(JSON.parse(await readFile(`${file}.lock`, "utf8"))).to.deep.equal(other);
  });

  it("of many that find the lock of a process that is gone at once, exactly one takes it", async () => {
    for (let round = 0; round < 20; round++) {
      await writeLock({ started: "1" });
      const outcomes = await Promise.all(Array.from({ length: 12 }, tryOpen));
      const stores = outcomes.filter((outcome) => typeof outcome !== "string");
      expect(outcomes.filter((outcome) => outcome === "signing/in-use")).to.have.lengthOf(11);
      expect(stores).to.have.lengthOf(1);
      await stores[0]?.close();
    }
  });

  it("of many processes that are started after a crash, exactly one takes it, and another one after that is killed", async () => {
    const children = Array.from({ length: 4 }, () =>
      fork(path.join(import.meta.dirname, "lockHolder.ts"), [HOLD_LOCKS], { execArgv: ["--import", "tsx"] }),
    );
    const say = async (child: ChildProcess, store: string): Promise<unknown> => {
      const answer = once(child, "message");
      child.send(store);
      return (await answer)[0];
    };
    try {
      await Promise.all(children.map((child) => once(child, "message")));
      for (let round = 0; round < 12; round++) {
        file = path.join(folder, `signed-${round}.jsonl`);
        await writeLock({ started: "1" });
        const outcomes = (await Promise.all(children.map((child) => say(child, file)))).flat();
        expect(outcomes.filter((outcome) => outcome === "taken")).to.have.lengthOf(1);
        expect(outcomes.filter((outcome) => outcome === "signing/in-use")).to.have.lengthOf(outcomes.length - 1);
      }
      expect(await tryOpen()).to.equal("signing/in-use");
    } finally {
      await Promise.all(
        children.map(async (child) => {
          const exit = once(child, "exit");
          child.kill("SIGKILL");
          await exit;
        }),
      );
    }
    const store = await tryOpen();
    if (typeof store === "string") expect.fail(store);
    await store.close();
  });
});
