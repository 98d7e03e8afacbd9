import { contractAt } from "../src/chain/contractAt.ts";
import { Settlement__factory } from "../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import type { DeploymentPlan } from "./plan.ts";
import type { Step } from "./step.ts";

/**
 * What of a plan concerns one rollup: its own chain, its hop if it is an L3, its registration, and the next table, by which all members learn of it (R3).
 * What else may be left of the fabric is left alone.
 */
export function onlyMember(plan: DeploymentPlan, name: string): DeploymentPlan {
  return { ...plan, steps: plan.steps.filter((step) => concerns(step, name)) };
}

function concerns({ id, chain }: Step, name: string): boolean {
  return (
    chain.name === name ||
    [`bridge-${name}`, `hop-${name}`, `member-${name}`, `quorum-${name}`].includes(id) ||
    id === "table" ||
    id === "bring-table" ||
    id.startsWith("publish-") ||
    id.startsWith("push-")
  );
}

/** When a rollup of the plan becomes a member, seconds since 1970 by L1's clock; zero if it is not registered. */
export async function liveFrom({ chains: [l1], contracts }: DeploymentPlan, name: string): Promise<bigint> {
  const member = contracts.members.find(({ chain }) => chain.name === name);
  if (member === undefined) return 0n;
  const { address } = contracts.settlement;
  if ((await l1.reader.getCode(address)) === "0x") return 0n;
  return (await contractAt(Settlement__factory, address, l1.reader).member(member.id)).liveFrom;
}
