/** What `rollup:pause` and `rollup:unpause` did, as data and as text. */
import type { PausePlan } from "../../src/sources/index.ts";
import type { LevelName } from "../../src/wire/index.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface PauseResult {
  readonly source: string;
  readonly at: string;
  readonly paused: boolean;
  /** `done` by this run; `before`: it was so; `open`: of a dry run; `written`: for a Safe. */
  readonly status: "done" | "before" | "open" | "written";
  readonly owner: string;
  /** What stays as it is. */
  readonly minLevel: LevelName;
  readonly quorumBps: bigint;
  readonly txHash: string | null;
  readonly safeFile: string | null;
}

export function pauseResult(
  { source, at, paused, owner, minLevel, quorumBps }: PausePlan,
  status: PauseResult["status"],
  { txHash = null, safeFile = null }: { readonly txHash?: string | null; readonly safeFile?: string | null } = {},
): PauseResult {
  return { source: source.name, at: at.name, paused, status, owner, minLevel, quorumBps, txHash, safeFile };
}

export function describePause(result: PauseResult, paint: Paint): string {
  const { source, at, paused, status, owner, minLevel, quorumBps, txHash, safeFile } = result;
  const effect = paused
    ? `${at} takes no certificates about ${source}, and holds none of its certified words; settled words count as before.`
    : `${at} takes certificates about ${source} at level ${minLevel}, by more than ${Number(quorumBps) / 100} %.`;
  switch (status) {
    case "before":
      return `It is so already: ${effect}`;
    case "done":
      return `${paint("green", paused ? "paused" : "unpaused")}  ${txHash ?? ""}\n${effect}`;
    case "open":
      return `The owner of ${at}'s Gateway, ${owner}, would call setSource. Then: ${effect} Nothing was sent.`;
    case "written":
      return `Written for Safe's Transaction Builder, of ${owner}: ${safeFile ?? ""}. Once it is sent: ${effect}`;
  }
}
