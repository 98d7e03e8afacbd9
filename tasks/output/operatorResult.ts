/** What the commands about an operator say, as data and as text. Weights and wei as decimal strings in JSON. */
import { formatEther } from "ethers";

import type { Membership, StepStatus, StrategyAllocation } from "../../src/operators/index.ts";
import { ExitCode } from "../exitCodes.ts";
import { layTable } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** How an operator stands. */
export type MembershipResult = Omit<Membership, "key" | "seat" | "stakes"> & {
  readonly key: string | null;
  readonly seat: NonNullable<Membership["seat"]> | null;
};

export interface StepResult {
  readonly name: string;
  readonly status: StepStatus;
  readonly detail: string;
  /** Of the step `allocation`: each strategy that counts. */
  readonly strategies?: readonly StrategyAllocation[];
}

/** What `operator:register` and `operator:deregister` print with `--json`. */
export interface StepsResult extends MembershipResult {
  readonly dryRun: boolean;
  readonly steps: readonly StepResult[];
  /** Steps that were taken in this run. */
  readonly taken: readonly { readonly name: string; readonly transactions: readonly string[] }[];
}

/** What `operator:status` prints with `--json`. */
export interface StatusResult extends MembershipResult {
  readonly steps: readonly StepResult[];
}

export function membershipResult({ stakes: _, key, seat, ...membership }: Membership): MembershipResult {
  return { ...membership, key: key ?? null, seat: seat ?? null };
}

export const exitCodeOfSteps = (steps: readonly StepResult[]): ExitCode =>
  steps.every(({ status }) => status === "done") ? ExitCode.done : ExitCode.pending;

/** 0: in the latest table; 2: on its way there; 3: convicted; 4: EigenLayer knows no such operator. */
export function exitCodeOfStatus({ isTombstoned, isOperator, seat }: StatusResult): ExitCode {
  if (isTombstoned) return ExitCode.failed;
  if (!isOperator) return ExitCode.unknown;
  return seat === null ? ExitCode.pending : ExitCode.done;
}

export const stepLines = ({ steps }: Pick<StepsResult, "steps">): string[] =>
  layTable(
    [{ title: "step" }, { title: "status" }, { title: "" }],
    rowsOf(steps).map(({ name, status, detail }) => [name, status, detail]),
  );

/** The steps; below a step about strategies, a row for each of them. */
const rowsOf = (
  steps: readonly StepResult[],
): readonly (Pick<StepResult, "name" | "detail"> & Pick<StrategyAllocation, "status">)[] =>
  steps.flatMap((step) => [
    step,
    ...(step.strategies ?? []).map(({ strategy, status, detail }) => ({
      name: "  strategy",
      status,
      detail: `${strategy}: ${detail}`,
    })),
  ]);

export function describeSteps(result: StepsResult, paint: Paint): string {
  const { operator, dryRun, taken } = result;
  const transactions = taken.flatMap(({ name, transactions: hashes }) => hashes.map((hash) => `  ${name}  ${hash}`));
  return [
    paint("bold", `Operator ${operator}`),
    ...painted(stepLines(result), result.steps, paint),
    ...(transactions.length === 0 ? [] : ["", paint("dim", "Transactions"), ...transactions]),
    ...(dryRun ? ["", "Nothing was sent."] : []),
  ].join("\n");
}

export function describeStatus(result: StatusResult, paint: Paint): string {
  const { operator, isTombstoned, weight, bond, keyType, key, seat } = result;
  const share = seat === null ? "" : `, ${((Number(seat.weight) / Number(seat.totalWeight)) * 100).toFixed(2)} %`;
  return [
    paint("bold", `Operator ${operator}`),
    ...(isTombstoned ? [paint("red", "Convicted: in no table ever again.")] : []),
    `  signing key   ${key ?? "none"}  (${keyType})`,
    `  weight        ${formatEther(weight)} in a table taken now`,
    `  bond          ${formatEther(bond)} ETH`,
    `  latest table  ${seat === null ? "does not list it" : `lists it, with ${formatEther(seat.weight)}${share}`}`,
    "",
    ...painted(stepLines(result), result.steps, paint),
  ].join("\n");
}

const COLOURS = { done: "green", open: "yellow", waiting: "yellow", blocked: "red", none: "dim" } as const;

function painted([titles, ...lines]: readonly string[], steps: readonly StepResult[], paint: Paint): string[] {
  const rows = rowsOf(steps);
  return [
    paint("dim", titles ?? ""),
    ...lines.map((line, place) => {
      const status = rows[place]?.status ?? "blocked";
      return line.replace(` ${status}`, ` ${paint(COLOURS[status], status)}`);
    }),
  ];
}
