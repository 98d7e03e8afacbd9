import { offenceName } from "../../wire/index.ts";
import type { RelayedMember } from "../relaying/types.ts";
import type { Accountability } from "./accountability.ts";
import { convict, isOpen, readCases, readFalsehoodCases, slashWaiting } from "./convictions.ts";
import type { Untruth } from "./findFalsehoods.ts";
import type { Contradiction } from "./planConvictions.ts";
import { revocationAt, revocationOnL1, SERVICE_MANAGER, type Revocation } from "./revocations.ts";
import type { Attempt } from "./statementChecks.ts";
import type { Convicted, Revoked, Slashed, WatchReport } from "./types.ts";

/** Revokes what can be revoked, first of all where it does harm; then convicts, one operator after the other. */
export async function prosecute(
  contradictions: readonly Contradiction[],
  untruths: readonly Untruth[],
  members: readonly RelayedMember[],
  l1: Accountability,
  attempt: Attempt,
): Promise<Pick<WatchReport, "convicted" | "slashed" | "revoked">> {
  if (contradictions.length === 0 && untruths.length === 0) return { convicted: [], slashed: [], revoked: [] };
  const revoked: Revoked[] = [];
  const revoke = async (at: string, find: () => Promise<Revocation | undefined>): Promise<void> => {
    await attempt(at, async () => {
      const found = await find();
      if (found === undefined) return;
      await found.simulate();
      revoked.push({ tableId: found.tableId, at, txHash: await found.revoke() });
    });
  };
  for (const member of members) await revoke(member.name, () => revocationAt(member, contradictions, l1));
  await revoke(SERVICE_MANAGER, () => revocationOnL1(contradictions, l1));

  const convicted: Convicted[] = [];
  const cases = [
    ...((await attempt("operators", () => readCases(contradictions, l1))) ?? []),
    ...((await attempt("operators", () => readFalsehoodCases(untruths, l1))) ?? []),
  ];
  for (const one of cases.filter(isOpen)) {
    const { operator, kind, degree, wad } = one;
    const txHash = await attempt(operator, () => convict(one, l1));
    if (txHash !== undefined) convicted.push({ operator, offence: offenceName(kind), degree, wad, txHash });
  }
  const slashed: Slashed[] = [];
  for (const operator of new Set(cases.map((one) => one.operator))) {
    const done = await attempt(operator, () => slashWaiting(operator, l1));
    if (done !== undefined) slashed.push({ operator, ...done });
  }
  return { convicted, slashed, revoked };
}
