/** Operator tables as data and as text. */
import { formatEther } from "ethers";

import type { PublishedRevocation, PublishedTable, StepProblem } from "../../src/agents/index.ts";
import type { FabricTables, ShownTable } from "../../src/tables/index.ts";
import { layTable } from "./columns.ts";
import { plural, timeText } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `table:show` prints with `--json`. Times in seconds since 1970, weights in wei of stake. */
export interface TablesResult {
  readonly now: bigint;
  readonly latest: TableResult | null;
  readonly revokedUntil: bigint;
  readonly members: readonly {
    readonly name: string;
    readonly table: TableResult | null;
    readonly problem: { readonly code: string; readonly reason: string } | null;
  }[];
}

export type TableResult = Omit<ShownTable, "operators"> & {
  readonly operators: readonly { readonly key: string; readonly operator: string | null; readonly weight: bigint }[];
};

/** What `table:publish` prints with `--json`. */
export interface PublicationResult {
  readonly dryRun: boolean;
  /** Members at which a revoked table is in force, and to which the revocation is not on its way. */
  readonly revoke: readonly string[];
  /** Whether a new table is (or would be) taken. */
  readonly snapshot: boolean;
  /** Members that need a table. */
  readonly members: readonly string[];
  readonly revoked: readonly PublishedRevocation[];
  readonly published: readonly PublishedTable[];
  /** A new table is needed, but none can be taken before this time; null if that is not so. */
  readonly tooEarlyUntil: bigint | null;
  readonly problems: readonly StepProblem[];
}

export function tablesResult({ now, latest, revokedUntil, members }: FabricTables): TablesResult {
  return {
    now,
    latest: tableResult(latest),
    revokedUntil,
    members: members.map(({ name, table, problem }) => ({
      name,
      table: tableResult(table),
      problem: problem === undefined ? null : { code: problem.code, reason: problem.message },
    })),
  };
}

function tableResult(table: ShownTable | undefined): TableResult | null {
  if (table === undefined) return null;
  const operators = table.operators.map(({ key, operator, weight }) => ({ key, operator: operator ?? null, weight }));
  return { ...table, operators };
}

export function describeTables({ latest, revokedUntil, members }: TablesResult, paint: Paint): string {
  const rows = members.map(({ name, table, problem }) => [name, ...stateOf(table, problem, latest)]);
  const [titles, ...lines] = layTable(
    [{ title: "member" }, { title: "table in force" }, { title: "age" }, { title: "expires" }, { title: "id" }],
    rows,
  );
  const revoked = revokedUntil === 0n ? [] : [`Tables taken up to ${timeText(revokedUntil)} are revoked.`];
  return [paint("dim", titles ?? ""), ...lines, ...revoked, "", ...latestLines(latest, paint)].join("\n");
}

function stateOf(
  table: TableResult | null,
  problem: { readonly code: string } | null,
  latest: TableResult | null,
): string[] {
  if (problem !== null) return [`cannot be read (${problem.code})`, "", "", ""];
  if (table === null) return ["none", "", "", ""];
  const state = table.isExpired ? "expired" : table.id === latest?.id ? "the latest" : "an older one";
  return [state, ageText(table.age), timeText(table.expiry), table.id];
}

function latestLines(latest: TableResult | null, paint: Paint): string[] {
  if (latest === null) return ["L1 has no table that counts: table:publish takes one."];
  const rows = latest.operators.map(({ key, operator, weight }, index) => [
    String(index),
    key,
    operator ?? "nobody's",
    formatEther(weight),
    `${((Number(weight) / Number(latest.totalWeight)) * 100).toFixed(2)} %`,
  ]);
  const [titles, ...lines] = layTable(
    [
      { title: "", align: "right" },
      { title: "signing key" },
      { title: "operator" },
      { title: "weight", align: "right" },
      { title: "share", align: "right" },
    ],
    rows,
  );
  return [
    paint("bold", `L1's latest table, ${ageText(latest.age)} old: ${latest.id}`),
    paint("dim", titles ?? ""),
    ...lines,
  ];
}

export function describePublication(result: PublicationResult, paint: Paint): string {
  const { dryRun, revoke, snapshot, members, revoked, published, tooEarlyUntil } = result;
  const what = snapshot ? "a new table" : "the latest table";
  const lines = dryRun
    ? [
        ...(revoke.length === 0 ? [] : [`Would send the revocation of the table in force to ${revoke.join(", ")}.`]),
        ...(members.length === 0 ? [] : [`Would send ${what} to ${members.join(", ")}.`]),
      ]
    : [
        ...revoked.map(({ member, txHash }) => `${paint("green", "revoked")}  ${member}  ${txHash}`),
        ...(revoked.length === 0
          ? []
          : [
              `${wereSent(revoked.length)} the revocation of the table in force there. Run this again once each one's bridge has carried it: then they get a new table.`,
            ]),
        ...published.map(({ member, txHash }) => `${paint("green", "sent")}  ${member}  ${txHash}`),
        ...(published.length === 0
          ? []
          : [`${wereSent(published.length)} ${what}; it is in force once each one's bridge has carried it.`]),
      ];
  if (tooEarlyUntil !== null) {
    return [...lines, `A new table is needed, but L1 takes none before ${timeText(tooEarlyUntil)}.`].join("\n");
  }
  if (revoke.length === 0 && members.length === 0) return "Every member has a table that is fresh, or on its way.";
  return [...lines, ...(dryRun ? ["Nothing was sent."] : [])].join("\n");
}

const wereSent = (members: number): string => `${plural(members, "member")} ${members === 1 ? "was" : "were"} sent`;

/** Seconds as hours and minutes. */
function ageText(seconds: bigint): string {
  const minutes = seconds / 60n;
  return minutes < 60n ? `${minutes} min` : `${minutes / 60n} h ${minutes % 60n} min`;
}
