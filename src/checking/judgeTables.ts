/** Judges the operator table in force at a member: its age, whether it still counts, whether its operators are a quorum. */
import type { OperatorStatus, ReadMemberStatus, TableStatus } from "../messages/fabricStatus.ts";
import { isQuorum, keyId, Level, totalWeight, type OperatorTable } from "../wire/index.ts";
import { danger, warning, type Finding } from "./finding.ts";
import type { Registry } from "./readFabricHealth.ts";

const PUBLISH = "Publish a table with `npx hardhat table:publish`, and see that a relayer runs.";

/** What is wrong with the table in force at a member. */
export function judgeTable(
  { member: { name }, time, table, sources }: ReadMemberStatus,
  registry: Registry,
  operators: readonly OperatorStatus[],
): Finding[] {
  if (table === undefined) {
    return [danger("table/none", name, "No operator table is in force: no certificate counts.", PUBLISH)];
  }
  const { content } = table;
  const quorums = sources
    .filter(({ accepted, paused, minLevel }) => accepted && !paused && minLevel !== Level.settled)
    .map(({ quorumBps }) => quorumBps);
  return [
    ...judgeAge(name, time, table),
    ...judgePlace(name, table, registry),
    ...(content === undefined
      ? []
      : [...judgeWeight(name, content), ...judgeQuorum(name, content, quorums, operators)]),
  ];
}

function judgeAge(name: string, time: bigint, { isExpired, snapshot, expiry }: TableStatus): Finding[] {
  if (isExpired) {
    return [
      danger(
        "table/expired",
        name,
        `Its operator table expired ${time - expiry} s ago: no certificate counts.`,
        PUBLISH,
      ),
    ];
  }
  const [life, left] = [expiry - snapshot, expiry - time];
  const meaning = `Its operator table has ${left} of ${life} s left; relayers renew tables after half of that.`;
  if (left * 4n < life) return [danger("table/expiring", name, meaning, PUBLISH)];
  return left * 5n < life * 2n ? [warning("table/ageing", name, meaning, PUBLISH)] : [];
}

/** Against what L1 says of tables. */
function judgePlace(
  name: string,
  { snapshot, content }: TableStatus,
  { latestSnapshot, revokedUntil }: Registry,
): Finding[] {
  if (content === undefined) {
    return [
      danger(
        "table/foreign",
        name,
        "L1 does not know the operator table in force here, or cannot be asked about it.",
        "Compare with `npx hardhat table:show`. If L1 never took it, the member's bridge lied: pause the member as a source everywhere.",
      ),
    ];
  }
  if (snapshot <= revokedUntil) {
    return [
      danger(
        "table/revoked",
        name,
        "L1 revoked the operator table in force here: a quorum of it contradicted itself, and its certificates still count here.",
        "Publish the revocation (ServiceManager.publishRevocation), convict the signers, then publish the next table.",
      ),
    ];
  }
  if (snapshot >= latestSnapshot) return [];
  return [
    warning(
      "table/behind",
      name,
      `L1 took a newer table ${latestSnapshot - snapshot} s after the one in force here.`,
      "It may be on its way; else send it with `npx hardhat table:publish`.",
    ),
  ];
}

function judgeWeight(name: string, table: OperatorTable): Finding[] {
  if (totalWeight(table) >= table.weightFloor) return [];
  const meaning = `The operators of its table weigh ${totalWeight(table)}, below the floor of ${table.weightFloor}: it verifies nothing.`;
  return [danger("table/below-floor", name, meaning, "Win operators with more stake, then publish a table.")];
}

/** Whether those who answer are a quorum, and would be without the heaviest of them. */
function judgeQuorum(
  name: string,
  table: OperatorTable,
  quorums: readonly bigint[],
  operators: readonly OperatorStatus[],
): Finding[] {
  if (quorums.length === 0) return [];
  if (operators.length === 0) {
    const meaning = "No URL of an operator is known here: whether a quorum answers was not checked.";
    return [warning("quorum/unasked", name, meaning, "Name the operators' URLs with --operators.")];
  }
  const alive = new Set(
    operators.flatMap(({ address, problem }) => (problem === undefined ? [address.toLowerCase()] : [])),
  );
  const weights = table.operators.flatMap(({ key, weight }) => (alive.has(keyId(key).toLowerCase()) ? [weight] : []));
  const live = weights.reduce((sum, weight) => sum + weight, 0n);
  const heaviest = weights.reduce((most, weight) => (weight > most ? weight : most), 0n);
  const total = totalWeight(table);
  const highest = quorums.reduce((most, quorum) => (quorum > most ? quorum : most), 0n);
  const share = `Operators with ${percent(live, total)} % of the weight answer (${weights.length} of ${table.operators.length})`;
  const remedy = "Bring the others back; messages can go through L1 with `npx hardhat message:settle`.";
  if (!isQuorum(live, total, highest)) {
    return [danger("quorum/not-reached", name, `${share}, and ${Number(highest) / 100} % are demanded.`, remedy)];
  }
  if (isQuorum(live - heaviest, total, highest)) return [];
  return [warning("quorum/thin", name, `${share}: without the heaviest of them there is no quorum.`, remedy)];
}

const percent = (part: bigint, whole: bigint): number => Number((part * 10_000n) / whole) / 100;
