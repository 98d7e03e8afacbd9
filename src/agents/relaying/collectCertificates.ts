import {
  certificateDigest,
  checkpointLeaf,
  checkpointTree,
  isQuorum,
  keyId,
  makeCertificate,
  signersOfEach,
  totalWeight,
  type CertificateDomain,
  type Checkpoint,
  type Hex,
  type OperatorTable,
} from "../../wire/index.ts";
import type { Certification, OperatorClient, Refusal } from "../operatorClient.ts";
import { chooseSigners } from "./chooseSigners.ts";
import type { CertificateRequest } from "./planCheckpoints.ts";
import type { UncertifiedCheckpoint } from "./types.ts";

/** A certificate, and a checkpoint's way to its root. */
export type Certified = { readonly siblings: readonly Hex[]; readonly certificate: Hex };

/** What operators made of requests: certificates by their checkpoints' leaves, and what no quorum would sign. */
export type Collected = {
  readonly certified: ReadonlyMap<Hex, Certified>;
  readonly uncertified: readonly UncertifiedCheckpoint[];
};

/** What an operator said to one tree. */
type Answer = {
  /** In lower case. */
  readonly operator: string;
  /** Verified; undefined if it did not sign. */
  readonly signature: Hex | undefined;
  /** By the checkpoint's index. */
  readonly refused: ReadonlyMap<number, Refusal>;
  /** It answered nothing of use: why. */
  readonly silence: Omit<Refusal, "index"> | undefined;
};

/**
 * Asks all operators at once to sign the tree of all checkpoints. What is then left without a quorum although one would
 * sign it is asked for again without the rest: operators that refuse something, or lie, or say nothing, hold nobody up.
 */
export async function collectCertificates(
  requests: readonly CertificateRequest[],
  operators: readonly OperatorClient[],
  domain: CertificateDomain,
  timeout: number,
): Promise<Collected> {
  const certified = new Map<Hex, Certified>();
  const uncertified: UncertifiedCheckpoint[] = [];
  const silent = new Map<string, Answer>();

  const round = async (asked: readonly CertificateRequest[]): Promise<void> => {
    if (asked.length === 0) return;
    const checkpoints = asked.map(({ checkpoint }) => checkpoint);
    const tree = checkpointTree(checkpoints);
    const digest = certificateDigest(domain, tree.root);
    const heard = await Promise.all(
      operators.map(async (operator) => {
        const known = silent.get(operator.address.toLowerCase());
        return known ?? (await ask(operator, checkpoints, timeout));
      }),
    );
    // Not before all have answered: verifying takes a while, in which nobody's time is to run out.
    const answers = judgeAll(heard, digest);
    for (const answer of answers) if (answer.silence !== undefined) silent.set(answer.operator, answer);

    const signatures = new Map(
      answers.flatMap(({ operator, signature }) => (signature === undefined ? [] : [[operator, signature] as const])),
    );
    const again: CertificateRequest[] = [];
    for (const [index, request] of asked.entries()) {
      const { table, quorumBps } = request.judges;
      const signers = chooseSigners(table, quorumBps, signatures);
      if (signers !== undefined) {
        certified.set(checkpointLeaf(request.checkpoint), {
          siblings: tree.siblings[index] ?? [],
          certificate: makeCertificate(table, digest, signers),
        });
        continue;
      }
      const weight = supportOf(table, index, answers);
      if (asked.length > 1 && isQuorum(weight, totalWeight(table), quorumBps)) again.push(request);
      else uncertified.push(describe(request, weight, index, answers));
    }
    // Operators refuse different ones, so that no quorum signs all: ask for less at a time.
    if (again.length === asked.length) {
      const half = Math.ceil(again.length / 2);
      await round(again.slice(0, half));
      await round(again.slice(half));
    } else {
      await round(again);
    }
  };

  await round(requests);
  return { certified, uncertified };
}

/** What an operator says; nothing of it is verified. */
type Heard = { readonly operator: string; readonly certification: Certification };

const silence = (operator: string, code: string, reason: string): Answer => ({
  operator,
  signature: undefined,
  refused: new Map(),
  silence: { code, reason },
});

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Asks an operator; one that does not answer in time is silent. */
async function ask(
  client: OperatorClient,
  checkpoints: readonly Checkpoint[],
  timeout: number,
): Promise<Heard | Answer> {
  const operator = client.address.toLowerCase();
  try {
    return { operator, certification: await within(timeout, client.certify(checkpoints)) };
  } catch (error) {
    return silence(operator, "operator/silent", messageOf(error));
  }
}

/** What answers are worth: of all at once, since their signatures are verified together. */
function judgeAll(heard: readonly (Heard | Answer)[], digest: Hex): Answer[] {
  const signatures = heard.flatMap((one) => ("refused" in one ? [] : (one.certification.signature ?? [])));
  const signers = new Map(signersOfEach(digest, signatures).map((signer, place) => [signatures[place], signer]));
  return heard.map((one) => ("refused" in one ? one : judge(one, signers.get(one.certification.signature))));
}

/** What an answer is worth; an operator that answers wrongly, or neither signs nor refuses, is silent. */
function judge({ operator, certification: { signature, refused } }: Heard, signer: string | Error | undefined): Answer {
  if (signature === undefined || signer === undefined) {
    if (refused.length === 0) return silence(operator, "operator/no-answer", "it neither signed nor refused");
    const byIndex = new Map(refused.map((refusal) => [refusal.index, refusal]));
    return { operator, signature: undefined, refused: byIndex, silence: undefined };
  }
  if (signer instanceof Error) return silence(operator, "operator/silent", signer.message);
  if (signer.toLowerCase() === operator) return { operator, signature, refused: new Map(), silence: undefined };
  return silence(operator, "operator/wrong-signature", `its signature over this tree is by ${signer}`);
}

/** Rejects if the promise takes longer than so many milliseconds. */
async function within<T>(timeout: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      promise,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`it did not answer within ${timeout} ms`)), timeout);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

/** Weight of the table's operators that answered and do not refuse this checkpoint. */
function supportOf(table: OperatorTable, index: number, answers: readonly Answer[]): bigint {
  const supporters = new Set(
    answers
      .filter(({ silence, refused }) => silence === undefined && !refused.has(index))
      .map(({ operator }) => operator),
  );
  return table.operators.reduce(
    (sum, { key, weight }) => sum + (supporters.has(keyId(key).toLowerCase()) ? weight : 0n),
    0n,
  );
}

function describe(
  { checkpoint, view, judges }: CertificateRequest,
  weight: bigint,
  index: number,
  answers: readonly Answer[],
): UncertifiedCheckpoint {
  return {
    source: view.source.name,
    destination: view.destination.name,
    checkpoint,
    weight,
    totalWeight: totalWeight(judges.table),
    quorumBps: judges.quorumBps,
    answers: judges.table.operators.flatMap(({ key }) => {
      const id = keyId(key);
      const answer = answers.find(({ operator }) => operator === id.toLowerCase());
      if (answer === undefined) {
        return [{ operator: id, refusal: { code: "operator/unknown", reason: "this relayer cannot reach it" } }];
      }
      const refusal = answer.silence ?? answer.refused.get(index);
      return refusal === undefined ? [] : [{ operator: id, refusal: { code: refusal.code, reason: refusal.reason } }];
    }),
  };
}
