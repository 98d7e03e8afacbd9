import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";

import { ParleyError } from "../errors.ts";
import type { Hex } from "../wire/index.ts";
import { requireSameIdentity, type SigningIdentity } from "./signing/identity.ts";
import type { OnOperatorStep } from "./signing/steps.ts";
import { formatIdentity, formatWords, parseLog, type SigningLog } from "./signingLog.ts";
import { SignedWords } from "./signedWords.ts";
import type { LaneRef, SignedWord, SigningHistory, SigningStore } from "./signingStore.ts";
import { storeError } from "./storeErrors.ts";
import { lockStore, type StoreLock } from "./storeLock.ts";

export type FileSigningStoreOptions = {
  /** Whose words it keeps: written into a new store, and demanded of one that is there. */
  readonly identity?: SigningIdentity | undefined;
  /** For tests alone: called at each step. */
  readonly onStep?: OnOperatorStep | undefined;
};

/** A store in a file that is only ever appended to, and flushed to the disk before anything is signed. */
export class FileSigningStore implements SigningStore {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #lock: StoreLock;
  readonly #words = new SignedWords();
  /** Whose words it keeps; undefined if it does not say. */
  readonly identity: SigningIdentity | undefined;
  readonly #onStep: OnOperatorStep | undefined;
  #sum: Hex;
  // Rejected for good once a write failed: memory then knows more than the disk, and nothing may be signed any more.
  #written: Promise<void> = Promise.resolve();

  private constructor(
    { path, file, lock }: { path: string; file: FileHandle; lock: StoreLock },
    { words, sum, identity }: Omit<SigningLog, "length">,
    onStep: OnOperatorStep | undefined,
  ) {
    this.#path = path;
    this.#file = file;
    this.#lock = lock;
    this.#words.add(words);
    this.#sum = sum;
    this.identity = identity;
    this.#onStep = onStep;
  }

  /**
   * Opens a store, and makes it if it is not there. A line that was being written when the process last ended is removed.
   * Throws `signing/corrupt` if the file is not as it was written, `signing/in-use` if someone has it open: this process,
   * another one of this host, or one of another host, of which nothing certain is known; and, if it is to be of an identity,
   * `signing/other-operator`, `signing/other-domain`, `signing/no-identity`. Where it cannot be, `store/no-folder`, `store/not-writable`.
   */
  static async open(path: string, { identity, onStep }: FileSigningStoreOptions = {}): Promise<FileSigningStore> {
    const lock = await lockStore(path);
    try {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
      try {
        const log = parseLog(await file.readFile("utf8"));
        await file.truncate(log.length);
        let { sum } = log;
        if (log.length > 0) requireIdentity(log.identity, identity, path);
        else if (identity !== undefined) {
          const first = formatIdentity(identity);
          await file.appendFile(first.text);
          ({ sum } = first);
        }
        await file.sync();
        await syncDirectory(path);
        return new FileSigningStore(
          { path, file, lock },
          { words: log.words, sum, identity: log.identity ?? identity },
          onStep,
        );
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw storeError(path, error);
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

  /** How many words it keeps. */
  get size(): number {
    return this.#words.size;
  }

  /** Everything that was ever signed: each lane's words in the order in which they were. */
  all(): readonly SignedWord[] {
    return this.#words.all();
  }

  /** Lets another process open the store, once everything is written. */
  async close(): Promise<void> {
    await this.#written.catch(() => undefined);
    await this.#file.close();
    await this.#lock.release();
  }

  async #append(text: string): Promise<void> {
    try {
      await this.#onStep?.("operator:word-planned");
      await this.#file.appendFile(text);
      await this.#onStep?.("operator:word-written");
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

/** Throws unless a store that is there is whose it should be. */
function requireIdentity(found: SigningIdentity | undefined, own: SigningIdentity | undefined, path: string): void {
  if (own === undefined) return;
  if (found !== undefined) {
    requireSameIdentity(found, own, path);
    return;
  }
  throw new ParleyError(
    "signing/no-identity",
    `${path} does not say whose signatures it keeps`,
    "Name another file, and bring what is in this one in with operator:import.",
  );
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
