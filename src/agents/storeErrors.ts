import path from "node:path";

import { ParleyError } from "../errors.ts";

/** What Node says where a store's file cannot be: its folder is not there, or does not let this process write. */
const UNUSABLE = new Set(["ENOENT", "ENOTDIR", "EEXIST", "EISDIR", "EACCES", "EPERM", "EROFS"]);

/**
 * What is told of a store whose files cannot be read or written: `store/no-folder`, `store/not-writable`. Anything else is as it was.
 * Folders are not made: where one is missing, a disk may be that is not mounted, and what was signed before with it.
 */
export function storeError(store: string, error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (error instanceof ParleyError || !UNUSABLE.has(code)) return error;
  const folder = path.dirname(path.resolve(store));
  if (code === "ENOENT") {
    return new ParleyError(
      "store/no-folder",
      `There is no folder ${folder}, in which ${path.basename(store)} is to be.`,
      "Make it, or mount the disk that has it, or name another file.",
      { cause: error },
    );
  }
  return new ParleyError(
    "store/not-writable",
    `This process cannot read and write ${store} and the files beside it (${code}).`,
    `Give its user the right to write in ${folder}, or name another file.`,
    { cause: error },
  );
}
