/** What the nodes of real rollups answer beside Ethereum's methods, over the simulated chains that are played. */
import { Interface, toQuantity, zeroPadValue } from "ethers";

import type { ChainProvider } from "../../../src/testing/eigenlayer.ts";
import type { Hex } from "../../../src/wire/index.ts";
import type { ArbitrumPair } from "./arbitrum.ts";
import type { ZksyncPair } from "./zksync.ts";
import { batchRoot, L1_MESSENGER } from "./zksync/logTree.ts";

type Request = Parameters<ChainProvider["request"]>[0];

/** Answers a request, or has the chain answer it. */
export type PlayedNode = (request: Request, chain: ChainProvider) => Promise<unknown>;

interface Call {
  readonly to?: string;
  readonly data?: Hex;
}

const NODE_INTERFACE = "0x00000000000000000000000000000000000000c8";
const ARB_RETRYABLE_TX = "0x000000000000000000000000000000000000006e";

/** Nitro's contracts that are not there: nitro-contracts 3.2.0, NodeInterface.sol and ArbRetryableTx.sol. */
const NITRO = new Interface([
  "function constructOutboxProof(uint64 size, uint64 leaf) view returns (bytes32 send, bytes32 root, bytes32[] proof)",
  "function getTimeout(bytes32 ticketId) view returns (uint256)",
  "function redeem(bytes32 ticketId) returns (bytes32)",
  "error NoTicketWithID()",
]);

/** Gas that redeeming a ticket takes with its attempt: Nitro's nodes estimate both together. */
const REDEEM_GAS = 1_500_000n;

/**
 * A Nitro node: NodeInterface, ArbRetryableTx, receipts of tickets' submissions, and `sendRoot` and `sendCount` in blocks (docs.arbitrum.io, "RPC
 * methods", Blocks: both in hexadecimal, beside Ethereum's fields).
 */
export const nitroNode =
  (pair: ArbitrumPair): PlayedNode =>
  async (request, chain) => {
    const [first] = (request.params ?? []) as [unknown];
    const { to, data = "0x" } = (typeof first === "object" ? first : {}) as Call;
    const isTicket = to?.toLowerCase() === ARB_RETRYABLE_TX;
    switch (request.method) {
      case "eth_getBlockByHash": {
        const block = (await chain.request(request)) as { number: string } | null;
        if (block === null) return null;
        const { sendCount, sendRoot } = pair.sentBy(Number(block.number));
        return { ...block, sendCount: toQuantity(sendCount), sendRoot };
      }
      case "eth_call": {
        if (to?.toLowerCase() === NODE_INTERFACE) {
          const [size, leaf] = NITRO.decodeFunctionData("constructOutboxProof", data) as unknown as [bigint, bigint];
          return NITRO.encodeFunctionResult("constructOutboxProof", Object.values(pair.outboxProof(size, leaf)));
        }
        if (!isTicket) break;
        const timeout = await pair.tickets.timeoutOf(String(NITRO.decodeFunctionData("getTimeout", data)[0]));
        if (timeout !== undefined) return NITRO.encodeFunctionResult("getTimeout", [timeout]);
        throw reverted(NITRO.encodeErrorResult("NoTicketWithID", []));
      }
      case "eth_estimateGas":
        if (isTicket) return toQuantity(REDEEM_GAS);
        break;
      case "eth_sendTransaction": {
        if (!isTicket) break;
        const { number } = pair.tickets.submission(String(NITRO.decodeFunctionData("redeem", data)[0]))!;
        const hash = await chain.request(request);
        await pair.tickets.redeem(number, REDEEM_GAS);
        return hash;
      }
      case "eth_getTransactionReceipt": {
        const submission = pair.tickets.submission(String(first));
        if (submission === undefined) break;
        return await receiptIn(chain, submission.block, String(first), "0x69");
      }
    }
    return await chain.request(request);
  };

/**
 * A ZK Stack node: `zks_getL2ToL1LogProof`, the fields of batches in receipts, and receipts of what L1 queued by the hashes that the
 * Mailbox names (docs.zksync.io, "ZKsync JSON-RPC API"; zksync-era, core/lib/types/src/api: numbers of batches in hexadecimal, `id` a number).
 */
export const zksyncNode =
  (pair: ZksyncPair): PlayedNode =>
  async (request, chain) => {
    const [hash, index] = (request.params ?? []) as [Hex, number];
    switch (request.method) {
      case "zks_getL2ToL1LogProof": {
        const message = pair.sealedIn(hash)[index];
        if (message === undefined) return null;
        return { id: message.index, proof: pair.proofOf(message), root: batchRoot(pair.logsOf(message.batch)) };
      }
      case "eth_getTransactionReceipt": {
        const executed = pair.executedAs(hash);
        if (executed !== undefined) {
          const receipt = (await chain.request({ ...request, params: [executed] })) as object;
          return { ...receipt, transactionHash: hash };
        }
        const receipt = (await chain.request(request)) as { logs: Log[] } | null;
        if (receipt === null) return null;
        const [message] = pair.sealedIn(hash);
        const said = receipt.logs.filter(
          ({ topics }) => topics[0] === pair.messenger.interface.getEvent("L1MessageSent").topicHash,
        );
        return {
          ...receipt,
          l1BatchNumber: message === undefined ? null : toQuantity(message.batch),
          l1BatchTxIndex: message === undefined ? null : toQuantity(message.txNumberInBatch),
          l2ToL1Logs: said.map(({ topics: [, key, value] }) => ({ sender: L1_MESSENGER, key, value })),
        };
      }
      default:
        return await chain.request(request);
    }
  };

interface Log {
  readonly topics: Hex[];
}

/** A receipt of a transaction that the chain's own software makes. */
async function receiptIn(chain: ChainProvider, number: number, transactionHash: Hex, type: Hex): Promise<object> {
  const block = await chain.request({ method: "eth_getBlockByNumber", params: [toQuantity(number), false] });
  const { hash: blockHash } = block as { hash: Hex };
  return {
    ...{ transactionHash, type, blockHash, blockNumber: toQuantity(number), transactionIndex: "0x0" },
    ...{ from: ARB_RETRYABLE_TX, to: ARB_RETRYABLE_TX, contractAddress: null, logs: [], status: "0x1" },
    ...{ gasUsed: "0x0", cumulativeGasUsed: "0x0", effectiveGasPrice: "0x1", logsBloom: zeroPadValue("0x", 256) },
  };
}

/** How nodes answer a call that reverts. */
const reverted = (data: Hex): Error => Object.assign(new Error("execution reverted"), { code: 3, data });
