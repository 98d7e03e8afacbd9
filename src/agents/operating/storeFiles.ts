/** Taking what an operator signed from one machine to another. */
import { access } from "node:fs/promises";

import { ParleyError } from "../../errors.ts";
import { FileSigningStore } from "../fileSigningStore.ts";
import { FileHaltBook, haltsFileOf } from "../signing/fileHaltBook.ts";
import { requireSameIdentity, type SigningIdentity } from "../signing/identity.ts";
import { formatInterchange, importRecord, parseInterchange, type Imported } from "../signing/interchange.ts";

export type Exported = {
  readonly text: string;
  readonly keyId: string;
  readonly words: number;
  readonly halted: number;
};

/** Everything in a store. Throws `signing/no-store`, `signing/no-identity`, and as `FileSigningStore.open` does. */
export async function exportStore(file: string): Promise<Exported> {
  await requireThere(file);
  const store = await FileSigningStore.open(file);
  try {
    const { identity } = store;
    if (identity === undefined) {
      throw new ParleyError(
        "signing/no-identity",
        `${file} does not say whose signatures it keeps`,
        "Name a store that operator:run wrote.",
      );
    }
    const [words, halted] = [store.all(), (await FileHaltBook.open(haltsFileOf(file))).all()];
    const text = formatInterchange({ identity, words, halted });
    return { text, keyId: identity.keyId, words: words.length, halted: halted.length };
  } finally {
    await store.close();
  }
}

/**
 * Merges what was exported into a store, which is made if it is not there. Throws `signing/not-interchange`,
 * `signing/other-operator`, `signing/other-domain`, and as `FileSigningStore.open` does.
 */
export async function importIntoStore(file: string, identity: SigningIdentity, text: string): Promise<Imported> {
  const record = parseInterchange(text);
  // Before the store is made: one that is, belongs to this key for good.
  requireSameIdentity(record.identity, identity, "what is to be imported");
  const store = await FileSigningStore.open(file, { identity });
  try {
    const imported = await importRecord(record, identity, store);
    const halts = await FileHaltBook.open(haltsFileOf(file));
    for (const halt of record.halted) await halts.halt(halt);
    return imported;
  } finally {
    await store.close();
  }
}

async function requireThere(file: string): Promise<void> {
  try {
    await access(file);
  } catch (cause) {
    throw new ParleyError("signing/no-store", `There is no ${file}.`, "Name the operator's store with --store.", {
      cause,
    });
  }
}
