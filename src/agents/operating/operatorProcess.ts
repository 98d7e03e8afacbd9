/** Puts an operator's process together from its settings. */
import type { Signer } from "ethers";

import { ParleyError } from "../../errors.ts";
import { Metrics, type Logger } from "../../service/index.ts";
import type { CertificateDomain, Hex } from "../../wire/index.ts";
import { FileSigningStore } from "../fileSigningStore.ts";
import { Operator } from "../operator.ts";
import { operatorSigner, type OperatorKey } from "../operatorSigner.ts";
import { FileHaltBook, haltsFileOf } from "../signing/fileHaltBook.ts";
import type { OnOperatorStep } from "../signing/steps.ts";
import { announceEndpoint, readAnnouncement } from "./endpoint.ts";
import { OperatorMonitor, type EndpointStatus } from "./operatorMonitor.ts";
import { runOperator } from "./operatorService.ts";
import type { OperatorSettings } from "./operatorSettings.ts";
import { ownNodes, type KnownMember, type OwnMember } from "./ownNodes.ts";

export type OperatorProcessOptions = {
  readonly key: OperatorKey;
  readonly settings: Omit<OperatorSettings, "key" | "passwordFile" | "fastSources" | "logLevel" | "grace" | "account">;
  /** L1 first. */
  readonly members: readonly KnownMember[];
  /** Ids of the sources about which it signs at level fast; all if undefined. */
  readonly fastSources: readonly Hex[] | undefined;
  readonly domain: CertificateDomain;
  /** No log of the ServiceManager is older. */
  readonly startBlock: number;
  /** Whether the chains are those of a devnet: one node each is enough then. */
  readonly isDevelopment: boolean;
  /** The operator's account on L1, where it is needed. */
  readonly account: () => Promise<Signer>;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onListening?: (url: string) => void;
  /** For tests alone: called at each step. */
  readonly onStep?: OnOperatorStep;
};

/** Runs it until the signal aborts. Throws `nodes/…`, `signing/…`, and what `listen` throws. */
export async function openOperatorProcess(options: OperatorProcessOptions): Promise<void> {
  const { settings, domain, key, log, signal, fastSources, onStep } = options;
  const metrics = new Metrics("operator");
  metrics.addProcess();
  const monitor = new OperatorMonitor({ log, metrics });
  const members = ownNodes(options.members, {
    nodes: settings.nodes,
    agree: settings.agree,
    timeoutMs: settings.nodeTimeout * 1_000,
    onOutcome: (...outcome) => monitor.asked(...outcome),
  });
  if (!options.isDevelopment) warnOfLoneNodes(members, log);
  const signer = operatorSigner(key);
  const store = await FileSigningStore.open(settings.store, { identity: { ...domain, keyId: signer.address }, onStep });
  try {
    const operator = new Operator({
      nodes: members,
      domain,
      key: signer,
      store,
      halts: await FileHaltBook.open(haltsFileOf(settings.store), onStep),
      fastSources,
      onHalt: (halt, isLifted) => monitor.halted(halt, isLifted),
      onStep,
    });
    const { host, port, interval, tokens, rateLimit, concurrency, connections, requestTimeout } = settings;
    await runOperator({
      operator,
      members,
      store,
      monitor,
      metrics,
      at: { host, port },
      intervalMs: interval * 1_000,
      log,
      signal,
      tokens,
      limits: { requestsPerMinute: rateLimit, concurrency, connections, requestMs: requestTimeout * 1_000 },
      onListening: async (url) => {
        options.onListening?.(url);
        return await seeToEndpoint(signer.address, members, options);
      },
    });
  } finally {
    await store.close();
    for (const { provider } of members) provider.destroy();
  }
}

/** Kelp 2026: one node that lies is enough to have an operator convicted that has no other. */
function warnOfLoneNodes(members: readonly OwnMember[], log: Logger): void {
  for (const { name, nodes } of members) {
    if (nodes.length > 1) continue;
    log.warn({ member: name }, "has a single node of a member: if that lies, so does the operator; name two at least");
  }
}

/** Compares what L1 announces with what the settings say, and announces it if they say so. */
async function seeToEndpoint(
  keyId: string,
  [l1]: readonly OwnMember[],
  { settings, domain, startBlock, account }: OperatorProcessOptions,
): Promise<EndpointStatus> {
  if (l1 === undefined) throw new Error("a fabric has L1");
  const registry = { serviceManager: domain.serviceManager, provider: l1.provider, startBlock };
  const { endpoint: own, announce } = settings;
  const found = await readAnnouncement(keyId, registry);
  const status = { own: own ?? null, announced: found?.endpoint ?? null };
  if (found === undefined) return { ...status, problem: "no operator of the set has registered this key" };
  if (own === undefined || found.endpoint === own) return { ...status, problem: null };
  if (!announce) return { ...status, problem: `L1 announces ${found.endpoint}: announce the endpoint with --announce` };
  try {
    const { serviceManager } = domain;
    await announceEndpoint(
      { operator: found.operator, endpoint: own },
      { keyId, serviceManager, signer: await account() },
    );
  } catch (error) {
    if (error instanceof ParleyError) return { ...status, problem: `${error.message} ${error.hint}` };
    throw error;
  }
  return { ...status, announced: own, problem: null };
}
