/** Not among the tests that are run instrumented for coverage: how much gas code uses is what this is about. */
import { expect } from "chai";
import { getAddress, id, toBigInt } from "ethers";

import { encodeTable, SCHEME_ECDSA, type Hex } from "../../src/wire/index.ts";
import {
  freshOptimismFabric,
  minGasOf,
  sendAsSettlement,
  type OptimismFabric,
} from "../contracts/bridges/optimism/fabric.ts";
import { DAY, someAddress } from "../contracts/settlement/fabric.ts";

/** What a transaction may use at most (EIP-7825). */
const TRANSACTION_GAS = 16_777_216n;

/** The largest table: as many operators, and as many members, all new to the rollup, as there may be. */
async function largestTable({ l1, settlement, optimism }: OptimismFabric): Promise<Hex> {
  const now = BigInt(await l1.networkHelpers.time.latest());
  const others = Array.from({ length: 63 }, (_, n) => ({ chainId: BigInt(n) + 5_000n, gateway: someAddress(n) }));
  return encodeTable(
    {
      scheme: SCHEME_ECDSA,
      snapshot: now,
      expiry: now + DAY,
      weightFloor: 1n,
      // Full of bytes that are not zero, which are the dearest.
      operators: manyOperators(256),
      members: [optimism.ref, ...others].map((ref) => ({ ...ref, certifiableUntil: 2n ** 64n - 1n, flags: 0 })),
    },
    { chainId: l1.chainId, settlement: await settlement.getAddress() },
  );
}

function manyOperators(count: number): { key: string; weight: bigint }[] {
  return Array.from({ length: count }, (_, n) => {
    const bytes = id(`parley operator ${n}`);
    return { key: getAddress(bytes.slice(0, 42)), weight: toBigInt(`0x${bytes.slice(42, 64)}`) };
  }).sort((a, b) => (a.key.toLowerCase() < b.key.toLowerCase() ? -1 : 1));
}

describe("OP Stack bridge: the largest table that there may be", () => {
  it("arrives by default at the first attempt, and fits a transaction on L1", async () => {
    const fabric = await freshOptimismFabric();
    const { optimism, l1 } = fabric;
    await l1.networkHelpers.setNextBlockBaseFeePerGas(1_000_000_000n);
    const table = await largestTable(fabric);
    const receipt = await (await sendAsSettlement(fabric, [table])).wait();
    expect(receipt!.gasUsed < TRANSACTION_GAS).to.equal(true);
    expect(minGasOf(fabric, receipt)).to.equal(9_250_000n);
    await optimism.pair.down();
    const { deposit } = optimism.pair.executed[0]!;
    expect(await optimism.pair.fateOf("child", deposit.data)).to.equal("delivered");
    const [address] = await optimism.gateway.tableInForce();
    const contract = await optimism.connection.ethers.getContractAt("EcdsaOperatorTable", address);
    expect((await contract.table()).totalWeight).to.equal(
      manyOperators(256).reduce((total, { weight }) => total + weight, 0n),
    );
  });
});
