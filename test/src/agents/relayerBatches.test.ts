import { expect } from "chai";
import { Interface } from "ethers";

import { followLanes } from "../../../src/chain/lanes.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import {
  decodeProof,
  encodeBatch,
  encodeProof,
  foldBatch,
  genesis,
  Level,
  type BatchItem,
  type Hex,
} from "../../../src/wire/index.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.js";
import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import {
  NOTHING,
  deployed,
  recorderOn,
  idsOf,
  deadOperator,
  ALPHA_CONFIRMATIONS,
  gatewayOf,
  mine,
  operatorsOf,
  relayerOf,
  requestOn,
  send,
  useWorld,
} from "./fixture.ts";

describe("Relayer delivers in batches:", () => {
  const world = useWorld();

  it("as many messages in a transaction as it may, in the lane's order", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const ids: Hex[] = [];
    for (let i = 0; i < 7; i++) ids.push(await send(beta, l1, recorder));
    const { delivered } = await relayerOf(world, undefined, { maxBatch: 3 }).step();
    expect(idsOf(delivered)).to.deep.equal(ids);
    expect(delivered.map(({ batchSize }) => batchSize)).to.deep.equal([3, 3, 3, 3, 3, 3, 1]);
    expect(new Set(delivered.map(({ txHash }) => txHash)).size).to.equal(3);
  });

  it("from several lanes to one destination by words that it holds, under one certificate for all", async () => {
    const { alpha, beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const ids: Hex[] = [];
    for (const from of [alpha, beta, alpha, beta]) ids.push(await send(from, l1, recorder));
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    const relayer = relayerOf(world, undefined, { advanceFrom: 2 });
    const { delivered, problems } = await relayer.step();
    expect(problems).to.deep.equal([]);
    expect(idsOf(delivered)).to.have.members(ids);
    for (const source of [alpha, beta]) {
      const word = await readLaneTo(source, l1.chainId);
      expect(await gatewayOf(l1).heldCertified(source.id, Level.final)).to.equal(word);
      const { txHash } = delivered.find((message) => message.source === source.name)!;
      const { data } = (await l1.provider.getTransaction(txHash))!;
      const { proof } = IGateway__factory.createInterface().decodeFunctionData("deliver", data);
      expect(decodeProof(String(proof))).to.deep.equal({ kind: "held", level: Level.final });
    }
    expect(await relayer.step()).to.deep.equal(NOTHING);
  });

  it("by a word that was held for another attempt, when no operator is left", async () => {
    const { beta, l1 } = world;
    const flaky = await deployed(new Flaky__factory(l1.signer).deploy());
    const failing = await send(beta, l1, await flaky.getAddress());
    const first = await relayerOf(world, undefined, { advanceFrom: 1 }).step();
    expect(idsOf(first.failed)).to.deep.equal([failing]);
    await flaky.setMended(true);
    const { delivered } = await relayerOf(world, []).step();
    expect(idsOf(delivered)).to.deep.equal([failing]);
  });

  it("no transaction asks for more gas than one may (EIP-7825), however much its messages ask for", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const ids: Hex[] = [];
    for (const gasLimit of [8_000_000n, 8_000_000n, 5_000_000n, 200_000n, 8_000_000n]) {
      ids.push(await send(beta, l1, recorder, { gasLimit, payload: `0x${"ab".repeat(16_384)}` }));
    }
    const { delivered, problems } = await relayerOf(world).step();
    expect(problems).to.deep.equal([]);
    expect(idsOf(delivered)).to.deep.equal(ids);
    for (const { txHash } of delivered) {
      const { gasLimit } = (await l1.provider.getTransaction(txHash))!;
      expect(Number(gasLimit)).to.be.lessThan(16_777_217);
    }
  });

  it("in halves, where a block holds less than the batch asks for", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const ids: Hex[] = [];
    for (let i = 0; i < 12; i++) ids.push(await send(beta, l1, recorder));
    await requestOn(world, l1, "evm_setBlockGasLimit", ["0x927c0"]);
    await mine(world, l1);
    const { delivered, problems } = await relayerOf(world).step();
    expect(problems).to.deep.equal([]);
    expect(idsOf(delivered)).to.deep.equal(ids);
    expect(new Set(delivered.map(({ txHash }) => txHash)).size).to.be.greaterThan(1);
  });

  it("skips by hash what was delivered by others, and what it may not deliver yet", async () => {
    const { fabric, beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const settledOnly = await send(beta, l1, recorder, { minFinality: Level.settled });
    const ids: Hex[] = [];
    for (let i = 0; i < 5; i++) ids.push(await send(beta, l1, recorder, { payload: `0x0${i}` }));

    // Someone else delivers the second by a settled word, by hand.
    const lane = (await followLanes(beta).final()).state.get(l1.id)!;
    const { gateway } = l1;
    const items = lane.messages.map(({ id, hash, sender, recipient, options, payload }): BatchItem =>
      id === ids[1] ? { kind: "message", sender, recipient, options, payload } : { kind: "skip", messageHash: hash },
    );
    const from = genesis(beta.id, l1.id);
    expect(foldBatch({ source: beta.id, destinationChainId: l1.chainId }, from, items).word).to.equal(lane.word);
    const settle = fabric.members[2]!;
    const data = new Interface(["function settleCurrent(bytes32)"]).encodeFunctionData("settleCurrent", [l1.id]);
    await (await beta.signer.sendTransaction({ to: settle.contracts.bridge, data })).wait();
    await fabric.derive();
    await fabric.settlement.getFunction("forward").send(beta.id, l1.id, 6, "0x");
    await gatewayOf(l1).deliver(
      { chainId: beta.chainId, gateway },
      encodeBatch(items),
      encodeProof({ kind: "held", level: Level.settled }),
      from,
      { gasLimit: 5_000_000 },
    );

    const operators = operatorsOf(world).map(deadOperator);
    const report = await relayerOf(world, operators).step();
    expect(report.problems).to.deep.equal([]);
    expect(report.delivered.map(({ id, level }) => [id, level])).to.deep.equal(
      [settledOnly, ids[0], ids[2], ids[3], ids[4]].map((id) => [id, Level.settled]),
    );
    expect(await relayerOf(world, operators).step()).to.deep.equal(NOTHING);
  });

  it("leaves a message that demands level settled to L1, and delivers what is around it", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const first = await send(beta, l1, recorder);
    await send(beta, l1, recorder, { minFinality: Level.settled });
    const last = await send(beta, l1, recorder);
    const report = await relayerOf(world).step();
    expect(idsOf(report.delivered)).to.deep.equal([first, last]);
    expect(report.failed).to.deep.equal([]);
    expect(await relayerOf(world).step()).to.deep.equal(NOTHING);
  });
});
