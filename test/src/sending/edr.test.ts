import { expect } from "chai";
import { id, Wallet } from "ethers";
import { network } from "hardhat";

import { MemoryPendingTransactions, Sender, type SenderOptions } from "../../../src/sending/index.ts";

const TO = `0x${"22".repeat(20)}`;

describe("Sender on a node with a mempool", () => {
  const wallet = new Wallet(id("parley edr sending test"));
  const opened: Sender[] = [];

  const start = async () => {
    const { ethers, networkHelpers, provider } = await network.create();
    await networkHelpers.setBalance(wallet.address, 10n ** 18n);
    await provider.request({ method: "evm_setAutomine", params: [false] });
    let now = 1_000_000;
    const open = async (more: Partial<SenderOptions> = {}): Promise<Sender> => {
      const sender = await Sender.open({
        ...{ chainId: (await ethers.provider.getNetwork()).chainId, provider: ethers.provider, confirmations: 1 },
        ...{ signer: wallet.connect(ethers.provider), store: new MemoryPendingTransactions(), clock: () => now },
        ...{ settings: { lookEvery: 1_000_000, replaceAfter: 10_000 } },
        ...more,
      });
      opened.push(sender);
      return sender;
    };
    return {
      ...{ ethers, provider, open },
      mine: () => provider.request({ method: "evm_mine", params: [] }),
      pass: (milliseconds: number) => (now += milliseconds),
      waiting: async (count: number) => {
        const inPool = async (): Promise<unknown[]> =>
          (await provider.request({ method: "eth_pendingTransactions", params: [] })) as unknown[];
        for (let turn = 0; turn < 500 && (await inPool()).length < count; ++turn)
          await ethers.provider.getBlockNumber();
        return (await inPool()).length;
      },
    };
  };

  afterEach(() => {
    for (const sender of opened.splice(0)) sender.close();
  });

  for (const kind of ["its own key", "a key that the node keeps"]) {
    it(`has several on their way, replaces them, and sees them mined: with ${kind}`, async () => {
      const chain = await start();
      const [keptByNode] = await chain.ethers.getSigners();
      const sender = await chain.open(kind === "its own key" ? {} : { signer: keptByNode! });
      const outcomes = ["a", "b", "c"].map((key) => sender.send({ key, to: TO, data: id(key), value: 1n }));
      expect(await chain.waiting(3)).to.equal(3);
      chain.pass(10_000);
      await sender.look();
      expect([await chain.waiting(3), sender.status().refusal]).to.deep.equal([3, undefined]);
      await chain.mine();
      await sender.look();
      const receipts = await Promise.all(outcomes);
      const sent = await Promise.all(receipts.map(({ hash }) => chain.ethers.provider.getTransaction(hash)));
      expect(sent.map((transaction) => [transaction?.data, transaction?.nonce])).to.deep.equal(
        ["a", "b", "c"].map((key, nonce) => [id(key), nonce]),
      );
      expect(await chain.ethers.provider.getBalance(TO)).to.equal(3n);
      expect(sender.status().onTheirWay).to.equal(0);
    });
  }

  it("learns from the node's own words: nonce too low, replacement underpriced, no funds", async () => {
    const chain = await start();
    const sender = await chain.open();
    const other = wallet.connect(chain.ethers.provider);
    await other.sendTransaction({ to: TO, value: 1n, gasLimit: 21_000n });
    const first = sender.send({ key: "first", to: TO, data: "0x", value: 2n });
    expect(await chain.waiting(2)).to.equal(2);
    await chain.mine();
    await sender.look();
    expect((await chain.ethers.provider.getTransaction((await first).hash))?.nonce).to.equal(1);

    await other.sendTransaction({ to: TO, value: 1n, gasLimit: 21_000n });
    await chain.mine();
    const second = sender.send({ key: "second", to: TO, data: "0x", value: 2n });
    expect(await chain.waiting(1)).to.equal(1);
    await chain.mine();
    await sender.look();
    expect((await chain.ethers.provider.getTransaction((await second).hash))?.nonce).to.equal(3);

    const rich = { key: "rich", to: TO, data: "0x", value: 10n ** 18n };
    const outcomes = [sender.send(rich), sender.send({ ...rich, key: "blind", gasLimit: 21_000n })];
    const codes = (await Promise.allSettled(outcomes)).map((outcome) =>
      outcome.status === "rejected" ? (outcome.reason as { code: string }).code : "sent",
    );
    expect(codes).to.deep.equal(["sending/no-funds", "sending/no-funds"]);
  });

  it("answers at once where each transaction gets a block, and says what reverted there", async () => {
    const chain = await start();
    await chain.provider.request({ method: "evm_setAutomine", params: [true] });
    const store = new MemoryPendingTransactions();
    const sender = await chain.open({ confirmations: 0, store });
    expect(await sender.send({ key: "a", to: TO, data: "0x", value: 1n })).to.include({ status: 1 });
    // The code of a contract that refuses everything: PUSH0 PUSH0 REVERT.
    await chain.provider.request({ method: "hardhat_setCode", params: [TO, "0x5f5ffd"] });
    const outcome = await sender.send({ key: "b", to: TO, data: "0x", gasLimit: 60_000n }).catch((e: unknown) => e);
    expect((outcome as { code: string }).code).to.equal("sending/reverted");
    const tried = await sender.send({ key: "c", to: TO, data: "0x" }).catch((error: unknown) => error);
    expect((tried as { code: string }).code).to.equal("sending/would-revert");
    const { chainId } = await chain.ethers.provider.getNetwork();
    expect(await store.load({ chainId, address: wallet.address.toLowerCase() })).to.deep.equal([]);
  });
});
