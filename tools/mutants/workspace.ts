/** A copy of the project's artifacts in a directory of its own, in which mutants take the place of contracts. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

import { z } from "zod";

import type { Code, Target } from "./compiler.ts";

/** Environment variable that tells hardhat.config.ts where. */
export const DIRECTORY = "PARLEY_MUTANTS";

const Artifact = z.record(z.unknown());

export class Workspace {
  readonly directory: string;

  constructor(root: string) {
    this.directory = mkdtempSync(path.join(tmpdir(), "parley-mutants-"));
    // Without the compiler's inputs and outputs, which are large and of no use here.
    cpSync(path.join(root, "artifacts"), path.join(this.directory, "artifacts"), {
      recursive: true,
      filter: (file) => !file.includes("build-info"),
    });
  }

  /** Puts code in place of a contract's. */
  place({ file, name }: Target, code: Code): void {
    const artifact = path.join(this.directory, "artifacts", file, `${name}.json`);
    const read = Artifact.parse(JSON.parse(readFileSync(artifact, "utf8")));
    writeFileSync(artifact, JSON.stringify({ ...read, ...code }));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
