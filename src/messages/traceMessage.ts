/** Everything that the chains and the operators say of one message. */
import { toUtf8String, type InterfaceAbi } from "ethers";

import type { OperatorClient } from "../agents/operatorClient.ts";
import { readBlock } from "../chain/blocks.ts";
import type { ConnectedFabric } from "../deployments/connect.ts";
import { totalWeight, unpackOptions, type Hex, type Options } from "../wire/index.ts";
import { readJudgement, waitsFor, type Judgement } from "./judgement.ts";
import type { TrackedMessage } from "./messageStatus.ts";
import { readAttempts, type FailedAttempt } from "./tracing/readAttempts.ts";
import { readDelivery, type Delivery } from "./tracing/readDelivery.ts";
import { askForVoices, readSigners, type Voices } from "./tracing/readVoices.ts";

/** A message's way. */
export interface MessageTrace {
  readonly tracked: TrackedMessage;
  /** Time of the block that has it, seconds since 1970. */
  readonly sentAt: bigint;
  /** Blocks on top of that one. */
  readonly confirmations: number;
  readonly options: Options;
  /** The payload, if it is printable text. */
  readonly text: string | undefined;
  /** Undefined if the destination's chain could not be read. */
  readonly judgement: Judgement | undefined;
  readonly waitsFor: string | undefined;
  readonly delivery: Delivery | undefined;
  /** Undefined if no operator had or has a say in it, or it cannot be read. */
  readonly voices: Voices | undefined;
  readonly attempts: readonly FailedAttempt[];
}

/**
 * Traces a message. Operators are asked about one that is not delivered.
 * @param abis Of recipients, to decode what they refuse with.
 */
export async function traceMessage(
  fabric: ConnectedFabric,
  tracked: TrackedMessage,
  operators: readonly OperatorClient[],
  abis: readonly InterfaceAbi[],
): Promise<MessageTrace> {
  const { message, source, arrival } = tracked;
  const sentIn = await readBlock(source.member.provider, message.blockNumber);
  const trace = {
    tracked,
    sentAt: sentIn.timestamp,
    confirmations: source.latest.number - message.blockNumber,
    options: unpackOptions(message.options),
    text: textOf(message.payload),
    judgement: undefined,
    waitsFor: undefined,
    delivery: undefined,
    voices: undefined,
    attempts: [],
  };
  if (arrival === undefined) return trace;
  const [judgement, delivery, attempts] = await Promise.all([
    readJudgement(fabric, arrival, source.member.id),
    tracked.status === "delivered" ? readDelivery(tracked, arrival) : undefined,
    readAttempts(arrival, message.id, abis),
  ]);
  const voices =
    delivery === undefined
      ? await askForVoices(fabric, operators, tracked, judgement)
      : await readSigners(fabric, delivery);
  return { ...trace, judgement, waitsFor: waitsFor(tracked, judgement), delivery, voices, attempts };
}

/** The weight that signed, and that of the whole table. */
export function weightsOf({ operators, table }: Voices): { signed: bigint; total: bigint } {
  const signed = operators.reduce((sum, { answer, weight }) => sum + (answer === "signed" ? weight : 0n), 0n);
  return { signed, total: totalWeight(table) };
}

/** Bytes as text if they are UTF-8 without control characters but line ends and tabs. */
export function textOf(payload: Hex): string | undefined {
  if (payload === "0x") return undefined;
  try {
    const text = toUtf8String(payload);
    return /^(?:[\n\r\t]|\P{Cc})*$/u.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
