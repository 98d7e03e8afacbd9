import { contractAt } from "../../src/chain/contractAt.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import type { PlannedMember } from "../addresses.ts";
import { hasCode } from "../chain.ts";
import { DEFAULT_QUORUM_BPS } from "../settings.ts";
import type { Step } from "../step.ts";
import { dueForOwner, type MemberPlan } from "./member.ts";

/** The level that a Gateway demands of certificates unless its owner says otherwise: final. */
export const DEFAULT_LEVEL = 2n;

/** Has a Gateway demand the quorum of each other member, if it is not the one that it demands by itself. */
export function quorumSteps({ contracts, settings }: MemberPlan, { chain, id }: PlannedMember): Step[] {
  if (settings.quorumBps === DEFAULT_QUORUM_BPS) return [];
  const address = contracts.everywhere.gateway;
  const gateway = contractAt(Gateway__factory, address, chain.reader);
  const sources = contracts.members.filter((member) => member.id !== id);
  return sources.map((source): Step => ({
    id: `quorum-${source.chain.name}`,
    isLater: true,
    title: `demand the quorum of ${source.chain.name}`,
    chain,
    sender: "owner",
    gas: 150_000n,
    action: {
      kind: "call",
      call: {
        to: address,
        data: gateway.interface.encodeFunctionData("setSource", [source.id, 0, settings.quorumBps, false]),
        value: 0n,
      },
    },
    state: async () => {
      if (!(await hasCode(chain, address))) return { waitsFor: "its Gateway" };
      const known = await gateway.member(source.id);
      if (known.chainId === 0n) return { waitsFor: `a table that names ${source.chain.name}` };
      const isUntouched =
        known.quorumBps === BigInt(DEFAULT_QUORUM_BPS) && known.minLevel === DEFAULT_LEVEL && !known.paused;
      // What its owner set is the owner's: findDrift reports it.
      return isUntouched ? await dueForOwner(gateway, settings.owner) : "done";
    },
  }));
}
