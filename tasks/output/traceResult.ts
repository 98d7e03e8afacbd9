/** A message's way, as data and as text. */
import type { MessageTrace, OperatorVoice } from "../../src/messages/index.ts";
import { levelName, totalWeight, type LevelName } from "../../src/wire/index.ts";
import { messageResult, paintStatus, plural, timeText, type MessageResult } from "./messages.ts";
import type { Paint } from "./paint.ts";

/** What `--json` prints. Times in seconds since 1970, weights in wei of stake. */
export interface TraceResult extends MessageResult {
  readonly sentAt: bigint;
  readonly confirmations: { readonly have: number; readonly needed: number | "finalized" };
  /** What the sender asked for. */
  readonly options: { readonly gasLimit: bigint | null; readonly minFinality: LevelName | null };
  readonly payload: string;
  /** The payload, if it is printable. */
  readonly text: string | null;
  readonly waitsFor: string | null;
  /** The operator table in force at the destination now. */
  readonly table: {
    readonly id: string;
    readonly snapshot: bigint;
    readonly expiry: bigint;
    readonly operators: number | null;
    readonly totalWeight: bigint | null;
    /** What it takes more than; null if no certificate about the source counts there now. */
    readonly quorumBps: bigint | null;
  } | null;
  /** `taken`: the certificate by which it was delivered; `asked`: what operators answer now. */
  readonly signatures: {
    readonly how: "taken" | "asked";
    readonly level: LevelName;
    readonly signedWeight: bigint;
    readonly totalWeight: bigint;
    readonly operators: readonly OperatorVoice[];
  } | null;
  readonly delivery: {
    readonly txHash: string;
    readonly blockNumber: number;
    readonly relayer: string;
    readonly gasUsed: bigint;
    readonly batchSize: number;
    readonly level: LevelName | null;
    readonly proof: "certificate" | "held" | null;
    /** The transaction that brought the held word. */
    readonly heldBy: string | null;
  } | null;
  readonly attempts: readonly {
    readonly txHash: string;
    readonly blockNumber: number;
    readonly relayer: string | null;
    readonly error: string | null;
    readonly args: Readonly<Record<string, string>>;
    readonly reason: string;
    readonly data: string;
  }[];
}

export function traceResult(trace: MessageTrace): TraceResult {
  const { tracked, sentAt, confirmations, options, text, judgement, delivery, attempts } = trace;
  const { inForce, table, demands } = judgement ?? {};
  return {
    ...messageResult(tracked),
    sentAt,
    confirmations: { have: confirmations, needed: tracked.source.member.confirmations },
    options: {
      gasLimit: options.gasLimit ?? null,
      minFinality: options.minFinality === undefined ? null : levelName(options.minFinality),
    },
    payload: tracked.message.payload,
    text: text ?? null,
    waitsFor: trace.waitsFor ?? null,
    table:
      inForce?.id === undefined
        ? null
        : {
            id: inForce.id,
            snapshot: inForce.snapshot,
            expiry: inForce.expiry,
            operators: table?.operators.length ?? null,
            totalWeight: table === undefined ? null : totalWeight(table),
            quorumBps: demands !== undefined && "judges" in demands ? demands.judges.quorumBps : null,
          },
    signatures: signaturesOf(trace),
    delivery:
      delivery === undefined
        ? null
        : {
            txHash: delivery.txHash,
            blockNumber: delivery.blockNumber,
            relayer: delivery.relayer,
            gasUsed: delivery.gasUsed,
            batchSize: delivery.batchSize,
            level: delivery.proof === undefined ? null : levelName(delivery.proof.level),
            proof: delivery.proof?.kind ?? null,
            heldBy: delivery.proof?.heldBy ?? null,
          },
    attempts: attempts.map(({ txHash, blockNumber, relayer, data, failure }) => ({
      txHash,
      blockNumber,
      relayer: relayer ?? null,
      error: failure.name ?? null,
      args: failure.args,
      reason: failure.text,
      data,
    })),
  };
}

function signaturesOf({ voices }: MessageTrace): TraceResult["signatures"] {
  if (voices === undefined) return null;
  const { how, level, table, operators } = voices;
  const signedWeight = operators.reduce((sum, { answer, weight }) => sum + (answer === "signed" ? weight : 0n), 0n);
  return { how, level: levelName(level), signedWeight, totalWeight: totalWeight(table), operators };
}

