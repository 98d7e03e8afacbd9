import type { InterfaceAbi, Provider, Signer, TransactionReceipt } from "ethers";

import { decodeCallError, decodeFailure } from "../../chain/decodeFailure.ts";
import { gatewayAt } from "../../chain/gatewayAt.ts";
import { parseGatewayLog } from "../../chain/gatewayLogs.ts";
import { wordAt } from "../../chain/lanes.ts";
import { ParleyError } from "../../errors.ts";
import { checkpointLeaf, countOf, encodeBatch, encodeProof, type Hex } from "../../wire/index.ts";
import { gasLimitOf, MAX_TRANSACTION_GAS } from "./batchGas.ts";
import type { Certified } from "./collectCertificates.ts";
import { encodeDeliver } from "./deliverCall.ts";
import { splitBatch, type Batch } from "./planBatches.ts";
import { senderOf, type DeliveredMessage, type FailedMessage, type StepProblem } from "./types.ts";

/** What became of a batch. */
export type Delivery = {
  readonly delivered: readonly DeliveredMessage[];
  readonly failed: readonly FailedMessage[];
  readonly problems: readonly StepProblem[];
  /** Batches that were not delivered because their destination does not hold the word any more that was to prove them. */
  readonly lost: readonly Batch[];
};

/** A quarter more gas than was estimated: the recipients' state may have changed by then. */
const MARGIN = [5n, 4n] as const;

/**
 * Delivers a batch, in halves if it needs more gas than a transaction may have. Rejects for nothing that a chain does.
 * @param room Gas that a transaction may have at the destination (`readRoom`).
 */
export async function deliverBatch(
  batch: Batch,
  certified: ReadonlyMap<Hex, Certified>,
  abis: readonly InterfaceAbi[],
  room: bigint,
): Promise<Delivery> {
  const { source, destination } = batch.view;
  const data = encodeDeliver({
    source: { chainId: source.chainId, gateway: source.gateway },
    items: encodeBatch(batch.items),
    proof: proofOf(batch, certified),
    from: batch.from,
  });
  let gasLimit: bigint;
  try {
    gasLimit = await gasFor(data, batch, room);
  } catch (error) {
    const { name, text } = decodeCallError(error);
    if (name === "WordNotHeld") return lose(batch);
    // A refusal by Parley has a name, and is the same for half a batch; but for this one.
    if (batch.messages.length === 1 || (name !== undefined && name !== "InsufficientGas")) return problem(batch, text);
    const [first, second] = splitBatch(batch);
    return join(await deliverBatch(first, certified, abis, room), await deliverBatch(second, certified, abis, room));
  }
  try {
    const receipt = await senderOf(destination).send({
      ...{ key: keyOf(batch), covers: batch.messages.map(({ id }) => id), gasLimit },
      ...{ to: destination.gateway, data },
    });
    return outcome(batch, receipt, abis);
  } catch (error) {
    // A transaction that failed does not say why on every node.
    return (await isHeld(batch)) ? problem(batch, decodeCallError(error).text) : lose(batch);
  }
}

/** The gas that a transaction may have on a chain: a block has no room for more. Where its node does not say, what any may. */
export async function readRoom(provider: Provider): Promise<bigint> {
  const block = await provider.getBlock("latest").catch(() => null);
  return least(block?.gasLimit ?? MAX_TRANSACTION_GAS, MAX_TRANSACTION_GAS);
}

/** What a batch's transaction is for, whatever proves it. */
const keyOf = ({ messages }: Batch): string =>
  `deliver ${messages.length} messages from ${messages[0]?.id ?? "none"} to ${messages.at(-1)?.id ?? "none"}`;

/**
 * Gas for a transaction: what is known to be enough and a quarter, at most what the messages ask for, so that no recipient burns much
 * more than its sender asked for. Rejects where the batch would be refused, or a block has no room for it.
 */
async function gasFor(data: Hex, { view: { destination }, gas, messages }: Batch, room: bigint): Promise<bigint> {
  const { gateway, signer } = destination;
  const most = least(gas, room);
  const lean = least(leanGas(gas, messages), most);
  try {
    // Most recipients use little, and one call shows that it is enough: estimates take nodes many.
    if (messages.length > 1 && (await isEnough(signer, { to: gateway, data }, (lean * MARGIN[1]) / MARGIN[0])))
      return lean;
    const estimate = await signer.estimateGas({ to: gateway, data, gasLimit: most });
    // Not every node heeds the bound.
    if (estimate > most) {
      throw new ParleyError("relayer/too-much-gas", `it needs ${estimate} gas of ${most}`, "Deliver less at a time.");
    }
    return least((estimate * MARGIN[0]) / MARGIN[1], most);
  } catch (error) {
    if (messages.length > 1) throw error;
    // Some nodes estimate nothing where a recipient burns whatever it gets.
    await signer.call({ to: gateway, data, gasLimit: most });
    return most;
  }
}

