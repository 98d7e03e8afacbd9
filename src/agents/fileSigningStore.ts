import { constants } from "node:fs";
import { open, readFile, unlink, type FileHandle } from "node:fs/promises";
import { dirname, resolve } from "node:path";

import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import { formatWords, parseLog } from "./signingLog.ts";
import { SignedWords } from "./signedWords.ts";
import type { LaneRef, SignedWord, SigningHistory, SigningStore } from "./signingStore.ts";

/** A store in a file that is only ever appended to, and flushed to the disk before anything is signed. */
export class FileSigningStore implements SigningStore {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #words = new SignedWords();
  #sum: Hex;
  // Rejected for good once a write failed: memory then knows more than the disk, and nothing may be signed any more.
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle, words: readonly SignedWord[], sum: Hex) {
    this.#path = path;
    this.#file = file;
    this.#words.add(words);
    this.#sum = sum;
  }

  /**
   * Opens a store, and makes it if it is not there. A line that was being written when the process last ended is removed.
   * Throws `signing/corrupt` if the file is not as it was written, `signing/in-use` if another process has it open.
   */
  static async open(path: string): Promise<FileSigningStore> {
    await lock(path);
    openHere.add(resolve(path));
    try {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
      try {
        const { words, sum, length } = parseLog(await file.readFile("utf8"));
        await file.truncate(length);
        await file.sync();
        await syncDirectory(path);
        return new FileSigningStore(path, file, words, sum);
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await unlock(path);
      throw error;
    }
  }

  /** Throws `signing/not-durable` if the words, or any before them, could not be written. */
  async plan(lanes: readonly LaneRef[], plan: (history: SigningHistory) => readonly SignedWord[]): Promise<void> {
    // Up to the first await nothing comes in between.
    const words = plan(this.#words.of(lanes));
    this.#words.add(words);
    if (words.length > 0) {
      const { text, sum } = formatWords(words, this.#sum);
      this.#sum = sum;
      this.#written = this.#written.then(() => this.#append(text));
    }
    // Also where nothing is new: a request before this one may have planned the same words and be writing them still.
    await this.#written;
  }

  /** Lets another process open the store, once everything is written. */
  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.close();
    await unlock(this.#path);
  }

  async #append(text: string): Promise<void> {
    try {
      await this.#file.appendFile(text);
      await this.#file.datasync();
    } catch (cause) {
      throw new ParleyError(
        "signing/not-durable",
        `the signing store ${this.#path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
        "Make room on the disk or mend it, then start the operator again; until then it signs nothing.",
        { cause },
      );
    }
  }
}

/** Stores that this process has open: its number alone does not tell, since containers give one number again and again. */
const openHere = new Set<string>();

const lockOf = (path: string): string => `${path}.lock`;

/** Takes the store for this process. A lock whose process is gone is taken over. */
async function lock(path: string): Promise<void> {
  for (let attempt = 0; attempt < 2; ++attempt) {
    try {
      const file = await open(lockOf(path), "wx", 0o600);
      await file.writeFile(String(process.pid));
      await file.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(await readFile(lockOf(path), "utf8"));
      if (holder === process.pid ? openHere.has(resolve(path)) : isRunning(holder)) break;
      await unlink(lockOf(path));
    }
  }
  throw new ParleyError(
    "signing/in-use",
    `another operator has the signing store ${path} open`,
    `Stop it first: two operators with one key sign against each other. If there is none, remove ${lockOf(path)}.`,
  );
}

async function unlock(path: string): Promise<void> {
  openHere.delete(resolve(path));
  await unlink(lockOf(path));
}

/** Whether a process is there; unsure means yes. */
function isRunning(process_: number): boolean {
  try {
    return process.kill(process_, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Makes a new file's name durable too. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
