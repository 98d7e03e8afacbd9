/** The file that tells other programs what was deployed where. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";

import { ParleyError } from "../errors.ts";
import { type Addresses, AddressesSchema } from "./addresses.ts";

/**
 * Reads an addresses file; undefined if there is none. Throws `addresses/not-ours` if the file holds anything else, and
 * `addresses/unreadable`.
 */
export async function readAddresses(file: string): Promise<Addresses | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  try {
    return AddressesSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new ParleyError(
      "addresses/not-ours",
      `${file} is not an addresses file that this version writes; it was not touched.`,
      "Name another file with --addresses, or move that one away.",
      { cause },
    );
  }
}

/**
 * Throws `addresses/of-networks` where the file holds what was deployed to networks, which addresses of simulated chains must
 * not replace; and as {@link readAddresses} does.
 */
export async function requireReplaceable(file: string, chains: Addresses["chains"]): Promise<void> {
  const present = await readAddresses(file);
  if (present?.chains !== "networks" || chains === "networks") return;
  throw new ParleyError(
    "addresses/of-networks",
    `${file} holds the addresses of a deployment to networks; it was not touched.`,
    "Name another file with --addresses, or move that one away.",
  );
}

/**
 * Writes the addresses file, whole or not at all, in the place of an older one. Throws as {@link requireReplaceable} does, and
 * `addresses/unwritable`.
 */
export async function writeAddresses(file: string, content: Addresses): Promise<void> {
  await requireReplaceable(file, content.chains);
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomUUID()}.tmp`);
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeDurably(temporary, `${JSON.stringify(content, null, 2)}\n`);
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined); // what failed first is what is told
    throw new ParleyError(
      "addresses/unwritable",
      `${file} cannot be written: ${String(cause)}`,
      "Name a file in a folder that you may write to with --addresses.",
      { cause },
    );
  }
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new ParleyError(
      "addresses/unreadable",
      `${file} cannot be read: ${String(cause)}`,
      "Name another file with --addresses.",
      { cause },
    );
  }
}

/** Writes a file that is on disk when the promise resolves. */
async function writeDurably(file: string, text: string): Promise<void> {
  const handle = await open(file, "wx");
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
