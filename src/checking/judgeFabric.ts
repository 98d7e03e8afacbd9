import type { SettlementRef } from "../wire/index.ts";
import { danger, warning, type Finding } from "./finding.ts";
import { judgeBridge, judgeListening, judgeRegistration } from "./judgeMembers.ts";
import { judgeFunding } from "./judgeFunding.ts";
import { judgeTable } from "./judgeTables.ts";
import type { FabricHealth } from "./readFabricHealth.ts";

/** What is wrong with a fabric; dangers first. Pure. */
export function judgeFabric(
  { status, registry, descending, bridgesUnread, purse }: FabricHealth,
  at: SettlementRef,
): Finding[] {
  const findings = status.members.flatMap((member): Finding[] => {
    const { name } = member.member;
    if (member.problem !== undefined) {
      const { code, message, hint } = member.problem;
      return [danger(code, name, message, hint)];
    }
    if (registry === undefined) return [];
    return [
      ...judgeTable(member, registry, status.operators),
      ...judgeListening(member, registry, at),
      ...judgeBridge(name, descending.get(name) ?? [], bridgesUnread.get(name)),
    ];
  });
  const registered = registry?.members.flatMap((member) => judgeRegistration(member, registry)) ?? [];
  const strangers = (registry?.others ?? []).map((id) =>
    warning(
      "member/unnamed",
      id,
      "It is a live member, and the addresses file does not name it: nothing here looks at it.",
      "Use an addresses file that names it; `npx hardhat rollup:add` adds one of the config.",
    ),
  );
  return [...findings, ...registered, ...strangers, ...judgeFunding(purse)].sort((a, b) => rank(a) - rank(b));
}

const rank = ({ severity }: Finding): number => (severity === "danger" ? 0 : 1);
