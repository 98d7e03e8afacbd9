/** What a watcher was handed and could not read from any chain again: kept, so that two answers days apart still meet. */
import { constants } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";

import { z } from "zod";

import { ParleyError } from "../../errors.ts";
import { laneWord, toLevel, type Hex } from "../../wire/index.ts";
import { storeError } from "../storeErrors.ts";
import { lockStore, type StoreLock } from "../storeLock.ts";
import type { GivenStatement } from "./signedStatement.ts";

/** Keeps statements of operators that a table lists. */
export type HeardStatements = {
  /** Everything that was kept. */
  read(): readonly GivenStatement[];
  /** Keeps what is new; resolves once it is durable. */
  keep(statements: readonly GivenStatement[]): Promise<void>;
};

const hex = z.custom<Hex>((value) => typeof value === "string" && /^0x([0-9a-f]{2})*$/i.test(value), "is no hex");

const Line = z.strictObject({
  checkpoint: z.strictObject({
    source: hex,
    destination: hex,
    laneWord: hex,
    reachedBy: z.string().regex(/^\d{1,20}$/),
    level: z.number().int().nonnegative(),
    blockHash: hex,
  }),
  siblings: z.array(hex),
  signatures: z.array(hex),
  certificates: z.array(hex).optional(),
});

/** In a file that is only appended to: one statement a line, in JSON. Who reads it verifies the signatures again. */
export class FileHeardStatements implements HeardStatements {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #lock: StoreLock;
  readonly #lines: Set<string>;
  readonly #statements: GivenStatement[];

  private constructor(path: string, file: FileHandle, lock: StoreLock, lines: readonly string[]) {
    this.#path = path;
    this.#file = file;
    this.#lock = lock;
    this.#lines = new Set(lines);
    this.#statements = lines.map((line, place) => parseLine(line, path, place + 1));
  }

  /**
   * Opens a file, and makes it if it is not there; a line that was being written when the process last ended is removed.
   * Throws `watcher/corrupt`, `signing/in-use` where another process has it open, `store/no-folder`, `store/not-writable`.
   */
  static async open(path: string): Promise<FileHeardStatements> {
    const lock = await lockStore(path);
    try {
      const file = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_APPEND, 0o600);
      try {
        const text = await file.readFile("utf8");
        const whole = text.slice(0, text.lastIndexOf("\n") + 1);
        await file.truncate(Buffer.byteLength(whole));
        return new FileHeardStatements(path, file, lock, whole.split("\n").slice(0, -1));
      } catch (error) {
        await file.close();
        throw error;
      }
    } catch (error) {
      await lock.release();
      throw storeError(path, error);
    }
  }

  read(): readonly GivenStatement[] {
    return this.#statements;
  }

  /** Throws `watcher/not-kept`; what could not be written is tried again when it is handed over again. */
  async keep(statements: readonly GivenStatement[]): Promise<void> {
    const lines = statements.map(formatLine);
    const fresh = [...new Set(lines)].filter((line) => !this.#lines.has(line));
    if (fresh.length === 0) return;
    try {
      await this.#file.appendFile(fresh.map((line) => `${line}\n`).join(""));
      await this.#file.datasync();
    } catch (cause) {
      throw new ParleyError(
        "watcher/not-kept",
        `${this.#path} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
        "Make room on the disk or mend it, then start the watcher again.",
        { cause },
      );
    }
    for (const line of fresh) this.#lines.add(line);
  }

  /** Lets another process open the file. */
  async close(): Promise<void> {
    await this.#file.close();
    await this.#lock.release();
  }
}

const formatLine = ({ checkpoint, siblings, signatures, certificates }: GivenStatement): string =>
  JSON.stringify({
    checkpoint: { ...checkpoint, reachedBy: String(checkpoint.reachedBy) },
    siblings: [...siblings],
    signatures: [...signatures],
    ...(certificates === undefined ? {} : { certificates: [...certificates] }),
  } satisfies z.input<typeof Line>);

function parseLine(line: string, path: string, number: number): GivenStatement {
  try {
    const { checkpoint, siblings, signatures, certificates } = Line.parse(JSON.parse(line));
    const { reachedBy, level, laneWord: word } = checkpoint;
    return {
      checkpoint: {
        ...checkpoint,
        laneWord: laneWord(word),
        reachedBy: BigInt(reachedBy),
        level: toLevel(level, "level"),
      },
      siblings,
      signatures,
      ...(certificates === undefined ? {} : { certificates }),
    };
  } catch (cause) {
    throw new ParleyError(
      "watcher/corrupt",
      `Line ${number} of ${path} is not as it was written: ${cause instanceof Error ? cause.message : String(cause)}`,
      "Restore the file, or take the line out: the watcher then forgets that statement alone.",
      { cause },
    );
  }
}
