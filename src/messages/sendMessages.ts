/** Sending: everything is checked before the first transaction. */
import { isAddress, type Signer, type TransactionReceipt } from "ethers";

import { contractAt, interfaceOf } from "../chain/contractAt.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { decodeCallError } from "../chain/decodeFailure.ts";
import { readLaneTo } from "../chain/readLaneTo.ts";
import { readLogs } from "../chain/readLogs.ts";
import type { ConnectedMember } from "../deployments/connect.ts";
import { requireReachable } from "../deployments/reach.ts";
import { ParleyError } from "../errors.ts";
import {
  countOf,
  decodeInteroperableAddress,
  encodeAttributes,
  encodeInteroperableAddress,
  payloadBytes,
  ZERO_WORD,
  type Hex,
  type Options,
} from "../wire/index.ts";

/** What is to be sent. */
export interface SendOrder {
  readonly from: ConnectedMember;
  readonly to: ConnectedMember;
  readonly recipient: string;
  /** One message each. */
  readonly payloads: readonly Hex[];
  readonly options: Options;
  /** The account that sends; the node's or the config's first one by default. */
  readonly account?: string | undefined;
}

/** What sending comes to, found out without sending. */
export interface SendPlan {
  readonly order: SendOrder;
  readonly signer: Signer;
  readonly account: string;
  /** Nonce of the first message, if nobody else sends before. */
  readonly firstNonce: bigint;
  /** Id of the first message, if nobody else sends before. */
  readonly firstId: Hex;
  /** Estimated, of one message. */
  readonly gas: bigint;
  /** Wei that all messages may cost. */
  readonly maxCost: bigint;
}

/** A message that is on its lane. */
export interface Sent {
  readonly id: Hex;
  readonly nonce: bigint;
  readonly txHash: Hex;
  readonly blockNumber: number;
  readonly gasUsed: bigint;
}

const GATEWAY = interfaceOf(IGateway__factory);

/**
 * Checks an order against the chains. Throws `message/bad-recipient`, `message/no-lane`, `message/refused`, `account/no-funds`,
 * `wire/…` (payload, options), `chain/…`, and as the member's `signer` does.
 */
export async function planSend(order: SendOrder): Promise<SendPlan> {
  const { from, to, payloads } = order;
  for (const payload of payloads) payloadBytes(payload);
  const call = callOf(order, payloads[0] ?? "0x");
  await requireReachable(from);
  const lane = await readLaneTo(from, to.chainId);
  const destination = await contractAt(IGateway__factory, from.gateway, from.provider).destinationOn(to.chainId);
  if (lane === ZERO_WORD || destination !== to.id) {
    throw new ParleyError(
      "message/no-lane",
      `No lane leads from ${from.name} to ${to.name}: ${from.name} does not know it, or its owner has not accepted it.`,
      "See `npx hardhat rollup:status`; a member is accepted with the first operator table that lists it.",
    );
  }
  const signer = await from.signer(order.account);
  const account = await signer.getAddress();
  const gateway = contractAt(IGateway__factory, from.gateway, signer);
  const firstId = await gateway.sendMessage.staticCall(...call).catch((error: unknown) => {
    throw new ParleyError(
      "message/refused",
      `The Gateway on ${from.name} would refuse the message: ${decodeCallError(error).text}`,
      "Correct what the error names; nothing was sent.",
      { cause: error },
    );
  });
  const { gas, maxCost } = await requireFunds(order, account, gateway.sendMessage.estimateGas(...call));
  return { order, signer, account, firstNonce: countOf(lane), firstId, gas, maxCost };
}

