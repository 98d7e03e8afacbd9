/** Where L1 says that an operator is reached. */
import type { Provider, Signer } from "ethers";

import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { readLogs } from "../../chain/readLogs.ts";
import { ParleyError } from "../../errors.ts";
import type { Hex } from "../../wire/index.ts";
import { openOperator } from "../http/openOperator.ts";

export type Announcement = {
  /** The operator's account. */
  readonly operator: string;
  readonly endpoint: string;
};

type Registry = { readonly serviceManager: string; readonly provider: Provider; readonly startBlock: number };

const MANAGER = IServiceManager__factory.createInterface();
const JOINED = MANAGER.getEvent("OperatorJoined").topicHash;
const LEFT = MANAGER.getEvent("OperatorLeft").topicHash;
const CHANGED = MANAGER.getEvent("EndpointChanged").topicHash;

/** What L1 announces of the operator in the set that joined with this key; undefined if there is none. */
export async function readAnnouncement(
  keyId: string,
  { serviceManager, provider, startBlock }: Registry,
): Promise<Announcement | undefined> {
  const { number } = (await provider.getBlock("latest")) ?? { number: startBlock };
  const logs = await readLogs(
    { provider, gateway: serviceManager },
    [[JOINED, LEFT, CHANGED] as Hex[]],
    startBlock,
    number,
  );
  let found: Announcement | undefined;
  for (const log of logs) {
    const event = MANAGER.parseLog(log);
    if (event?.name === "OperatorJoined") {
      const [operator, key, endpoint] = event.args as unknown as [string, string, string];
      if (key.toLowerCase() === keyId.toLowerCase()) found = { operator, endpoint };
    } else if (event?.name === "OperatorLeft") {
      if (event.args[0] === found?.operator) found = undefined;
    } else if (event?.name === "EndpointChanged") {
      const [operator, endpoint] = event.args as unknown as [string, string];
      if (operator === found?.operator) found = { operator, endpoint };
    }
  }
  return found;
}

/**
 * Announces the endpoint, once the operator with this key answers there. Throws `operator/unreachable`, `operator/bad-answer`,
 * `operator/other-endpoint`, `operator/other-account`, `operator/step-failed`.
 */
export async function announceEndpoint(
  { operator, endpoint }: Announcement,
  {
    keyId,
    serviceManager,
    signer,
  }: { readonly keyId: string; readonly serviceManager: string; readonly signer: Signer },
): Promise<void> {
  const found = await openOperator(endpoint);
  if (found.address.toLowerCase() !== keyId.toLowerCase()) {
    throw new ParleyError(
      "operator/other-endpoint",
      `At ${endpoint} answers the operator with the key ${found.address}, not ${keyId}.`,
      "Correct the endpoint, or what stands before the operator there.",
    );
  }
  const account = await signer.getAddress();
  if (account.toLowerCase() !== operator.toLowerCase()) {
    throw new ParleyError(
      "operator/other-account",
      `${account} cannot announce for the operator ${operator}, who registered the key.`,
      "Name the operator's account with --account.",
    );
  }
  try {
    await (await IServiceManager__factory.connect(serviceManager, signer).changeEndpoint(endpoint)).wait();
  } catch (cause) {
    throw new ParleyError(
      "operator/step-failed",
      `The endpoint could not be announced: ${decodeCallError(cause, [MANAGER.fragments]).text}`,
      "Put this right, and start the operator again; it signs meanwhile.",
      { cause },
    );
  }
}
