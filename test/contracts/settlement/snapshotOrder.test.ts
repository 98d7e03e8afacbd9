import { expect } from "chai";
import { computeAddress, id, Wallet } from "ethers";

import { createOperator } from "../../../src/testing/eigenlayer.ts";
import { decodeTable } from "../../../src/wire/index.ts";
import { BOND, createFabric, ETHER, MEMBER_NOTICE, REGISTRATION, signingKey, type Fabric } from "./fabric.ts";

const OPERATORS = 40;

describe("ServiceManager: operators that choose their order", () => {
  let fabric: Fabric;

  before(async () => {
    fabric = await createFabric();
  });
  beforeEach(async () => {
    await fabric.reset();
    await fabric.addMembers();
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
  });

  const mixed = Array.from({ length: OPERATORS }, (_, n) => signingKey(n)).map((key) => ({
    key,
    address: computeAddress(key.publicKey),
  }));
  const ascending = [...mixed].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));

  /** Gas of a snapshot of operators that entered in this order, and the keys in its table. */
  async function snapshotOf(order: typeof mixed): Promise<{ gas: bigint; keys: string[] }> {
    const token = await fabric.l1.tokens[0].getAddress();
    for (const [n, { key }] of order.entries()) {
      const operator = new Wallet(id(`operator account ${n}`), fabric.l1.ethers.provider);
      await fabric.l1.networkHelpers.setBalance(operator.address, 2n * ETHER);
      await createOperator({
        operator,
        key,
        operatorSet: fabric.set,
        token,
        strategy: fabric.l1.strategies[0],
        stake: ETHER,
        bond: BOND,
        data: REGISTRATION,
      });
    }
    const receipt = await (await fabric.manager.snapshot()).wait();
    const [table] = await fabric.manager.latestTable();
    const { operators } = decodeTable(await fabric.manager.tableItem(table), {
      chainId: fabric.l1.chainId,
      settlement: await fabric.settlement.getAddress(),
    });
    return { gas: receipt!.gasUsed, keys: operators.map(({ key }) => key) };
  }

  it("incident: unbounded loops: no order of keys makes a snapshot dear", async () => {
    const sorted = ascending.map(({ address }) => address);
    const first = await snapshotOf(mixed);
    await fabric.reset();
    await fabric.addMembers();
    await fabric.l1.networkHelpers.time.increase(MEMBER_NOTICE);
    const last = await snapshotOf([...ascending].reverse());
    expect(first.keys).to.deep.equal(sorted);
    expect(last.keys).to.deep.equal(sorted);
    const difference = first.gas > last.gas ? first.gas - last.gas : last.gas - first.gas;
    expect(difference < 500n * BigInt(OPERATORS), `${first.gas} ${last.gas}`).to.equal(true);
  }).timeout(60_000);
});
