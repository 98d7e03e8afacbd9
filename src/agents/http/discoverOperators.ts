import { setTimeout as sleep } from "node:timers/promises";

import { ParleyError } from "../../errors.ts";
import type { OperatorClient } from "../operatorClient.ts";
import type { Announced, Announcements } from "./announcements.ts";
import { openOperator } from "./openOperator.ts";

/** How operators are looked for. */
export type DiscoveryOptions = {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Hears of each operator that is reached, of each that is not, once for each endpoint, and of those that are announced no more. */
  readonly onChange?: (announced: Announced, state: "reached" | "gone" | ParleyError) => void;
  /** Hears why L1 could not be read. */
  readonly onError?: (error: unknown) => void;
};

/**
 * The operators that L1 announces and that answer there with the key that they joined with: a list that changes as they join,
 * leave, move, and answer. Rejects for nothing that L1's node or an operator does.
 */
export async function discoverOperators(
  announcements: Pick<Announcements, "read">,
  { every, signal, onChange, onError }: DiscoveryOptions,
): Promise<readonly OperatorClient[]> {
  const listed: OperatorClient[] = [];
  const reached = new Map<string, { readonly announced: Announced; readonly client: OperatorClient }>();
  const told = new Set<string>();

  const look = async (): Promise<void> => {
    const announced = new Map((await announcements.read()).map((one) => [nameOf(one), one]));
    for (const [name, { announced: before, client }] of reached) {
      if (announced.has(name)) continue;
      reached.delete(name);
      listed.splice(listed.indexOf(client), 1);
      onChange?.(before, "gone");
    }
    await Promise.all(
      [...announced].map(async ([name, one]) => {
        if (reached.has(name)) return;
        try {
          const client = await openAnnounced(one);
          reached.set(name, { announced: one, client });
          listed.push(client);
          told.delete(name);
          onChange?.(one, "reached");
        } catch (error) {
          if (!(error instanceof ParleyError)) throw error;
          if (!told.has(name)) onChange?.(one, error);
          told.add(name);
        }
      }),
    );
  };
  const tryLook = (): Promise<void> => look().catch((error: unknown) => onError?.(error));

  await tryLook();
  void (async () => {
    for (;;) {
      // An end while it sleeps ends it.
      await sleep(every, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      await tryLook();
    }
  })();
  return listed;
}

/** Without a name, a question or a fragment, by which it would be another path that is asked. */
const PLAIN = /^https?:\/\/[^\s?#@\\]+$/i;

const nameOf = ({ keyId, endpoint }: Announced): string => `${keyId} ${endpoint}`;

/**
 * The operator where it says that it is. Whoever has the stake can announce anything: it is asked only at a plain URL, and counts
 * only if the key is its own.
 */
async function openAnnounced({ endpoint, keyId }: Announced): Promise<OperatorClient> {
  if (!PLAIN.test(endpoint) || !URL.canParse(endpoint)) {
    throw new ParleyError(
      "operator/bad-endpoint",
      `The operator with the key ${keyId} announces ${JSON.stringify(endpoint.slice(0, 256))}, which is no plain HTTP URL.`,
      "It has to announce another one.",
    );
  }
  const client = await openOperator(endpoint);
  if (client.address.toLowerCase() === keyId) return client;
  throw new ParleyError(
    "operator/other-endpoint",
    `At ${endpoint} answers the operator with the key ${client.address}, not ${keyId}.`,
    "It has to announce another endpoint.",
  );
}
