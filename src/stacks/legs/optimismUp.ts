/**
 * OP Stack, up: a withdrawal is proven against a proposal of the rollup's state, matures, is finalized by the portal, and tried again at the
 * messenger if it failed there (contracts-bedrock 0.17.3, OptimismPortal2.sol; docs.optimism.io, "Withdrawal flow"). What was done already,
 * by whomever, is read from the portal.
 */
import { Interface, type TransactionReceipt, zeroPadValue } from "ethers";

import { interfaceOf } from "../../chain/contractAt.ts";
import { IOptimismParentEnd__factory } from "../../../types/ethers-contracts/factories/interfaces/optimism/IOptimismParentEnd__factory.ts";
import { readBlock } from "../../chain/blocks.ts";
import { readLogs } from "../../chain/readLogs.ts";
import type { Hex } from "../../wire/index.ts";
import type { NextOfJourney, StackCall } from "../stackBridge.ts";
import { STACK_TIMES } from "../stackTimes.ts";
import type { Envelope, Leg, Passage } from "./leg.ts";
import { findProposal, judgeGame, readPortal, type Portal } from "./optimismGames.ts";
import { ESTIMATION_ADDRESS, fateOf, L2_MESSENGER, MESSAGE_PASSER, MESSENGER, replay } from "./optimismMessenger.ts";
import { addressIn, call, logsIn, receiptOf, topicOf } from "./read.ts";

const PASSER = new Interface([
  "event MessagePassed(uint256 indexed nonce, address indexed sender, address indexed target, uint256 value, uint256 gasLimit, bytes data, bytes32 withdrawalHash)",
]);
const WITHDRAWAL = "tuple(uint256 nonce, address sender, address target, uint256 value, uint256 gasLimit, bytes data)";
const PORTAL = new Interface([
  `function proveWithdrawalTransaction(${WITHDRAWAL} withdrawal, uint256 disputeGameIndex, tuple(bytes32 version, bytes32 stateRoot, bytes32 messagePasserStorageRoot, bytes32 latestBlockhash) outputRootProof, bytes[] withdrawalProof)`,
  `function finalizeWithdrawalTransactionExternalProof(${WITHDRAWAL} withdrawal, address proofSubmitter)`,
]);
const END = interfaceOf(IOptimismParentEnd__factory);

/** A call that the portal is to make: a message of the rollup's messenger. */
interface Withdrawal {
  readonly hash: Hex;
  /** The call of `relayMessage`. */
  readonly relayed: Hex;
  /** As the portal takes it. */
  readonly fields: Readonly<Record<"nonce" | "sender" | "target" | "value" | "gasLimit" | "data", unknown>>;
}

export async function sentUpByOptimism(leg: Leg, fromBlock: number): Promise<Envelope[]> {
  const { child, childEnd, parentEnd } = leg;
  const logs = await readLogs(
    { provider: child.provider, gateway: L2_MESSENGER },
    [topicOf(MESSENGER, "SentMessage"), zeroPadValue(parentEnd, 32)],
    fromBlock,
    await child.provider.getBlockNumber(),
  );
  return logs.flatMap(({ data, topics, transactionHash: txHash, blockNumber }): Envelope[] => {
    const { sender, message, messageNonce } = MESSENGER.decodeEventLog("SentMessage", data, topics).toObject();
    if (sender !== childEnd) return [];
    const [items] = END.decodeFunctionData("fromOptimismChild", String(message));
    const passage = async (): Promise<Passage> => {
      const withdrawal = withdrawalIn(await receiptOf(child, txHash), BigInt(String(messageNonce)));
      return await passageOf(leg, withdrawal, blockNumber);
    };
    return [{ items: [...(items as readonly Hex[])], txHash, passage }];
  });
}

/** The withdrawal in which a message of the messenger went. */
function withdrawalIn(receipt: TransactionReceipt, messageNonce: bigint): Withdrawal {
  for (const { data, topics } of logsIn(receipt, MESSAGE_PASSER, topicOf(PASSER, "MessagePassed"))) {
    const { withdrawalHash, ...fields } = PASSER.decodeEventLog("MessagePassed", data, topics).toObject();
    const relayed = String(fields["data"]);
    const message = MESSENGER.parseTransaction({ data: relayed });
    if (message?.args["nonce"] !== messageNonce) continue;
    return { hash: String(withdrawalHash), relayed, fields: fields as Withdrawal["fields"] };
  }
  throw new Error(`the messenger's message ${messageNonce} goes in a withdrawal`);
}

