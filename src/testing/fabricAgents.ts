/** Operators and a relayer for a fabric on simulated chains, in this process: the real ones, on the fabric's chains. */
import {
  MemorySigningStore,
  Operator,
  type OperatorClient,
  type RelayedMember,
  Relayer,
  type StepReport,
} from "../agents/index.ts";
import type { Fabric } from "./fabric.ts";
import { readerOf } from "../chain/readerOf.ts";

export interface FabricAgents {
  readonly operators: readonly OperatorClient[];
  readonly relayer: Relayer;
}

/** The members as agents know them. */
export const relayedMembers = ({ members }: Fabric): RelayedMember[] =>
  members.map(({ name, id, ref, signer, confirmations, startBlock }) => ({
    name,
    id,
    ...ref,
    provider: readerOf(signer),
    confirmations,
    startBlock,
    signer,
  }));

/** Agents for every operator of the fabric, or for those that are named. */
export function createAgents(fabric: Fabric, running = fabric.operators): FabricAgents {
  const [l1] = fabric.members;
  const members = relayedMembers(fabric);
  const { serviceManager, settlement } = fabric.contracts;
  const domain = { settlementChainId: l1.chainId, serviceManager };
  const operators = running.map(
    ({ key }) => new Operator({ nodes: members, domain, key, store: new MemorySigningStore() }),
  );
  const relayer = new Relayer({
    settlement: { chainId: l1.chainId, settlement, serviceManager, signer: l1.signer, startBlock: fabric.startBlock },
    members,
    operators,
  });
  return { operators, relayer };
}

const MAX_STEPS = 100;

/** Has the relayer work until a step changes nothing. Answers what each step did. */
export async function relayAll(fabric: Fabric, relayer: Pick<Relayer, "step">): Promise<StepReport[]> {
  const reports: StepReport[] = [];
  while (reports.length < MAX_STEPS) {
    await fabric.finalize();
    await fabric.derive();
    const report = await relayer.step();
    reports.push(report);
    if (report.delivered.length + report.published.length + report.revoked.length + report.pushed.length === 0) break;
  }
  return reports;
}
