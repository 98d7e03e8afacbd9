/** Whom a relayer asks to sign: the operators of its settings, else those that the addresses file names, else those that L1 announces. */
import type { OperatorClient } from "../src/agents/operatorClient.ts";
import type { ConnectedFabric } from "../src/deployments/connect.ts";
import type { Logger } from "../src/service/index.ts";

/** Where they are looked for. */
export interface OperatorSources {
  readonly fabric: Pick<ConnectedFabric, "addresses" | "members" | "operators">;
  /** URLs. */
  readonly operators: readonly string[] | undefined;
  /** Milliseconds between two looks for those that do not answer, or are announced. */
  readonly every: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
}

/** The operators that answer: a list to which others are added as they do. */
export async function relayerOperators({
  fabric,
  operators,
  every,
  log,
  signal,
}: OperatorSources): Promise<readonly OperatorClient[]> {
  if (operators !== undefined) {
    const { reachOperators } = await import("../src/agents/http/reachOperators.ts");
    return await reachOperators(operators, {
      ...{ every, signal },
      onLate: (url, operator) => {
        if (operator === undefined) log.warn({ url }, "an operator does not answer yet");
        else log.info({ url, operator: operator.address }, "an operator answers now");
      },
    });
  }
  if (fabric.operators.length > 0) return fabric.operators;
  const { Announcements } = await import("../src/agents/http/announcements.ts");
  const { discoverOperators } = await import("../src/agents/http/discoverOperators.ts");
  const { contracts, startBlock } = fabric.addresses.settlement;
  const { provider, confirmations } = fabric.members[0];
  const { serviceManager } = contracts;
  return await discoverOperators(new Announcements({ serviceManager, provider, startBlock, confirmations }), {
    ...{ every, signal },
    onChange: ({ keyId, endpoint }, state) => {
      const subject = { url: endpoint, operator: keyId };
      if (state === "reached") log.info(subject, "an operator that L1 announces answers");
      else if (state === "gone") log.info(subject, "an operator is announced there no more");
      else
        log.warn(
          { ...subject, code: state.code, reason: state.message },
          "an operator that L1 announces is not reached",
        );
    },
    onError: (err) => log.error({ err }, "could not read which operators L1 announces"),
  });
}