/** What a batch takes if its recipients leave most of what they are offered: the one that may take most gets it. */
function leanGas(gas: bigint, messages: Batch["messages"]): bigint {
  const offered = messages.map(({ options }) => gasLimitOf(options));
  const longest = offered.reduce((a, b) => (a > b ? a : b), 0n);
  return gas - offered.reduce((a, b) => a + b, 0n) + longest;
}

/** Whether a call goes through with so much gas. A refusal that more gas does not help is the estimate's to report. */
async function isEnough(signer: Signer, call: { to: string; data: Hex }, gasLimit: bigint): Promise<boolean> {
  try {
    await signer.call({ ...call, gasLimit });
    return true;
  } catch {
    return false;
  }
}

const least = (...amounts: bigint[]): bigint => amounts.reduce((a, b) => (a < b ? a : b));

function proofOf({ proof }: Batch, certified: ReadonlyMap<Hex, Certified>): Hex {
  if (proof.kind === "held") return encodeProof(proof);
  const { level, reachedBy, blockHash } = proof.checkpoint;
  const found = certified.get(checkpointLeaf(proof.checkpoint));
  if (found === undefined) throw new Error("only certified batches are delivered");
  return encodeProof({ kind: "certificate", level, reachedBy, blockHash, ...found });
}

/** What a transaction did, by its events. A message that is in neither list was delivered by someone else before. */
function outcome(
  { view, messages, proof }: Batch,
  receipt: TransactionReceipt,
  abis: readonly InterfaceAbi[],
): Delivery {
  const { source, destination } = view;
  const events = receipt.logs
    .filter(({ address }) => address.toLowerCase() === destination.gateway.toLowerCase())
    .flatMap((log) => parseGatewayLog(log) ?? []);
  const idsOf = (name: string): ReadonlyMap<Hex, unknown> =>
    new Map(events.filter((event) => event.name === name).map(({ args }) => [args[0] as Hex, args[1]]));
  const deliveries = idsOf("MessageDelivered");
  const failures = idsOf("DeliveryFailed");
  const common = { source: source.name, destination: destination.name, txHash: receipt.hash };
  return {
    delivered: messages
      .filter(({ id }) => deliveries.has(id))
      .map(({ id, nonce }) => ({
        ...common,
        id,
        nonce,
        level: proof.kind === "held" ? proof.level : proof.checkpoint.level,
        gasUsed: receipt.gasUsed,
        batchSize: deliveries.size,
      })),
    failed: messages
      .filter(({ id }) => failures.has(id))
      .map(({ id, nonce }) => ({ ...common, id, nonce, reason: decodeFailure(String(failures.get(id)), abis).text })),
    problems: [],
    lost: [],
  };
}

/** Whether the destination still holds the word that proves the batch; a certificate is always there, and so is what is unknown. */
async function isHeld({ view, proof, from, items }: Batch): Promise<boolean> {
  if (proof.kind === "certificate") return true;
  const { source, destination, lane } = view;
  const count = countOf(from) + BigInt(items.length);
  const gateway = gatewayAt(destination.gateway, destination.provider);
  try {
    return (await gateway.held(source.id, proof.level, count)) === wordAt(lane, count);
  } catch {
    return true;
  }
}

const lose = (batch: Batch): Delivery => ({ delivered: [], failed: [], problems: [], lost: [batch] });

function problem({ view, messages }: Batch, reason: string): Delivery {
  const nonces = messages.map(({ nonce }) => nonce);
  const subject = `${view.source.name} → ${view.destination.name}, ${messages.length} messages from nonce ${nonces[0] ?? 0n}`;
  return { delivered: [], failed: [], problems: [{ subject, code: "relayer/not-delivered", reason }], lost: [] };
}

const join = (a: Delivery, b: Delivery): Delivery => ({
  delivered: [...a.delivered, ...b.delivered],
  failed: [...a.failed, ...b.failed],
  problems: [...a.problems, ...b.problems],
  lost: [...a.lost, ...b.lost],
});
