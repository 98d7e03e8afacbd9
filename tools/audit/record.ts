/** What an audit has found so far: docs/audit.json, written after each part, so that an audit that is ended goes on where it was. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";

import { z } from "zod";

const FILE = "docs/audit.json";

const Finding = z
  .object({
    /** Of what the part looked at: the part is up to date while it is the same. */
    inputs: z.string(),
    /** The commit that was checked out. */
    commit: z.string(),
    machine: z.string(),
    seconds: z.number().int(),
    passed: z.boolean(),
    /** What it found, on one line. */
    says: z.string(),
    figures: z.record(z.number()),
  })
  .strict();
export type Finding = z.infer<typeof Finding>;

const Findings = z.record(z.record(Finding));
/** By step and part. */
export type Findings = z.infer<typeof Findings>;

export const readFindings = (): Findings =>
  existsSync(FILE) ? Findings.parse(JSON.parse(readFileSync(FILE, "utf8"))) : {};

export const writeFindings = (findings: Findings): void => {
  writeFileSync(FILE, `${JSON.stringify(findings, null, 2)}\n`);
};

const git = (...args: string[]): string => execFileSync("git", args, { encoding: "utf8" }).trim();

export const commit = (): string => git("rev-parse", "--short=8", "HEAD");

/** What these paths hold, in few digits: as committed, and marked if they were changed since. */
export function inputsOf(paths: readonly string[]): string {
  const trees = paths.map((path) => git("rev-parse", "--short=8", `HEAD:${path}`)).join(" ");
  const digits = paths.length <= 8 ? trees : createHash("sha256").update(trees).digest("hex").slice(0, 16);
  return git("status", "--porcelain", "--", ...paths) === "" ? digits : `${digits} changed`;
}

export function machine(): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? "unknown"}, Node ${process.versions.node}`;
}
