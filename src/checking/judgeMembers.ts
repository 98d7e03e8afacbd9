/** Judges members against L1's registry, and each as the others listen to it. */
import type { ReadMemberStatus } from "../messages/fabricStatus.ts";
import type { Journey } from "../stacks/index.ts";
import { isFaulted, Level, memberId, type SettlementRef } from "../wire/index.ts";
import { danger, warning, type Finding } from "./finding.ts";
import type { RegisteredMember, Registry } from "./readFabricHealth.ts";
import { timeBudget } from "./timeBudget.ts";

const DAY = 86_400n;

/** What is wrong with a member as L1 has it. */
export function judgeRegistration(member: RegisteredMember, { now, tableAge, deallocationDelay }: Registry): Finding[] {
  const { name, liveFrom, retiredFrom, isFaulted: faulted, falsehoodWad, times } = member;
  if (liveFrom === 0n) {
    const meaning = "It is not registered on L1: no table will name it.";
    return [danger("member/unregistered", name, meaning, "Go on with `npx hardhat rollup:deploy` or `rollup:add`.")];
  }
  const findings: Finding[] = [];
  if (liveFrom > now) {
    const meaning = `Its notice is not over: it becomes a member in ${liveFrom - now} s.`;
    findings.push(warning("member/notice", name, meaning, "Wait; the next table after that names it."));
  }
  if (retiredFrom !== 0n) {
    const meaning = `Another member takes its place on its chain${retiredFrom > now ? ` in ${retiredFrom - now} s` : ""}.`;
    findings.push(
      warning("member/retired", name, meaning, "Use the other one's addresses; what this one sent stays deliverable."),
    );
  }
  if (faulted) {
    const meaning = "It settled words that contradict each other: nothing about it is certified any more.";
    const remedy =
      "Find out what its chain and bridge did; its messages go through L1 with `npx hardhat message:settle`.";
    findings.push(danger("member/faulted", name, meaning, remedy));
  }
  const { isMet, needed, available } = timeBudget(tableAge, times, deallocationDelay);
  if (!isMet && falsehoodWad !== 0n) {
    const meaning = `Convicting of a falsehood about it may take ${needed} s, and stake may be gone after ${available}: its falsehoodWad promises what does not hold (R33).`;
    findings.push(
      danger("budget/exceeded", name, meaning, "Have Settlement's owner announce a falsehoodWad of 0 for it."),
    );
  }
  return findings;
}

/** What is wrong with how a member listens to the others. */
export function judgeListening(
  { member: { name }, time, table, sources }: ReadMemberStatus,
  { now, members }: Registry,
  at: SettlementRef,
): Finding[] {
  return sources.flatMap((source): Finding[] => {
    const registered = members.find((member) => member.name === source.name);
    if (registered === undefined || registered.liveFrom === 0n || registered.liveFrom > now) return []; // told already
    const subject = `${source.name} → ${name}`;
    const listed = table?.content?.members.find((member) => memberId(at, member) === registered.id);
    const findings: Finding[] = [];
    if (table?.content !== undefined && listed === undefined) {
      const meaning = `The table in force at ${name} does not name ${source.name}.`;
      findings.push(warning("source/unlisted", subject, meaning, "Publish a table with `npx hardhat table:publish`."));
    }
    if (!source.accepted) {
      const meaning = `${name} has not accepted ${source.name}: it takes none of its messages.`;
      const remedy = `Have the owner of ${name}'s Gateway call acceptMember, if it does not accept all by itself.`;
      findings.push(danger("source/not-accepted", subject, meaning, remedy));
    }
    if (source.paused) {
      const meaning = `${name}'s owner pauses certificates about ${source.name}: messages arrive through L1 alone.`;
      findings.push(warning("source/paused", subject, meaning, "See `npx hardhat rollup:unpause`."));
    }
    if (source.minLevel === Level.settled) {
      const meaning = `${name} takes no certificate about ${source.name}: messages arrive through L1 alone.`;
      findings.push(warning("source/settled-only", subject, meaning, "It is what the Gateway's owner set."));
    }
    if (listed === undefined) return findings;
    // A fault that the registry has is told there; here, that this table says so.
    if (isFaulted(listed) && !registered.isFaulted) {
      const meaning = `The table in force at ${name} calls ${source.name} faulted, and L1 does not.`;
      findings.push(danger("source/disputed", subject, meaning, "Compare with `npx hardhat table:show`."));
    }
    if (!isFaulted(listed) && registered.isFaulted) {
      const meaning = `L1 found ${source.name} faulted, and the table in force at ${name} does not say so yet.`;
      findings.push(
        danger("source/fault-untold", subject, meaning, "Publish a table with `npx hardhat table:publish`."),
      );
    }
    return [...findings, ...judgeCertifiable(subject, time, listed.certifiableUntil)];
  });
}

const SETTLE =
  "Settle its lanes (`settleCurrent` of its bridge, or `npx hardhat message:settle` of a message), then publish a table.";

function judgeCertifiable(subject: string, time: bigint, until: bigint): Finding[] {
  if (time >= until) {
    const meaning = `Certificates have not counted for ${time - until} s: what the source settled last is too old (R20).`;
    return [danger("source/not-certifiable", subject, meaning, SETTLE)];
  }
  if (until - time > DAY) return [];
  const meaning = `Certificates count for ${until - time} s more, unless the source settles something (R20).`;
  return [warning("source/silent", subject, meaning, SETTLE)];
}

/** What L1 sent to a member and waits for somebody to carry it on. */
export function judgeBridge(name: string, descending: readonly Journey[], unread: string | undefined): Finding[] {
  if (unread !== undefined) {
    const meaning = `What L1 sent over its bridge could not be looked after: ${unread}`;
    return [warning("bridge/unread", name, meaning, "Use nodes that answer what its stack's nodes answer.")];
  }
  return descending.flatMap(({ txHash, next }): Finding[] => {
    if (next.kind === "waits") return [];
    const { title, by, at } = next.call;
    const meaning = `What L1 sent in ${txHash} is not there, and does not go on by itself.`;
    return [danger("bridge/stuck", name, meaning, `On ${at.name}, by ${by}: ${title}.`)];
  });
}