/** Sends what was planned, all at once, and waits until it is in blocks. Throws `message/not-sent`. */
export async function sendPlanned(
  { order, signer }: SendPlan,
  onSent: (count: number) => void = () => undefined,
): Promise<Sent[]> {
  const gateway = contractAt(IGateway__factory, order.from.gateway, signer);
  const sent: Sent[] = [];
  try {
    const responses = [];
    for (const payload of order.payloads) responses.push(await gateway.sendMessage(...callOf(order, payload)));
    for (const response of responses) {
      const receipt = await response.wait();
      if (receipt === null) throw new Error(`the node has no receipt of ${response.hash}`);
      sent.push(await placeOfSent(order, receipt));
      onSent(sent.length);
    }
  } catch (error) {
    throw new ParleyError(
      "message/not-sent",
      `${sent.length} of ${order.payloads.length} messages are known to be sent${listOf(sent)}; then: ${decodeCallError(error).text}`,
      `See what arrived with \`npx hardhat message:list --from ${order.from.name}\` before sending again.`,
      { cause: error },
    );
  }
  return sent;
}

const listOf = (sent: readonly Sent[]): string =>
  sent.length === 0 ? "" : ` (${sent.map(({ id }) => id).join(", ")})`;

type SendCall = [recipient: Hex, payload: Hex, attributes: Hex[]];

function callOf({ to, recipient, options }: SendOrder, payload: Hex): SendCall {
  const isValid: boolean = isAddress(recipient);
  if (!isValid) {
    throw new ParleyError(
      "message/bad-recipient",
      `"${recipient}" is no address.`,
      "Give the address of a contract that implements ERC-7786's receiveMessage on the destination.",
    );
  }
  const address = encodeInteroperableAddress({ chainId: to.chainId, address: recipient });
  return [address, payload, encodeAttributes(options)];
}

async function requireFunds(
  { from, payloads }: SendOrder,
  account: string,
  estimate: Promise<bigint>,
): Promise<{ gas: bigint; maxCost: bigint }> {
  // Some nodes estimate nothing for an account that cannot pay.
  const [estimated, fees, balance] = await Promise.all([
    estimate.catch((error: unknown) => ({ refusal: decodeCallError(error).text })),
    from.provider.getFeeData(),
    from.provider.getBalance(account),
  ]);
  const price = fees.maxFeePerGas ?? fees.gasPrice ?? 0n;
  const gas = typeof estimated === "bigint" ? estimated : 0n;
  const maxCost = gas * price * BigInt(payloads.length);
  const isShort =
    typeof estimated === "bigint" ? balance < maxCost : balance === 0n || /funds/i.test(estimated.refusal);
  if (isShort) {
    throw new ParleyError(
      "account/no-funds",
      `${account} has ${balance} wei on ${from.name}` +
        (maxCost === 0n ? ", which is not enough." : `, sending may cost ${maxCost}.`),
      "Send it some, or name another account with --account.",
    );
  }
  if (typeof estimated === "bigint") return { gas, maxCost };
  throw new ParleyError(
    "message/refused",
    `The node of ${from.name} estimates no gas for the message: ${estimated.refusal}`,
    "Look at the node; nothing was sent.",
  );
}

/** A message in its place, by the transaction that sent it and what else the block has. */
export async function placeOfSent(
  { from, to }: Pick<SendOrder, "from" | "to">,
  receipt: TransactionReceipt,
): Promise<Sent> {
  const { blockNumber, hash, gasUsed } = receipt;
  const topic = GATEWAY.getEvent("MessageSent").topicHash;
  const logs = (await readLogs(from, [topic], blockNumber, blockNumber)).filter((log) => {
    const recipient: unknown = GATEWAY.parseLog(log)?.args["recipient"];
    return decodeInteroperableAddress(String(recipient)).chainId === to.chainId;
  });
  const place = logs.findIndex(({ transactionHash }) => transactionHash === hash);
  const id = logs[place]?.topics[1];
  if (id === undefined) throw new Error(`transaction ${hash} sent no message, or its block was reorganised`);
  const after = countOf(await readLaneTo(from, to.chainId, blockNumber));
  return { id, nonce: after - BigInt(logs.length - place), txHash: hash, blockNumber, gasUsed };
}
