/** Where the chains differ from the plan although its steps are done: what somebody else did. It is reported, never corrected. */
import { TypedDataEncoder, ZeroAddress } from "ethers";

import { contractAt } from "../src/chain/contractAt.ts";
import type { Deployment } from "../src/deployments/deployment.ts";
import { Gateway__factory } from "../types/ethers-contracts/factories/Gateway__factory.ts";
import { Settlement__factory } from "../types/ethers-contracts/factories/settlement/Settlement__factory.ts";
import { certificateDomain } from "../src/wire/index.ts";
import type { PlannedMember } from "./addresses.ts";
import { hasCode } from "./chain.ts";
import type { DeploymentPlan } from "./plan.ts";
import { DEFAULT_QUORUM_BPS } from "./settings.ts";
import { DEFAULT_LEVEL } from "./steps/quorum.ts";

export interface Drift {
  /** Name of the chain; `file` for the addresses file. */
  readonly chain: string;
  readonly what: string;
  readonly planned: string;
  readonly found: string;
}

/** Compares what can change, or could have been wired otherwise, with the plan. */
export async function findDrift(plan: DeploymentPlan): Promise<Drift[]> {
  const drift = await settlementDrift(plan);
  for (const member of plan.contracts.members) {
    drift.push(...(await registrationDrift(plan, member)), ...(await gatewayDrift(plan, member)));
  }
  return drift;
}

/** Compares what an addresses file names with what the plan is about. */
export function findFileDrift(planned: Deployment, file: Deployment): Drift[] {
  const [ours, theirs] = [flatten(planned), flatten(file)];
  return [...ours].flatMap(([what, address]) => {
    const found = theirs.get(what);
    return found === undefined || found === address ? [] : [{ chain: "file", what, planned: address, found }];
  });
}

function flatten({ settlement, rollups }: Deployment): Map<string, string> {
  const { chainId, contracts, keyType = "ecdsa" } = settlement;
  const chains = [{ name: "l1", ...contracts, chainId, keyType }, ...rollups];
  return new Map(
    chains.flatMap((chain) =>
      Object.entries(chain)
        .filter(
          ([key, value]) =>
            ["chainId", "keyType"].includes(key) || (typeof value === "string" && value.startsWith("0x")),
        )
        .map(([key, value]) => [`${chain.name}: ${key}`, String(value)] as const),
    ),
  );
}

/** Names what differs. */
function compare(
  chain: string,
  entries: readonly (readonly [what: string, planned: unknown, found: unknown])[],
): Drift[] {
  return entries
    .map(([what, planned, found]) => ({ chain, what, planned: String(planned), found: String(found) }))
    .filter(({ planned, found }) => planned !== found);
}

async function settlementDrift({ chains: [l1], contracts, settings }: DeploymentPlan): Promise<Drift[]> {
  const { address } = contracts.settlement;
  if (!(await hasCode(l1, address))) return [];
  const settlement = contractAt(Settlement__factory, address, l1.reader);
  return compare(l1.name, [["owner of Settlement", settings.owner, await settlement.owner()]]);
}

async function registrationDrift({ chains: [l1], contracts }: DeploymentPlan, member: PlannedMember): Promise<Drift[]> {
  const { address } = contracts.settlement;
  if (!(await hasCode(l1, address))) return [];
  const { name, maxSettleAge } = member.chain;
  const found = await contractAt(Settlement__factory, address, l1.reader).member(member.id);
  if (found.bridge === ZeroAddress) return [];
  return compare(l1.name, [
    [`bridge of ${name}`, member.bridge.l1End.address, found.bridge],
    [`maxSettleAge of ${name}`, maxSettleAge, found.maxSettleAge],
    [`time from which ${name} is retired`, 0n, found.retiredFrom],
    [`whether ${name} is faulted`, false, found.isFaulted],
  ]);
}

async function gatewayDrift(plan: DeploymentPlan, { chain, id, bridge }: PlannedMember): Promise<Drift[]> {
  const { contracts, settings } = plan;
  const { everywhere, members } = contracts;
  const drift: Drift[] = [];
  if (await hasCode(chain, everywhere.bridge)) {
    // What a constructor returns is the code that stands there then.
    const planned = await chain.reader.call({ data: bridge.initCode });
    const found = await chain.reader.getCode(everywhere.bridge);
    if (planned !== found)
      drift.push({ chain: chain.name, what: "code of the bridge", planned: "the plan's", found: "other" });
  }
  if (!(await hasCode(chain, everywhere.gateway))) return drift;
  const gateway = contractAt(Gateway__factory, everywhere.gateway, chain.reader);
  const domain = TypedDataEncoder.hashDomain(
    certificateDomain({
      settlementChainId: plan.chains[0].chainId,
      serviceManager: contracts.serviceManager.address,
    }),
  );
  drift.push(
    ...compare(chain.name, [
      ["owner of the Gateway", settings.owner, await gateway.owner()],
      ["bridge of the Gateway", everywhere.bridge, await gateway.BRIDGE()],
      ["table factory of the Gateway", everywhere.tableFactory.address, await gateway.TABLE_FACTORY()],
      ["certificate domain of the Gateway", domain, await gateway.CERTIFICATE_DOMAIN()],
      ["whether new members are accepted", true, await gateway.acceptAll()],
    ]),
  );
  for (const source of members) {
    if (source.id === id) continue;
    const known = await gateway.member(source.id);
    if (known.chainId === 0n) continue;
    // The quorum that nobody set yet is a step of the plan.
    const quorums = [BigInt(settings.quorumBps), BigInt(DEFAULT_QUORUM_BPS)];
    const { name } = source.chain;
    drift.push(
      ...compare(chain.name, [
        [`whether ${name} is accepted`, true, known.accepted],
        [`quorum of ${name}`, quorums[0], quorums.includes(known.quorumBps) ? quorums[0] : known.quorumBps],
        [`least level of ${name}`, DEFAULT_LEVEL, known.minLevel],
        [`whether ${name} is paused`, false, known.paused],
      ]),
    );
  }
  return drift;
}
