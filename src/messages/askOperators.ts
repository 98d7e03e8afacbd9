import type { OperatorClient } from "../agents/operatorClient.ts";
import {
  certificateDigest,
  checkpointTree,
  keyId,
  signerOf,
  type CertificateDomain,
  type Checkpoint,
  type OperatorTable,
} from "../wire/index.ts";

/**
 * What an operator of a table has to do with a message. `signed`; `absent`: its signature is not in the certificate, which needs
 * a quorum alone; `refused` and `silent`: what it answered now; `unreached`: nobody knows where it is.
 */
export type OperatorAnswer = "signed" | "absent" | "refused" | "silent" | "unreached";

/** An operator of a table, and what it says. */
export interface OperatorVoice {
  /** Id of its signing key: an ECDSA key's address. */
  readonly operator: string;
  readonly weight: bigint;
  readonly answer: OperatorAnswer;
  /** Why it refused, or is silent. */
  readonly code?: string;
  readonly reason?: string;
}

/** Asks each operator of a table to sign one checkpoint. They sign it alone: nothing comes of it but the answer. */
export async function askOperators(
  operators: readonly OperatorClient[],
  table: OperatorTable,
  checkpoint: Checkpoint,
  domain: CertificateDomain,
): Promise<OperatorVoice[]> {
  const digest = certificateDigest(domain, checkpointTree([checkpoint]).root);
  return await Promise.all(
    table.operators.map(async ({ key, weight }): Promise<OperatorVoice> => {
      const operator = keyId(key);
      const client = operators.find(({ address }) => address.toLowerCase() === operator.toLowerCase());
      if (client === undefined) return { operator, weight, answer: "unreached" };
      return { operator, weight, ...(await ask(client, checkpoint, digest)) };
    }),
  );
}

async function ask(
  client: OperatorClient,
  checkpoint: Checkpoint,
  digest: string,
): Promise<Omit<OperatorVoice, "operator" | "weight">> {
  const silent = (code: string, reason: string): Awaited<ReturnType<typeof ask>> => ({
    answer: "silent",
    code,
    reason,
  });
  try {
    const { signature, refused } = await client.certify([checkpoint]);
    if (signature !== undefined) {
      const signer = signerOf(digest, signature);
      if (signer.toLowerCase() === client.address.toLowerCase()) return { answer: "signed" };
      return silent("operator/wrong-signature", `its signature is by ${signer}`);
    }
    const [refusal] = refused;
    if (refusal === undefined) return silent("operator/no-answer", "it neither signed nor refused");
    return { answer: "refused", code: refusal.code, reason: refusal.reason };
  } catch (error) {
    return silent("operator/silent", error instanceof Error ? error.message : String(error));
  }
}
