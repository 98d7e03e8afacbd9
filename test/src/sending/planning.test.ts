import { expect } from "chai";
import fc from "fast-check";

import {
  bumped,
  firstFees,
  replacementFees,
  type Market,
  type PendingTransaction,
} from "../../../src/sending/index.ts";
import { missingNonces, nextNonce } from "../../../src/sending/nonces.ts";
import {
  planRefusal,
  planTransaction,
  type SendingPolicy,
  type TransactionView,
} from "../../../src/sending/planTransaction.ts";
import { check } from "../../support/property.ts";

const GWEI = 10n ** 9n;
const MARKET: Market = { kind: "eip1559", baseFee: 10n * GWEI, tip: GWEI };
const LEGACY: Market = { kind: "legacy", gasPrice: 11n * GWEI };

describe("Fees of what is sent", () => {
  it("leave room for the base fee to double, within the ceiling", () => {
    expect(firstFees(MARKET, undefined)).to.deep.equal({ maxFeePerGas: 21n * GWEI, maxPriorityFeePerGas: GWEI });
    expect(firstFees(MARKET, 15n * GWEI)).to.deep.equal({ maxFeePerGas: 15n * GWEI, maxPriorityFeePerGas: GWEI });
    expect(firstFees(MARKET, 11n * GWEI)).to.deep.equal({ maxFeePerGas: 11n * GWEI, maxPriorityFeePerGas: GWEI });
    expect(firstFees(MARKET, 11n * GWEI - 1n)).to.equal(undefined);
    expect(firstFees(LEGACY, undefined)).to.deep.equal({ gasPrice: 11n * GWEI });
    expect(firstFees(LEGACY, 11n * GWEI - 1n)).to.equal(undefined);
  });

  it("rise by an eighth at least when they replace, by more if the chain asks for more, and never above the ceiling", () => {
    const before = { maxFeePerGas: 8n * GWEI, maxPriorityFeePerGas: 8n };
    expect(replacementFees(before, { kind: "eip1559", baseFee: 1n, tip: 1n }, undefined)).to.deep.equal({
      maxFeePerGas: 9n * GWEI,
      maxPriorityFeePerGas: 9n,
    });
    expect(replacementFees(before, MARKET, undefined)).to.deep.equal({
      maxFeePerGas: 21n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    expect(replacementFees(before, MARKET, 10n * GWEI)).to.deep.equal({
      maxFeePerGas: 10n * GWEI,
      maxPriorityFeePerGas: GWEI,
    });
    expect(replacementFees(before, MARKET, 9n * GWEI - 1n)).to.equal(undefined);
    expect(replacementFees({ gasPrice: 8n }, LEGACY, undefined)).to.deep.equal({ gasPrice: 11n * GWEI });
    expect(replacementFees({ gasPrice: 8n * GWEI }, { kind: "legacy", gasPrice: 1n }, 9n * GWEI)).to.deep.equal({
      gasPrice: 9n * GWEI,
    });
    expect(replacementFees({ gasPrice: 8n * GWEI }, LEGACY, 8n * GWEI)).to.equal(undefined);
    // Fees of zero rise, too: nodes want more than before.
    expect(bumped(0n)).to.equal(1n);
  });

  it("are always a replacement that nodes take, or none", () => {
    const fee = fc.bigInt({ min: 0n, max: 10n ** 12n });
    check(
      fc.property(fee, fee, fee, fee, fc.option(fee, { nil: undefined }), (cap, part, baseFee, tip, ceiling) => {
        const before = { maxFeePerGas: cap + part, maxPriorityFeePerGas: part };
        const fees = replacementFees(before, { kind: "eip1559", baseFee, tip }, ceiling);
        if (fees === undefined || "gasPrice" in fees) return ceiling !== undefined || cap === 0n || part > 0n;
        return (
          8n * fees.maxFeePerGas >= 9n * before.maxFeePerGas &&
          8n * fees.maxPriorityFeePerGas >= 9n * before.maxPriorityFeePerGas &&
          fees.maxFeePerGas > before.maxFeePerGas &&
          fees.maxPriorityFeePerGas > before.maxPriorityFeePerGas &&
          fees.maxPriorityFeePerGas <= fees.maxFeePerGas &&
          (ceiling === undefined || fees.maxFeePerGas <= ceiling)
        );
      }),
    );
  });
});

describe("Nonces", () => {
  it("are given out without a gap: the lowest that nothing has", () => {
    expect(nextNonce({ floor: 5, given: new Set() })).to.equal(5);
    expect(nextNonce({ floor: 5, given: new Set([5, 6, 8]) })).to.equal(7);
    expect(nextNonce({ floor: 7, given: new Set([5, 6]) })).to.equal(7);
  });

  it("are missing where nothing has them although later ones are given out", () => {
    expect(missingNonces(5, 5, new Set([5, 6]))).to.deep.equal([]);
    expect(missingNonces(5, 5, new Set([6, 8]))).to.deep.equal([5, 7]);
    expect(missingNonces(5, 7, new Set([8]))).to.deep.equal([7]);
    expect(missingNonces(5, 5, new Set())).to.deep.equal([]);
  });
});

describe("What is done about a transaction on its way", () => {
  const fees = { maxFeePerGas: 20n * GWEI, maxPriorityFeePerGas: GWEI };
  const sent: PendingTransaction = {
    ...{ nonce: 5, key: "k", covers: [], to: "0x", data: "0x", value: 0n, gasLimit: 21_000n },
    attempts: [{ fees, hash: "0x01", raw: "0x02", sentAt: 1_000 }],
  };
  const policy: SendingPolicy = { replaceAfter: 500, displacedAfter: 300, ceiling: 30n * GWEI };
  const pooled: TransactionView = {
    ...{ mined: 5, minedIn: undefined, finalBlock: 90, isKnown: true, missingSince: undefined },
  };
  const plan = (
    view: Partial<TransactionView>,
    now = 1_000,
    ceiling = policy.ceiling,
  ): ReturnType<typeof planTransaction> =>
    planTransaction(sent, { ...pooled, ...view }, MARKET, { ...policy, ceiling }, now);

  it("it is watched until its block is final, and then forgotten", () => {
    expect(plan({ mined: 6, minedIn: 91 })).to.deep.equal({ kind: "watch" });
    expect(plan({ mined: 6, minedIn: 90 })).to.deep.equal({ kind: "forget" });
  });

  it("it is handed over again where the node does not have it", () => {
    expect(plan({ isKnown: false })).to.deep.equal({ kind: "resubmit" });
  });

  it("it pays more once it has waited, up to the ceiling", () => {
    expect(plan({}, 1_499)).to.deep.equal({ kind: "wait" });
    const raised = { maxFeePerGas: 22_500_000_000n, maxPriorityFeePerGas: 1_125_000_000n };
    expect(plan({}, 1_500)).to.deep.equal({ kind: "replace", fees: raised });
    expect(plan({}, 1_500, 22n * GWEI)).to.deep.equal({ kind: "capped" });
  });

  it("it counts as displaced only when its nonce was taken for a while: a node's answers may lag", () => {
    expect(plan({ mined: 6 }, 2_000)).to.deep.equal({ kind: "wait" });
    expect(plan({ mined: 6, missingSince: 1_701 }, 2_000)).to.deep.equal({ kind: "wait" });
    expect(plan({ mined: 6, missingSince: 1_700 }, 2_000)).to.deep.equal({ kind: "displaced" });
  });

  it("a refusal never drops, renumbers or reprices what a node may have taken", () => {
    const kinds = [
      ...(["nonce-too-low", "nonce-too-high", "already-known", "replacement-underpriced", "underpriced"] as const),
      ...(["insufficient-funds", "reverted", "invalid", "unavailable", "unknown"] as const),
    ];
    for (const kind of kinds) {
      for (const isFirst of [true, false]) {
        expect(planRefusal(kind, { isFresh: true, isKnown: true, isFirst }), kind).to.equal("sent");
        expect(planRefusal(kind, { isFresh: false, isKnown: false, isFirst }), kind).to.be.oneOf([
          "sent",
          "keep",
          "cancel",
        ]);
      }
    }
    const fresh = (kind: (typeof kinds)[number], isFirst = true): string =>
      planRefusal(kind, { isFresh: true, isKnown: false, isFirst });
    expect(kinds.map((kind) => fresh(kind))).to.deep.equal([
      ...["renumber", "renumber", "sent", "renumber", "reprice", "drop", "drop", "drop", "keep", "drop"],
    ]);
    expect(fresh("nonce-too-high", false)).to.equal("keep");
    expect(planRefusal("invalid", { isFresh: false, isKnown: false, isFirst: true })).to.equal("cancel");
  });
});
