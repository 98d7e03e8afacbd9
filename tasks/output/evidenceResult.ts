/** What evidence is good for, as data and as text. */
import type { EvidenceReview, Submission, Submitted } from "../../src/evidence/index.ts";
import { voicesOf } from "../../src/agents/watching/signedStatement.ts";
import { countOf, Degree, levelName, type OffenceName } from "../../src/wire/index.ts";
import { ExitCode } from "../exitCodes.ts";
import { layTable } from "./columns.ts";
import type { Paint } from "./paint.ts";

/** `open`: can be done now; `done`: was done by this command; `before`: was done already; `refused`: see `reason`. */
export type CaseStatus = "open" | "done" | "before" | "refused";

/** What `evidence:check` and `evidence:submit` print with `--json`. */
export interface EvidenceResult {
  readonly offence: OffenceName;
  /** The lane, by its members' names or ids. */
  readonly source: string;
  readonly destination: string;
  readonly level: string;
  /** The words that contradict each other, and their counts; a settled one needs no signers. */
  readonly words: readonly { readonly word: string; readonly count: bigint; readonly signers: readonly string[] }[];
  readonly convictions: readonly {
    readonly operator: string;
    readonly degree: "lone" | "quorum";
    /** Part of its slashable stake, of 1e18. */
    readonly wad: bigint;
    readonly status: CaseStatus;
    readonly reason: string | null;
    readonly txHash: string | null;
  }[];
  readonly revocations: readonly {
    readonly at: string;
    readonly tableId: string;
    readonly status: CaseStatus;
    readonly reason: string | null;
    readonly txHash: string | null;
  }[];
}

export function reviewResult(
  { offence, statements, settled, cases, revocations }: EvidenceReview,
  members: readonly { readonly id: string; readonly name: string }[],
): EvidenceResult {
  const nameOf = (id: string): string => members.find((member) => member.id === id)?.name ?? id;
  const [first] = statements;
  if (first === undefined) throw new Error("evidence has a statement");
  const { source, destination, level } = first.checkpoint;
  const said = statements.map((statement) => ({
    word: statement.checkpoint.laneWord,
    count: countOf(statement.checkpoint.laneWord),
    signers: [...voicesOf(statement)],
  }));
  return {
    offence,
    source: nameOf(source),
    destination: nameOf(destination),
    level: levelName(level),
    words: settled === undefined ? said : [...said, { word: settled, count: countOf(settled), signers: [] }],
    convictions: cases.map(({ operator, degree, wad, isOpen, refusal }) => ({
      operator,
      degree: degree === Degree.quorum ? "quorum" : "lone",
      wad,
      status: !isOpen ? "before" : refusal === undefined ? "open" : "refused",
      reason: refusal?.message ?? null,
      txHash: null,
    })),
    revocations: revocations.map(({ at, tableId, refusal }) => ({
      at,
      tableId,
      status: refusal === undefined ? "open" : "refused",
      reason: refusal?.message ?? null,
      txHash: null,
    })),
  };
}

/** The same, after it was submitted. */
export function submissionResult(result: EvidenceResult, { revoked, convicted }: Submission): EvidenceResult {
  return {
    ...result,
    convictions: result.convictions.map((one) => ({ ...one, ...fateOf(convicted, one.operator) })),
    revocations: result.revocations.map((one) => ({ ...one, ...fateOf(revoked, one.at) })),
  };
}

function fateOf(
  submitted: readonly Submitted[],
  subject: string,
): { status: CaseStatus; reason: string | null; txHash: string | null } | undefined {
  const found = submitted.find((one) => one.subject === subject);
  if (found === undefined) return undefined;
  const { problem, txHash } = found;
  return problem === undefined
    ? { status: "done", reason: null, txHash: txHash ?? null }
    : { status: "refused", reason: problem.message, txHash: null };
}

/** 0: there is something to do, or all was done; 3: the contracts refuse something. */
export const exitCodeOfReview = ({ convictions, revocations }: EvidenceResult): ExitCode =>
  [...convictions, ...revocations].some(({ status }) => status === "refused") ? ExitCode.failed : ExitCode.done;

const TEXTS = { open: "to be convicted", done: "convicted", before: "convicted before", refused: "refused" } as const;
const REVOKED = { open: "to be revoked", done: "revoked", before: "revoked before", refused: "refused" } as const;
const COLOURS = { open: "yellow", done: "green", before: "dim", refused: "red" } as const;

const WHAT = { falsehood: "falsehood", unsettled: "unsettled fast word" } as const;
const SHOWS = {
  equivocation: "two words",
  falsehood: "a word, and what is settled",
  unsettled: "a word, and what is settled",
} as const;

export function describeReview(result: EvidenceResult, paint: Paint): string {
  const { offence, source, destination, level, words, convictions, revocations } = result;
  const said = words.map(
    ({ word, count, signers }) =>
      `  ${word}  (count ${count}, ${signers.length === 0 ? "settled" : `${signers.length} signatures`})`,
  );
  const rows = [
    ...convictions.map(({ operator, degree, wad, status, reason, txHash }) => [
      operator,
      TEXTS[status],
      `${offence === "equivocation" ? `${degree} equivocation` : WHAT[offence]}, loses ${Number(wad) / 1e16} % of its stake`,
      txHash ?? reason ?? "",
    ]),
    ...revocations.map(({ at, status, reason, txHash, tableId }) => [
      at,
      REVOKED[status],
      `table ${tableId.slice(0, 12)}…`,
      txHash ?? reason ?? "",
    ]),
  ];
  const statuses = [...convictions, ...revocations].map(({ status }) => status);
  const [titles, ...lines] = layTable(
    [{ title: "whom, or where" }, { title: "status" }, { title: "for" }, { title: "" }],
    rows,
  );
  return [
    paint("bold", `The evidence holds: ${SHOWS[offence]} of the lane ${source} → ${destination}, ${level}`),
    ...said,
    "",
    paint("dim", titles ?? ""),
    ...lines.map((line, place) => paintStatus(line, statuses[place] ?? "refused", paint)),
  ].join("\n");
}

function paintStatus(line: string, status: CaseStatus, paint: Paint): string {
  const texts = [TEXTS[status], REVOKED[status]];
  const found = texts.find((text) => line.includes(`  ${text}`));
  return found === undefined ? line : line.replace(`  ${found}`, `  ${paint(COLOURS[status], found)}`);
}
