/** How a fabric is, as data and as text. */
import type { FabricStatus, MemberStatus } from "../../src/messages/index.ts";
import { keyId, levelName, totalWeight, type LevelName } from "../../src/wire/index.ts";
import { layTable } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** A member as `--json` prints it; what cannot be known is null. Times in seconds since 1970. */
export interface MemberResult {
  readonly name: string;
  readonly chainId: bigint;
  readonly gateway: string;
  readonly at: string;
  readonly reachable: boolean;
  readonly problem: { readonly code: string; readonly reason: string } | null;
  readonly height: number | null;
  readonly finalHeight: number | null;
  readonly table: {
    readonly id: string;
    readonly snapshot: bigint;
    readonly age: bigint;
    readonly expiry: bigint;
    readonly expired: boolean;
    readonly operators: number | null;
    /** Of its operators, how many answered; null if none is known. */
    readonly operatorsReachable: number | null;
    readonly totalWeight: bigint | null;
  } | null;
  readonly sources: readonly {
    readonly name: string;
    readonly accepted: boolean;
    readonly minLevel: LevelName;
    readonly quorumBps: bigint;
    readonly paused: boolean;
  }[];
}

/** What `--json` prints. */
export interface FabricResult {
  /** Every chain answers, and every table is in force. */
  readonly well: boolean;
  readonly members: readonly MemberResult[];
  /** Counts of messages; null if the destination cannot be read. */
  readonly lanes: readonly {
    readonly from: string;
    readonly to: string;
    readonly open: boolean;
    readonly sent: number;
    readonly delivered: number | null;
    readonly waiting: number | null;
    readonly failed: number | null;
  }[];
  readonly operators: readonly {
    readonly address: string;
    readonly reachable: boolean;
    readonly reason: string | null;
  }[];
}

export function fabricResult(status: FabricStatus): FabricResult {
  return {
    well: status.isWell,
    members: status.members.map((member) => memberResult(member, status)),
    lanes: status.lanes.map(({ from, to, isOpen, sent, arrived }) => ({
      from,
      to,
      open: isOpen,
      sent,
      delivered: arrived?.delivered ?? null,
      waiting: arrived?.waiting ?? null,
      failed: arrived?.failed ?? null,
    })),
    operators: status.operators.map(({ address, problem }) => ({
      address,
      reachable: problem === undefined,
      reason: problem ?? null,
    })),
  };
}

function memberResult(status: MemberStatus, { operators }: FabricStatus): MemberResult {
  const { name, chainId, gateway, at } = status.member;
  const common = { name, chainId, gateway, at };
  if (status.problem !== undefined) {
    const { code, message } = status.problem;
    return {
      ...common,
      reachable: false,
      problem: { code, reason: message },
      height: null,
      finalHeight: null,
      table: null,
      sources: [],
    };
  }
  const { height, finalHeight, time, table, sources } = status;
  const reachable = new Set(
    operators.flatMap(({ address, problem }) => (problem === undefined ? [address.toLowerCase()] : [])),
  );
  return {
    ...common,
    reachable: true,
    problem: null,
    height,
    finalHeight,
    table:
      table === undefined
        ? null
        : {
            id: table.id,
            snapshot: table.snapshot,
            age: time > table.snapshot ? time - table.snapshot : 0n,
            expiry: table.expiry,
            expired: table.isExpired,
            operators: table.content?.operators.length ?? null,
            operatorsReachable:
              table.content === undefined || operators.length === 0
                ? null
                : table.content.operators.filter(({ key }) => reachable.has(keyId(key).toLowerCase())).length,
            totalWeight: table.content === undefined ? null : totalWeight(table.content),
          },
    sources: sources.map((source) => ({ ...source, minLevel: levelName(source.minLevel) })),
  };
}

export function describeFabric(result: FabricResult, paint: Paint): string {
  const silent = result.operators.filter(({ reachable }) => !reachable);
  return [
    ...section("Members", memberLines(result), paint),
    "",
    ...section("Lanes", laneLines(result), paint),
    ...silent.map(({ address, reason }) => `Operator ${address} does not answer: ${reason ?? ""}`),
    "",
    result.well ? paint("green", "All is well.") : paint("red", "Not all is well."),
  ].join("\n");
}

function section(title: string, [titles, ...rows]: readonly string[], paint: Paint): string[] {
  return [paint("bold", title), `  ${paint("dim", titles ?? "")}`, ...rows.map((row) => `  ${row}`)];
}

function memberLines({ members }: FabricResult): string[] {
  return layTable(
    [
      { title: "chain" },
      { title: "chain id", align: "right" },
      { title: "height", align: "right" },
      { title: "final", align: "right" },
      { title: "gateway" },
      { title: "operator table" },
      { title: "operators" },
      { title: "weight", align: "right" },
    ],
    members.map(({ name, chainId, height, finalHeight, gateway, table, reachable }) => [
      name,
      String(chainId),
      height === null ? "" : String(height),
      finalHeight === null ? "" : String(finalHeight),
      gateway,
      reachable ? tableText(table) : "does not answer",
      operatorsText(table),
      table?.totalWeight === null || table === null
        ? ""
        : `${(table.totalWeight / 10n ** 18n).toLocaleString("en-US")} ETH`,
    ]),
  );
}

function tableText(table: MemberResult["table"]): string {
  if (table === null) return "none";
  const age = `${duration(table.age)} old`;
  const left = table.expiry - table.snapshot - table.age;
  return `${table.id.slice(0, 10)}… ${age}, ${table.expired ? "expired" : `good for ${duration(left)}`}`;
}

function operatorsText(table: MemberResult["table"]): string {
  if (table === null || table.operators === null) return "";
  return table.operatorsReachable === null
    ? String(table.operators)
    : `${table.operatorsReachable} of ${table.operators} answer`;
}

function laneLines({ lanes, members }: FabricResult): string[] {
  return layTable(
    [
      { title: "from" },
      { title: "to" },
      { title: "sent", align: "right" },
      { title: "delivered", align: "right" },
      { title: "waiting", align: "right" },
      { title: "failed", align: "right" },
      { title: "listens" },
    ],
    lanes.map(({ from, to, open, sent, delivered, waiting, failed }) => {
      const source = members.find(({ name }) => name === to)?.sources.find(({ name }) => name === from);
      const counts = [delivered, waiting, failed].map((count) => (count === null ? "?" : String(count)));
      return [from, to, String(sent), ...counts, open ? listensText(source) : "closed"];
    }),
  );
}

function listensText(source: MemberResult["sources"][number] | undefined): string {
  if (source === undefined) return "?";
  if (!source.accepted) return "not accepted";
  if (source.minLevel === "settled") return "to settled words alone";
  const terms = `at level ${source.minLevel}, more than ${Number(source.quorumBps) / 100} %`;
  return source.paused ? `paused (${terms})` : terms;
}

/** Seconds in the two largest units. */
function duration(seconds: bigint): string {
  const [days, hours, minutes] = [seconds / 86_400n, (seconds / 3_600n) % 24n, (seconds / 60n) % 60n];
  if (days > 0n) return `${days} d ${hours} h`;
  return hours > 0n ? `${hours} h ${minutes} min` : `${minutes} min`;
}
