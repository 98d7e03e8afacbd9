import { expect } from "chai";

import { classifyRefusal, type RefusalKind } from "../../../src/sending/index.ts";
import { nodeError } from "./fakeChain.ts";

/** What clients say, word for word. */
const WORDS: Readonly<Partial<Record<RefusalKind, readonly (readonly [client: string, text: string])[]>>> = {
  "nonce-too-low": [
    ["geth", "nonce too low: next nonce 5, tx nonce 3"],
    ["Nethermind", "OldNonce, Current nonce: 22, nonce of rejected tx: 17"],
    ["Nethermind", "nonce too low"],
    ["Erigon", "INTERNAL_ERROR: nonce too low"],
    ["Besu", "Nonce too low"],
    ["nitro", "nonce too low: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8089 state: 8090"],
    ["ZKsync", "nonce too low. allowed nonce range: 427 - 447, actual: 426"],
    ["EDR", "Nonce too low. Expected nonce to be 5 but got 3."],
  ],
  "nonce-too-high": [
    ["Nethermind", "NonceGap, Future nonce. Expected nonce: 10"],
    ["nitro", "nonce too high: address 0x336394A3219e71D9d9bd18201d34E95C1Bb7122C, tx: 8091 state: 8090"],
    ["ZKsync", "nonce too high. allowed nonce range: 427 - 477, actual: 527"],
    ["Besu", "Transaction nonce is too distant from current sender nonce"],
    [
      "EDR",
      "Nonce too high. Expected nonce to be 0 but got 2. Note that transactions can't be queued when automining.",
    ],
    ["geth", "gapped-nonce tx from delegated accounts"],
  ],
  "already-known": [
    ["geth", "already known"],
    ["Nethermind", "AlreadyKnown"],
    ["Erigon", "ALREADY_EXISTS: already known"],
    ["Besu", "Known transaction"],
    ["ZKsync", "known transaction. transaction with hash 0x6013…3053 is already in the system"],
    ["EDR", "Known transaction: 0x7f657507aee0511e"],
    ["anvil", "transaction already imported"],
  ],
  "replacement-underpriced": [
    ["geth", "replacement transaction underpriced"],
    ["geth", "future transaction tries to replace pending"],
    ["Nethermind", "ReplacementNotAllowed"],
    ["Nethermind", "OwnNonceAlreadyUsed"],
    ["Erigon", "INTERNAL_ERROR: could not replace existing tx"],
    [
      "EDR",
      "Replacement transaction underpriced. A gasPrice/maxFeePerGas of at least 11 is necessary to replace the existing transaction with nonce 3.",
    ],
  ],
  underpriced: [
    ["geth", "transaction underpriced: gas tip cap 0, minimum needed 1"],
    ["geth", "max fee per gas less than block base fee: address 0x33, maxFeePerGas: 1, baseFee: 7"],
    ["Nethermind", "FeeTooLow, MaxFeePerGas too low. MaxFeePerGas: 50, BaseFee: 100, MaxPriorityFeePerGas:200"],
    ["Nethermind", "FeeTooLowToCompete"],
    ["Erigon", "FEE_TOO_LOW: underpriced"],
    ["Besu", "Gas price below current base fee"],
    ["op-geth", "transaction underpriced"],
    ["EDR", "Transaction maxFeePerGas (1) is too low for the next block, which has a baseFeePerGas of 7"],
  ],
  "insufficient-funds": [
    ["geth", "insufficient funds for gas * price + value: balance 0, tx cost 1, overshot 1"],
    ["geth", "insufficient funds for gas * price + value: address 0xb6 have 1 want 2"],
    ["Nethermind", "InsufficientFunds, Account balance: 4740799397601480913, cumulative cost: 22019342038993800000"],
    ["Erigon", "INTERNAL_ERROR: insufficient funds for gas * price + value"],
    ["Besu", "Upfront cost exceeds account balance"],
    ["nitro", "insufficient funds for gas * price + value: address 0xb68D have 9934612900000000 want 9936662900000000"],
    ["ZKsync", "insufficient funds for gas + value. balance: 0, fee: 1, value: 0"],
    [
      "EDR",
      "Sender doesn't have enough funds to send tx. The max upfront cost is: 21000 and the sender's balance is: 0.",
    ],
  ],
  reverted: [
    ["EDR", "VM Exception while processing transaction: reverted with custom error 'InsufficientFunds()'"],
    ["ZKsync", "execution reverted: nonce too low"],
  ],
  invalid: [
    ["geth", "intrinsic gas too low: gas 21000, minimum needed 53000"],
    ["geth", "exceeds block gas limit"],
    ["geth", "tx fee (1.10 ether) exceeds the configured cap (1.00 ether)"],
    ["geth", "oversized data: transaction size 140000, limit 131072"],
    ["geth", "invalid sender"],
    ["EDR", "Transaction gas limit is 90000000 and exceeds block gas limit of 60000000"],
    ["Besu", "Transaction gas limit exceeds block gas limit"],
    ["geth", "transaction type not supported"],
  ],
  unavailable: [
    ["geth", "txpool is full"],
    ["nitro", "sequencer pending tx pool full, please try again"],
    ["nitro", "queue full"],
    ["provider", "rate limit exceeded"],
    ["provider", "Too Many Requests"],
    ["proxy", "502 Bad Gateway"],
  ],
  unknown: [["anyone", "some other words"]],
};

describe("What nodes refuse a transaction with", () => {
  for (const [kind, cases] of Object.entries(WORDS)) {
    it(`${kind}: whatever the client`, () => {
      for (const [client, text] of cases) {
        const wrapped = new Error(text, { cause: new Error("something else") });
        expect(classifyRefusal(nodeError(text)).kind, `${client}: ${text}`).to.equal(kind);
        expect(classifyRefusal({ info: { error: { code: -32000, message: text } } }).kind, text).to.equal(kind);
        expect(classifyRefusal(wrapped).kind, text).to.equal(kind);
      }
    });
  }

  it("takes the node's words for what they are, not for what a transaction's bytes spell", () => {
    const error = Object.assign(new Error('replacement underpriced (transaction="nonce too low")'), {
      shortMessage: "replacement fee too low",
      info: { error: { message: "insufficient funds for gas * price + value" } },
    });
    expect(classifyRefusal(error)).to.deep.equal({
      kind: "insufficient-funds",
      text: "insufficient funds for gas * price + value",
    });
  });

  it("takes what never reached a node for unavailable", () => {
    for (const code of ["NETWORK_ERROR", "SERVER_ERROR", "TIMEOUT"]) {
      expect(classifyRefusal(Object.assign(new Error("no words"), { code })).kind).to.equal("unavailable");
    }
    expect(classifyRefusal(new Error("connect ECONNREFUSED 127.0.0.1:8545")).kind).to.equal("unavailable");
    expect(classifyRefusal("a text").kind).to.equal("unknown");
  });
});
