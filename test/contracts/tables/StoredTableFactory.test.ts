import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { adoptTable, createChains, type Chain } from "../../fixtures/gateways.ts";
import { SourceLane, sourceOn } from "../../fixtures/lane.ts";
import { certify, deliver } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { deployTable } from "../../fixtures/tables.ts";

describe("Tables that keep their data in storage", () => {
  const operators = makeOperators(4);
  let chain: Chain;
  before(async () => {
    [chain] = await createChains([1002n], { tableFactory: "StoredTableFactory" });
  });
  beforeEach(() => chain.reset());

  it("all have one code, whatever is in them", async () => {
    const codes = new Set<string>();
    for (const count of [1, 3, 200]) {
      const table = await deployTable(chain, { operators: makeOperators(count), id: id(`table ${count}`) });
      codes.add(await chain.ethers.provider.getCode(table));
      expect((await table.table()).totalWeight).to.equal(BigInt(count) * 32n * 10n ** 18n);
    }
    expect(codes.size).to.equal(1);
  });

  it("R17, R18, R19: a Gateway adopts them, believes their quorum and no less, and follows the next one", async () => {
    const lane = new SourceLane(sourceOn(77n), chain);
    const { contract } = await adoptTable(chain, { members: [chain, lane.source], operators });
    const recipient = await chain.ethers.deployContract("SilentRecipient");
    const sent = lane.send({ recipient: await recipient.getAddress() });
    const by = async (indices: number[], signers = operators): Promise<ReturnType<typeof deliver>> =>
      deliver(
        chain,
        lane.source,
        sent.before,
        [sent.item],
        await certify(lane, chain, sent.after, signers, { indices }),
      );
    await expect(by([0, 1])).to.be.revertedWithCustomError(contract, "QuorumNotReached");
    await expect(by([0, 1, 3])).to.emit(chain.contract, "MessageDelivered");

    const others = makeOperators(7).slice(4);
    const next = await adoptTable(chain, { members: [chain, lane.source], operators: others });
    expect(await next.contract.getAddress()).to.not.equal(await contract.getAddress());
    await expect(by([0, 1, 3])).to.be.revertedWithCustomError(next.contract, "InvalidSignature");
  });

  it("incident: Wormhole 2022: one that a stranger makes of nothing verifies nothing", async () => {
    const header = { id: ZeroHash, snapshot: 1n, expiry: (1n << 64n) - 1n, weightFloor: 0n };
    const empty = await chain.ethers.deployContract("StoredOperatorTable", [header, [], "0x", 0n]);
    const certificate = `0x00${"01".repeat(64)}`;
    await expect(empty.verify(ZeroHash, certificate, 6_667n, ZeroHash)).to.be.revertedWithCustomError(
      empty,
      "MalformedCertificate",
    );
    await expect(empty.verify(ZeroHash, "0x", 6_667n, ZeroHash)).to.be.revertedWithCustomError(
      empty,
      "MalformedCertificate",
    );
  });
});
