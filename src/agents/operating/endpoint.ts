/** Where L1 says that an operator is reached. */
import type { Signer } from "ethers";

import { contractAt, interfaceOf } from "../../chain/contractAt.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { decodeCallError } from "../../chain/decodeFailure.ts";
import { ParleyError } from "../../errors.ts";
import { Announcements, type Announced, type Registry } from "../http/announcements.ts";
import { openOperator } from "../http/openOperator.ts";

export type Announcement = Pick<Announced, "operator" | "endpoint">;

const MANAGER = interfaceOf(IServiceManager__factory);

/** What L1 announces of the operator in the set that joined with this key; undefined if there is none. */
export async function readAnnouncement(keyId: string, registry: Registry): Promise<Announcement | undefined> {
  const all = await new Announcements({ ...registry, confirmations: 0 }).read();
  const found = all.findLast((one) => one.keyId === keyId.toLowerCase());
  return found === undefined ? undefined : { operator: found.operator, endpoint: found.endpoint };
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
    await (await contractAt(IServiceManager__factory, serviceManager, signer).changeEndpoint(endpoint)).wait();
  } catch (cause) {
    throw new ParleyError(
      "operator/step-failed",
      `The endpoint could not be announced: ${decodeCallError(cause, [MANAGER.fragments]).text}`,
      "Put this right, and start the operator again; it signs meanwhile.",
      { cause },
    );
  }
}