async function passageOf(leg: Leg, withdrawal: Withdrawal, blockNumber: number): Promise<Passage> {
  const { parent, parentEnd } = leg;
  const messenger = await addressIn(parent, parentEnd, "OPTIMISM_MESSENGER");
  const fate = await fateOf(parent.provider, messenger, withdrawal.relayed);
  if (fate === "delivered") return "arrived";
  if (fate === "failed") return { kind: "due", call: replay(parent, messenger, withdrawal.relayed) };
  const portal = await readPortal(parent, await addressIn(parent, messenger, "portal"));
  const proven = await nextOfProven(leg, portal, withdrawal);
  return proven ?? (await nextOfUnproven(leg, portal, withdrawal, blockNumber));
}

/** What is next of a withdrawal that somebody proved, by the proof that is furthest; undefined if none counts. */
async function nextOfProven(
  { parent, child }: Leg,
  portal: Portal,
  { hash, fields }: Withdrawal,
): Promise<NextOfJourney | undefined> {
  const { provider } = parent;
  const proofs = Number(
    await call(provider, portal.address, "function numProofSubmitters(bytes32) view returns (uint256)", hash),
  );
  let soonest: Extract<NextOfJourney, { kind: "waits" }> | undefined;
  const seen = new Set<string>();
  for (let index = 0; index < proofs; ++index) {
    const submitter = String(
      await call(
        provider,
        portal.address,
        "function proofSubmitters(bytes32, uint256) view returns (address)",
        hash,
        index,
      ),
    );
    if (seen.has(submitter)) continue;
    seen.add(submitter);
    const [game, provenAt] = (await call(
      provider,
      portal.address,
      "function provenWithdrawals(bytes32, address) view returns (address disputeGameProxy, uint64 timestamp)",
      hash,
      submitter,
    )) as [string, bigint];
    const judged = await judgeGame(parent, portal, game);
    if (judged.kind === "void") continue;
    const matureFrom = provenAt + portal.proofMaturity + 1n;
    if (judged.kind === "open") {
      if (judged.call !== undefined) return { kind: "due", call: judged.call };
      const { until } = judged;
      const waits = until === undefined ? WAITS_DISPUTED : WAITS_MATURING;
      soonest = sooner(soonest, { kind: "waits", for: waits, until: until && later(matureFrom, until) });
      continue;
    }
    const until = later(matureFrom, judged.finalFrom);
    if (portal.now >= until) return { kind: "due", call: finalize(parent, portal, fields, submitter, child.name) };
    soonest = sooner(soonest, { kind: "waits", for: WAITS_MATURING, until });
  }
  return soonest;
}

/** A withdrawal that nobody proved, or whose proofs count no more: it is proven, or waits for a proposal. */
async function nextOfUnproven(
  leg: Leg,
  portal: Portal,
  { hash, fields }: Withdrawal,
  blockNumber: number,
): Promise<NextOfJourney> {
  const { parent, child } = leg;
  const proposal = await findProposal(leg, portal, { hash, blockNumber });
  if (proposal === undefined) {
    const { timestamp } = await readBlock(child.provider, blockNumber);
    return { kind: "waits", for: WAITS_PROPOSAL, until: timestamp + STACK_TIMES.optimism.nominal };
  }
  const { index, output, proof } = proposal;
  return {
    kind: "due",
    call: {
      title: `prove the withdrawal from ${child.name} at its portal`,
      by: "anyone",
      at: parent,
      to: portal.address,
      data: PORTAL.encodeFunctionData("proveWithdrawalTransaction", [fields, index, output, proof]),
      value: 0n,
    },
  };
}

const finalize = (
  at: Leg["parent"],
  { address }: Portal,
  fields: Withdrawal["fields"],
  submitter: string,
  child: string,
): StackCall => ({
  title: `finalize the withdrawal from ${child} at its portal`,
  by: "anyone",
  at,
  to: address,
  data: PORTAL.encodeFunctionData("finalizeWithdrawalTransactionExternalProof", [fields, submitter]),
  value: 0n,
  estimateAs: ESTIMATION_ADDRESS,
});

const WAITS_PROPOSAL =
  "a proposal that covers it (mostly within hours); then it can be proven, and matures for 7 days or what the portal says";
const WAITS_MATURING = "its proof to mature and the proposal to be final; then anyone can finalize it";
const WAITS_DISPUTED = "the dispute over the proposal that it was proven against; then anyone can finalize it";

const later = (a: bigint, b: bigint): bigint => (a > b ? a : b);

type Waiting = Extract<NextOfJourney, { kind: "waits" }>;
const sooner = (a: Waiting | undefined, b: Waiting): Waiting =>
  a?.until === undefined || (b.until !== undefined && b.until < a.until) ? b : a;
