import { randomUUID } from "node:crypto";
import { link, open, readFile, rename, unlink } from "node:fs/promises";
import { hostname } from "node:os";

import { z } from "zod";

import { ParleyError } from "../errors.ts";
import { storeError } from "./storeErrors.ts";

/** What a lock says of the process that holds it. A number alone would not tell: containers give the same again and again. */
const Holder = z
  .object({
    /** Of this one lock: no other ever has it. */
    token: z.string().uuid(),
    host: z.string(),
    /** The host's run since it was started; empty where it does not say. */
    boot: z.string(),
    pid: z.number().int().positive(),
    /** When the process was started, as its host counts; empty where it does not say. */
    started: z.string(),
  })
  .strict();

type Holder = z.infer<typeof Holder>;

/** A lock that this process holds. */
export type StoreLock = { release(): Promise<void> };

/**
 * Takes the lock of a store: a file beside it that names the process. One whose process is certainly gone is taken over,
 * by one process alone however many try: whoever wants to replace a lock must first hold the lock on doing so, which is
 * named by the token of the lock to be replaced, and is taken, and taken over, in the same way.
 * Throws `signing/in-use` if a process holds it that is there, or may be; `store/no-folder`, `store/not-writable`.
 */
export async function lockStore(path: string): Promise<StoreLock> {
  const lock = `${path}.lock`;
  const own: Holder = { token: randomUUID(), ...(await thisProcess()) };
  const draft = `${lock}.${own.token}.new`;
  await writeDurably(draft, JSON.stringify(own)).catch((error: unknown) => {
    throw storeError(path, error);
  });
  try {
    await take(lock, { path, lock, draft });
  } finally {
    await unlink(draft).catch(() => undefined);
  }
  return {
    release: async () => {
      // Unless someone removed it by hand, and another came after.
      if (isBy(await readHolder(lock), own.token)) await unlink(lock);
    },
  };
}

/** A store, its lock, and the file that is to become the lock: whole before it is seen. */
type Wanted = { readonly path: string; readonly lock: string; readonly draft: string };

/** Puts the draft in a lock's place: its file's, or that of the right to replace a lock. */
async function take(file: string, wanted: Wanted): Promise<void> {
  for (;;) {
    if (await putIfFree(wanted.draft, file)) return;
    const holder = await readHolder(file);
    if (holder === undefined) continue;
    if (holder === "unreadable" || !(await isGone(holder))) throw inUse(wanted.path, file, holder);
    const right = `${wanted.lock}.${holder.token}`;
    await take(right, wanted);
    // While this process has the right, nobody else replaces that lock; but it may have been replaced before.
    if (isBy(await readHolder(file), holder.token)) {
      // The right becomes the lock.
      await rename(right, file);
      return;
    }
    await unlink(right);
  }
}

/** Gives the draft a second name, unless that is taken. */
async function putIfFree(draft: string, file: string): Promise<boolean> {
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** What stands in a lock; undefined if nobody holds it. */
type Seen = Holder | "unreadable" | undefined;

const isBy = (seen: Seen, token: string): boolean => typeof seen === "object" && seen.token === token;

async function readHolder(file: string): Promise<Seen> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
  try {
    return Holder.parse(JSON.parse(text));
  } catch {
    return "unreadable";
  }
}

async function thisProcess(): Promise<Omit<Holder, "token">> {
  const boot = (await readIfThere("/proc/sys/kernel/random/boot_id")).trim();
  return { host: hostname(), boot, pid: process.pid, started: (await statOf(process.pid))?.started ?? "" };
}

/** Whether a process is certainly gone. Of another host nothing is certain. */
async function isGone(holder: Holder): Promise<boolean> {
  const { host, boot } = await thisProcess();
  if (holder.host !== host) return false;
  if (holder.boot !== boot) return holder.boot !== "" && boot !== "";
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return true;
  }
  // There is a process of that number: the same one, unless it was started at another time or has ended already.
  const stat = await statOf(holder.pid);
  return stat !== undefined && holder.started !== "" && (stat.started !== holder.started || stat.hasEnded);
}

/** What Linux says of a process; undefined elsewhere, and where it says nothing. */
async function statOf(pid: number): Promise<{ started: string; hasEnded: boolean } | undefined> {
  const text = await readIfThere(`/proc/${pid}/stat`);
  // The name, in parentheses, may hold anything; the state is the third field, the start the twenty-second.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, started] = [fields[0], fields[19]];
  return state === undefined || started === undefined ? undefined : { started, hasEnded: "ZX".includes(state) };
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

function inUse(path: string, file: string, holder: NonNullable<Seen>): ParleyError {
  const who = holder === "unreadable" ? "someone" : `process ${holder.pid} on ${holder.host}`;
  return new ParleyError(
    "signing/in-use",
    `another operator has the signing store ${path} open: ${who}, by ${file}`,
    `Stop it first: two operators with one key sign against each other. If it is certainly gone, remove ${file}.`,
  );
}
