import { expect } from "chai";
import { FeeData, type Provider, type TransactionRequest } from "ethers";

import { amplyEstimated } from "../../../src/chain/amplyEstimated.ts";
import { feesNow, highestOf } from "../../../src/chain/feesNow.ts";

const nodeThat = (says: { fees?: FeeData; gas?: bigint }): Provider =>
  ({
    getFeeData: () => Promise.resolve(says.fees ?? new FeeData()),
    estimateGas: (_: TransactionRequest) => Promise.resolve(says.gas ?? 0n),
  }) as unknown as Provider;

describe("Fees and gas of a transaction", () => {
  it("names EIP-1559's prices where a chain has them, and one price elsewhere", async () => {
    const modern = await feesNow(nodeThat({ fees: new FeeData(5n, 30n, 2n) }));
    expect(modern).to.deep.equal({ maxFeePerGas: 30n, maxPriorityFeePerGas: 2n });
    expect(highestOf(modern)).to.equal(30n);
    const legacy = await feesNow(nodeThat({ fees: new FeeData(5n, null, null) }));
    expect(legacy).to.deep.equal({ gasPrice: 5n });
    expect(highestOf(legacy)).to.equal(5n);
    expect(highestOf(await feesNow(nodeThat({})))).to.equal(0n);
  });

  it("gives a quarter more gas than is estimated, and never more than a transaction may have", async () => {
    expect(await amplyEstimated(nodeThat({ gas: 1_000n }), {})).to.equal(1_250n);
    expect(await amplyEstimated(nodeThat({ gas: 16_000_000n }), {})).to.equal(16_777_216n);
  });
});
