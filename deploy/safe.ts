/** What is left of a plan, as batches that Safe's Transaction Builder imports (its file format 1.0). */
import { id } from "ethers";

import type { ReviewedStep } from "./review.ts";
import type { Call } from "./step.ts";

export interface SafeTransaction {
  readonly to: string;
  /** Wei, as decimal digits. */
  readonly value: string;
  readonly data: string;
  readonly contractMethod: null;
  readonly contractInputsValues: null;
}

export interface SafeBatch {
  readonly version: "1.0";
  readonly chainId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  readonly meta: {
    readonly name: string;
    readonly description: string;
    readonly createdFromSafeAddress: string;
    readonly createdFromOwnerAddress: string;
    readonly checksum: string;
  };
  readonly transactions: readonly SafeTransaction[];
}

/**
 * Steps that a Safe can do: transactions known now, by anyone or by the owner. What waits for more than the steps before it would
 * revert, and a batch reverts whole.
 */
export const isForSafe = ({ step, state }: ReviewedStep): boolean =>
  step.action.kind === "call" && (state === "due" || (state !== "done" && step.isLater !== true));

/** Whom a batch is for. */
export interface BatchPlace {
  readonly chainId: bigint;
  /** Of the chain. */
  readonly name: string;
  readonly safe: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** A batch of steps of one chain. */
export function safeBatch(steps: readonly ReviewedStep[], place: BatchPlace): SafeBatch {
  const calls = steps
    .filter(isForSafe)
    .flatMap(({ step: { action } }) => (action.kind === "call" ? [action.call] : []));
  return batchOfCalls(calls, `What is left to deploy on ${place.name}, in order.`, place);
}

/** A batch of calls on one chain. */
export function batchOfCalls(
  calls: readonly Call[],
  description: string,
  { chainId, name, safe, createdAt }: BatchPlace,
): SafeBatch {
  const batch = {
    version: "1.0",
    chainId: String(chainId),
    createdAt,
    meta: {
      name: `Parley on ${name}`,
      description,
      createdFromSafeAddress: safe,
      createdFromOwnerAddress: "",
    },
    transactions: calls.map(({ to, value, data }) => ({
      to,
      value: String(value),
      data,
      contractMethod: null,
      contractInputsValues: null,
    })),
  } as const;
  return { ...batch, meta: { ...batch.meta, checksum: checksumOf(batch) } };
}

/** By it the app tells whether a file was changed: the hash of everything but the name and the checksum itself. */
function checksumOf(batch: { readonly meta: object }): string {
  return id(ordered({ ...batch, meta: { ...batch.meta, name: null } }));
}

/** JSON in which an object is the list of its keys, sorted, and then its values. */
function ordered(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(ordered).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const keys = JSON.stringify(entries.map(([key]) => key));
  return `{${keys}${entries.map(([, inner]) => `${ordered(inner)},`).join("")}}`;
}
