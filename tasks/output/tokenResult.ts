/** What `token:deploy` did, as data and as text. */
import type { TokenKind, TokenPlan, TokenStepOutcome, TokenStepStatus } from "../../src/tokens/index.ts";
import { layTable } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. */
export interface TokenResult {
  readonly kind: TokenKind;
  readonly symbol: string;
  /** Name of the member where it lives, or its supply was minted. */
  readonly home: string;
  readonly dryRun: boolean;
  readonly ends: readonly {
    readonly name: string;
    readonly chainId: bigint;
    readonly token: string;
    /** By which it comes and goes; the token itself where that is its own bridge. */
    readonly bridge: string;
    readonly owner: string;
  }[];
  readonly steps: readonly {
    readonly at: string;
    readonly title: string;
    readonly status: TokenStepStatus;
    readonly txHash: string | null;
  }[];
}

export function tokenResult(
  { order: { kind, home }, symbol, ends }: TokenPlan,
  dryRun: boolean,
  outcomes: readonly TokenStepOutcome[],
): TokenResult {
  return {
    kind,
    symbol,
    home: home.name,
    dryRun,
    ends: ends.map(({ member: { name, chainId }, token, bridge, owner }) => ({ name, chainId, token, bridge, owner })),
    steps: outcomes.map(({ step: { title, end }, status, txHash }) => ({
      at: end.member.name,
      title,
      status,
      txHash: txHash ?? null,
    })),
  };
}

const COLOURS = { done: "dim", due: "yellow", sent: "green" } as const;

export function describeToken({ symbol, home, dryRun, ends, steps }: TokenResult, paint: Paint): string {
  const [titles, ...lines] = layTable(
    [{ title: "" }, { title: "on" }, { title: "" }],
    steps.map(({ status, at, title }) => [status, at, title]),
  );
  const painted = lines.map((line, place) => {
    const status = steps[place]?.status ?? "due";
    return line.replace(status, paint(COLOURS[status], status));
  });
  const [header, ...rows] = layTable(
    [{ title: "rollup" }, { title: "token" }, { title: "bridge" }],
    ends.map(({ name, token, bridge }) => [name, token, bridge]),
  );
  const isReady = steps.every(({ status }) => status !== "due");
  const [from, to] = ends;
  return [
    paint("dim", titles ?? ""),
    ...painted,
    "",
    paint("dim", header ?? ""),
    ...rows,
    "",
    ...(isReady
      ? [
          paint("green", `${symbol} moves between them; its home is ${home}.`),
          `npx hardhat token:send --from ${from?.name ?? ""} --to ${to?.name ?? ""} --bridge ${from?.bridge ?? ""} --amount 1 --wait`,
        ]
      : [dryRun ? "Nothing was sent." : "Not all of it is there yet."]),
  ].join("\n");
}
