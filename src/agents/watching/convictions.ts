import { decodeCallError } from "../../chain/decodeFailure.ts";
import { ParleyError } from "../../errors.ts";
import {
  Degree,
  encodeEquivocationEvidence,
  encodeFalsehoodEvidence,
  OffenceKind,
  type Hex,
} from "../../wire/index.ts";
import type { Accountability } from "./accountability.ts";
import type { Untruth } from "./findFalsehoods.ts";
import { planFalsehoods } from "./planFalsehoods.ts";
import { planConvictions, type Contradiction, type PlannedConviction } from "./planConvictions.ts";
import { voicesOf } from "./signedStatement.ts";

/** What an operator can be convicted of, beside what it is convicted of already. */
export type ConvictionCase = {
  readonly operator: string;
  readonly kind: OffenceKind;
  readonly degree: Degree;
  /** Part of its slashable stake that it is to lose, of 1e18. */
  readonly wad: bigint;
  /** Of the Slasher's `convict`. */
  readonly evidence: Hex;
  /** How gravely it is convicted already. */
  readonly convictedOf: Degree;
};

/** What an equivocation costs, of 1e18, by its degree (R26). */
const WAD: Readonly<Record<Degree, bigint>> = {
  [Degree.none]: 0n,
  [Degree.lone]: 10n ** 16n,
  [Degree.quorum]: 10n ** 18n,
};

/** The gravest case against each operator, by these contradictions. */
export async function readCases(
  contradictions: readonly Contradiction[],
  l1: Accountability,
): Promise<readonly ConvictionCase[]> {
  const keys = contradictions.flatMap(({ a, b }) => [...a, ...b].flatMap((statement) => [...voicesOf(statement)]));
  if (keys.length === 0) return [];
  const [owners, view] = await Promise.all([l1.ownersOf(keys), l1.tables()]);
  const gravest = new Map<string, PlannedConviction>();
  for (const contradiction of contradictions) {
    for (const planned of planConvictions(contradiction, owners, view)) {
      const before = gravest.get(planned.operator);
      if (before === undefined || planned.degree > before.degree) gravest.set(planned.operator, planned);
    }
  }
  return await Promise.all(
    [...gravest.values()].map(async ({ operator, degree, evidence }) => ({
      operator,
      kind: OffenceKind.equivocation,
      degree,
      wad: WAD[degree],
      evidence: encodeEquivocationEvidence(evidence),
      convictedOf: await l1.degreeOf(operator),
    })),
  );
}

/** The dearest case against each operator about each source, by what is settled; none where nobody can be convicted. */
export async function readFalsehoodCases(
  untruths: readonly Untruth[],
  l1: Accountability,
): Promise<readonly ConvictionCase[]> {
  const keys = untruths.flatMap(({ statements }) => statements.flatMap((statement) => [...voicesOf(statement)]));
  if (keys.length === 0) return [];
  const [owners, { tables }] = await Promise.all([l1.ownersOf(keys), l1.tables()]);
  const dearest = new Map<string, ConvictionCase>();
  for (const untruth of untruths) {
    for (const { operator, kind, source, reachedBy, evidence } of planFalsehoods(untruth, owners, tables)) {
      const place = `${operator}:${kind}:${source}`;
      const wad = await l1.wadOf(kind, source, reachedBy);
      if (wad <= (dearest.get(place)?.wad ?? 0n)) continue;
      dearest.set(place, {
        ...{ operator, kind, degree: Degree.lone, wad },
        evidence: encodeFalsehoodEvidence(evidence),
        // A cheaper one before it, which the operator may have brought itself, is no shield.
        convictedOf: (await l1.chargedWad(operator, kind, source)) < wad ? Degree.none : Degree.lone,
      });
    }
  }
  return [...dearest.values()];
}

/** Whether a case says more than the operator is convicted of already. */
export const isOpen = ({ degree, convictedOf }: ConvictionCase): boolean => degree > convictedOf;

/** Throws `watcher/refused` unless the Slasher would convict now. */
export async function tryCase({ operator, kind, evidence }: ConvictionCase, l1: Accountability): Promise<void> {
  try {
    await (await l1.slasher()).convict.staticCall(operator, kind, evidence);
  } catch (error) {
    throw refused(`convict ${operator}`, error);
  }
}

/** Convicts; answers the transaction. Throws `watcher/refused`, and as the provider does. */
export async function convict(one: ConvictionCase, l1: Accountability): Promise<Hex> {
  await tryCase(one, l1);
  const slasher = await l1.slasher();
  const call = [one.operator, one.kind, one.evidence] as const;
  const gasLimit = withReserve(await slasher.convict.estimateGas(...call));
  return await confirmed(await slasher.convict(...call, { gasLimit }));
}

/** Has EigenLayer slash what it would not when the operator was convicted; undefined if nothing waits. Throws as {@link convict} does. */
export async function slashWaiting(
  operator: string,
  l1: Accountability,
): Promise<{ readonly wad: bigint; readonly txHash: Hex } | undefined> {
  const slasher = await l1.slasher();
  const wad = await slasher.waitingWad(operator);
  if (wad === 0n) return undefined;
  try {
    await slasher.slash.staticCall(operator);
  } catch (error) {
    throw refused(`slash ${operator}, which was convicted`, error);
  }
  const gasLimit = withReserve(await slasher.slash.estimateGas(operator));
  return { wad, txHash: await confirmed(await slasher.slash(operator, { gasLimit })) };
}

/** A fourth more than was estimated: the Slasher refuses where EigenLayer's part of the work runs out of gas. */
const withReserve = (gas: bigint): bigint => gas + gas / 4n;

/** A transaction that was sent and mined. Throws `watcher/no-receipt`, and as `wait` does. */
export async function confirmed(response: { wait(): Promise<{ hash: string } | null> }): Promise<Hex> {
  const receipt = await response.wait();
  if (receipt !== null) return receipt.hash;
  throw new ParleyError("watcher/no-receipt", "the node has no receipt of a transaction", "Look at the node.");
}

/** What a simulation was refused with. */
export const refused = (what: string, cause: unknown): ParleyError =>
  new ParleyError(
    "watcher/refused",
    `the contract refuses to ${what}: ${decodeCallError(cause).text}`,
    "Check the evidence again: what it rests on may have changed meanwhile.",
    { cause },
  );
