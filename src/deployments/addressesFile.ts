/** The file that tells other programs what was deployed where. */
import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";

import { z } from "zod";

import { ParleyError } from "../errors.ts";
import { type Deployment, DeploymentSchema } from "./deployment.ts";

/** The file's content. `simulated`: the chains lived in one process, and ended with it. */
const AddressesSchema = DeploymentSchema.extend({ version: z.literal(1), simulated: z.literal(true) });

export type Addresses = z.infer<typeof AddressesSchema>;

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
      `${file} is not an addresses file that this version writes for simulated chains; it was not touched.`,
      "Name another file with --addresses, or move that one away.",
      { cause },
    );
  }
}

/**
 * Writes the addresses file, whole or not at all, in the place of an older one. Throws as {@link readAddresses} does, and
 * `addresses/unwritable`.
 */
export async function writeAddresses(file: string, deployment: Deployment): Promise<void> {
  await readAddresses(file);
  const content: Addresses = { version: 1, simulated: true, ...deployment };
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
