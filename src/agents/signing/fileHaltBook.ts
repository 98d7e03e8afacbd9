import { open, readFile, rename } from "node:fs/promises";
import { dirname } from "node:path";

import { z } from "zod";

import { ParleyError } from "../../errors.ts";
import { bytes32 } from "../../wire/bytes.ts";
import { laneWord, type Hex } from "../../wire/index.ts";
import type { LaneRef } from "../signingStore.ts";
import { MemoryHaltBook, type Halt, type HaltBook } from "./halts.ts";
import type { OnOperatorStep } from "./steps.ts";

const word = z.string().transform((value) => laneWord(value));
const member = z.string().transform((value): Hex => bytes32(value, "member"));

const Halts = z.strictObject({
  version: z.literal(1),
  halted: z.array(
    z.strictObject({ source: member, destination: member, signed: word, seen: word, since: z.string().datetime() }),
  ),
});

/** The file beside a store that says on which lanes its operator stopped. */
export const haltsFileOf = (store: string): string => `${store}.halted.json`;

/** Halts in a file, which is replaced as a whole. Whoever holds the signing store's lock is the only one who has it open. */
export class FileHaltBook implements HaltBook {
  readonly #path: string;
  readonly #known: MemoryHaltBook;
  readonly #onStep: OnOperatorStep | undefined;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, halts: readonly Halt[], onStep: OnOperatorStep | undefined) {
    this.#path = path;
    this.#known = new MemoryHaltBook(halts);
    this.#onStep = onStep;
  }

  /** Opens a file, which need not be there. Throws `signing/corrupt` if it is not as it was written. */
  static async open(path: string, onStep?: OnOperatorStep): Promise<FileHaltBook> {
    return new FileHaltBook(path, await readHalts(path), onStep);
  }

  all(): readonly Halt[] {
    return this.#known.all();
  }

  of(lane: LaneRef): Halt | undefined {
    return this.#known.of(lane);
  }

  async halt(halt: Halt): Promise<void> {
    if (this.of(halt) === undefined) {
      await this.#known.halt(halt);
      this.#queue();
    }
    await this.#written;
  }

  async lift(lane: LaneRef): Promise<void> {
    if (this.of(lane) !== undefined) {
      await this.#known.lift(lane);
      this.#queue();
    }
    await this.#written;
  }

  /** Writes what there is then. A write that failed is made up for by the next one. */
  #queue(): void {
    this.#written = this.#written.catch(() => undefined).then(() => this.#write());
  }

  async #write(): Promise<void> {
    await this.#onStep?.("operator:halt-planned");
    const text = JSON.stringify({ version: 1, halted: [...this.all()] } satisfies z.input<typeof Halts>);
    await replaceDurably(this.#path, `${text}\n`);
    await this.#onStep?.("operator:halt-durable");
  }
}

async function readHalts(path: string): Promise<readonly Halt[]> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
  try {
    return Halts.parse(JSON.parse(text)).halted;
  } catch (cause) {
    throw new ParleyError(
      "signing/corrupt",
      `${path}, which says on which lanes the operator stopped, is not as it was written`,
      "Restore it from a copy. If you remove it, the operator notices again what its nodes show.",
      { cause },
    );
  }
}

async function replaceDurably(path: string, text: string): Promise<void> {
  const draft = `${path}.new`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  const directory = await open(dirname(path), "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