export function describeTrace(trace: TraceResult, paint: Paint): string {
  const { id, from, to, nonce, status, waitsFor, attempts } = trace;
  const lines: [string, ...string[]][] = [
    ["sent", ...sendingLines(trace)],
    ["payload", payloadLine(trace)],
    ["options", optionsLine(trace)],
    ["table", tableLine(trace)],
    ["signatures", ...signatureLines(trace)],
    ...attempts.map(({ blockNumber, txHash, reason }, place): [string, ...string[]] => [
      `attempt ${place + 1}`,
      `${to} block ${blockNumber}, tx ${txHash}`,
      reason,
    ]),
    ...(trace.delivery === null
      ? []
      : [["delivered", ...deliveryLines(trace, trace.delivery)] as [string, ...string[]]]),
    ...(waitsFor === null ? [] : [["waits for", waitsFor] as [string, string]]),
  ];
  const width = Math.max(...lines.map(([title]) => title.length));
  return [
    `${from} → ${to}, nonce ${nonce}: ${paintStatus(status, paint)}`,
    paint("dim", id),
    ...lines.flatMap(([title, ...texts]) =>
      texts.map((text, place) => `${paint("bold", (place === 0 ? title : "").padEnd(width))}  ${text}`),
    ),
  ].join("\n");
}

function sendingLines({ from, blockNumber, txHash, sentAt, confirmations, sender, recipient }: TraceResult): string[] {
  const { have, needed } = confirmations;
  const final = needed === "finalized" ? "final once its node says so" : `${needed} needed to be final`;
  return [
    `${timeText(sentAt)}, ${from} block ${blockNumber}, tx ${txHash}`,
    `${plural(have, "confirmation")}, ${final}`,
    `by ${sender} to ${recipient}`,
  ];
}

function payloadLine({ payload, text }: TraceResult): string {
  const size = plural((payload.length - 2) / 2, "byte");
  const shown = text === null ? payload : JSON.stringify(text);
  return `${shown.length > 160 ? `${shown.slice(0, 160)}…` : shown} (${size})`;
}

function optionsLine({ options: { gasLimit, minFinality } }: TraceResult): string {
  const gas = gasLimit === null ? "gas limit left to the destination (200,000)" : `gas limit ${count(gasLimit)}`;
  return `${gas}, ${minFinality === null ? "at any level" : `at level ${minFinality} or higher`}`;
}

function tableLine({ table, to }: TraceResult): string {
  if (table === null) return `${to} has no operator table in force`;
  const operators = table.operators === null ? "" : `${plural(table.operators, "operator")}, `;
  const quorum = table.quorumBps === null ? "" : `, a quorum is more than ${Number(table.quorumBps) / 100} %`;
  return `${short(table.id)} in force at ${to} now: ${operators}expires ${timeText(table.expiry)}${quorum}`;
}

const ANSWERS = {
  signed: "signed",
  absent: "not in the certificate",
  refused: "refused",
  silent: "silent",
  unreached: "not asked: its URL is unknown",
} as const;

function signatureLines({ signatures, delivery }: TraceResult): string[] {
  if (signatures === null) {
    if (delivery?.level === "settled") return ["none needed: proven through L1"];
    return [delivery === null ? "none would count now" : "not to be read from the delivering transaction"];
  }
  const { how, level, signedWeight, totalWeight: total, operators } = signatures;
  const share = Number((signedWeight * 10_000n) / total) / 100;
  const signed = operators.filter(({ answer }) => answer === "signed").length;
  const what = how === "taken" ? "in the certificate" : "would sign it now";
  return [
    `${signed} of ${plural(operators.length, "operator")} ${what}, ${share} % of the weight, level ${level}`,
    ...operators.map(
      ({ operator, answer, reason }) => `${operator}  ${ANSWERS[answer]}${reason === undefined ? "" : `: ${reason}`}`,
    ),
  ];
}

function deliveryLines({ to }: TraceResult, delivery: NonNullable<TraceResult["delivery"]>): string[] {
  const { txHash, blockNumber, relayer, gasUsed, batchSize, heldBy } = delivery;
  const batch = batchSize === 1 ? "" : ` for ${plural(batchSize, "message")}`;
  return [
    `${to} block ${blockNumber}, tx ${txHash}`,
    `by relayer ${relayer}, gas ${count(gasUsed)}${batch}`,
    ...(heldBy === null ? [] : [`on the word that tx ${heldBy} brought`]),
  ];
}

const count = (value: bigint): string => value.toLocaleString("en-US");
const short = (id: string): string => `${id.slice(0, 10)}…`;
