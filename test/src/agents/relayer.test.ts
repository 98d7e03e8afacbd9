import { expect } from "chai";
import { ZeroHash } from "ethers";

import type { OperatorClient } from "../../../src/agents/index.ts";
import { Level, type Hex } from "../../../src/wire/index.ts";
import { Answerer__factory } from "../../../types/ethers-contracts/factories/test/recipients/Answerer__factory.js";
import { Caller__factory } from "../../../types/ethers-contracts/factories/test/recipients/Caller__factory.js";
import { Flaky__factory } from "../../../types/ethers-contracts/factories/test/recipients/Flaky__factory.js";
import { answer, calls, GOOD_ANSWER } from "../../fixtures/recipients.ts";
import {
  NOTHING,
  recorderOn,
  idsOf,
  deadOperator,
  ALPHA_CONFIRMATIONS,
  deployed,
  gatewayOf,
  mine,
  operatorsOf,
  relayerOf,
  requestOn,
  send,
  through,
  transactionsSent,
  useWorld,
} from "./fixture.ts";

describe("Relayer", () => {
  const world = useWorld();

  /** Refuses checkpoints about these sources, whatever they say. */
  const refusing = (operator: OperatorClient, ...sources: Hex[]): OperatorClient => ({
    address: operator.address,
    certify: async (checkpoints) => {
      const refused = [...checkpoints.entries()]
        .filter(([, { source }]) => sources.includes(source))
        .map(([index]) => ({ index, code: "operator/not-reached", reason: "my node is behind" }));
      return refused.length > 0
        ? { root: undefined, signature: undefined, refused }
        : await operator.certify(checkpoints);
    },
  });

  it("delivers what was sent on every lane, and then has nothing to do", async () => {
    const ids: Hex[] = [];
    for (const to of world.members) {
      const recorder = await recorderOn(to);
      for (const from of world.members) {
        if (from !== to) ids.push(await send(from, to, recorder, { payload: "0x1234" }));
      }
    }
    await mine(world, world.alpha, ALPHA_CONFIRMATIONS);
    const relayer = relayerOf(world);
    const report = await relayer.step();
    expect(report.problems).to.deep.equal([]);
    expect(idsOf(report.delivered)).to.have.members(ids);
    const sent = await transactionsSent(world);
    for (const again of [relayer, relayerOf(world)]) expect(await again.step()).to.deep.equal(NOTHING);
    expect(await transactionsSent(world)).to.equal(sent);
  });

  it("waits until a message is final, unless the destination takes the source's word at level fast", async () => {
    const { alpha, beta } = world;
    const recorder = await recorderOn(beta);
    const id = await send(alpha, beta, recorder);
    const relayer = relayerOf(world);
    expect(await relayer.step()).to.deep.equal(NOTHING);

    const picky = await send(alpha, beta, recorder, { minFinality: Level.final });
    await gatewayOf(beta).setSource(alpha.id, Level.fast, 0, false);
    const fast = await relayer.step();
    expect(fast.problems).to.deep.equal([]);
    expect(fast.delivered.map((message) => [message.id, message.level])).to.deep.equal([[id, Level.fast]]);

    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    const final = await relayer.step();
    expect(final.delivered.map((message) => [message.id, message.level])).to.deep.equal([[picky, Level.final]]);
  });

  describe("asks operators", () => {
    it("and reaches the quorum although two of eight are dead, lie, sign something else, or answer nothing", async () => {
      const { beta, l1 } = world;
      const operators = operatorsOf(world);
      const liars: ((operator: OperatorClient) => OperatorClient)[] = [
        deadOperator,
        (operator) => refusing(operator, beta.id),
        ({ address }) => ({
          address,
          certify: async (checkpoints) => {
            const lie = checkpoints.map((checkpoint) => ({ ...checkpoint, reachedBy: checkpoint.reachedBy + 1n }));
            return await operators[0]!.certify(lie);
          },
        }),
        ({ address }) => ({ address, certify: async (checkpoints) => await operators[1]!.certify(checkpoints) }),
        ({ address }) => ({
          address,
          certify: async () => Promise.resolve({ root: ZeroHash, signature: `0x${"00".repeat(64)}`, refused: [] }),
        }),
        ({ address }) => ({
          address,
          certify: async () => Promise.resolve({ root: undefined, signature: undefined, refused: [] }),
        }),
        ({ address }) => ({ address, certify: () => new Promise(() => undefined) }),
      ];
      for (const lie of liars) {
        const id = await send(beta, l1, await recorderOn(l1));
        const asked = operators.map((operator, place) => (place % 4 === 2 ? lie(operator) : operator));
        const report = await relayerOf(world, asked, { operatorTimeout: 3_000 }).step();
        expect(idsOf(report.delivered)).to.deep.equal([id]);
        expect(report.uncertified).to.deep.equal([]);
      }
    });

    it("invariant 3: without a quorum sends nothing and says why, and goes on once there is one", async () => {
      const { beta, l1 } = world;
      const id = await send(beta, l1, await recorderOn(l1));
      const operators = operatorsOf(world);
      const sent = await transactionsSent(world);
      const asked = [
        ...operators.slice(0, 5),
        refusing(operators[5]!, beta.id),
        deadOperator(operators[6]!),
        // The eighth is not known to this relayer.
      ];
      const report = await relayerOf(world, asked).step();
      expect(report).to.deep.include({ delivered: [], failed: [], problems: [] });
      expect(await transactionsSent(world)).to.equal(sent);
      const [uncertified, ...others] = report.uncertified;
      expect(others).to.deep.equal([]);
      expect(uncertified).to.deep.include({ source: beta.name, destination: l1.name, quorumBps: 6_667n });
      expect(uncertified!.weight * 8n).to.equal(uncertified!.totalWeight * 5n);
      expect(
        Object.fromEntries(uncertified!.answers.map(({ operator, refusal }) => [operator, refusal])),
      ).to.deep.equal({
        [operators[5]!.address]: { code: "operator/not-reached", reason: "my node is behind" },
        [operators[6]!.address]: { code: "operator/silent", reason: "connection refused" },
        [operators[7]!.address]: { code: "operator/unknown", reason: "this relayer cannot reach it" },
      });
      expect(idsOf((await relayerOf(world, operators).step()).delivered)).to.deep.equal([id]);
    });

    it("drops what a third refuses, and asks for the rest again", async () => {
      const { alpha, beta, l1 } = world;
      const good = [await send(alpha, l1, await recorderOn(l1)), await send(l1, beta, await recorderOn(beta))];
      await send(beta, l1, await recorderOn(l1));
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const operators = operatorsOf(world);
      const asked = operators.map((operator, place) => (place < 3 ? refusing(operator, beta.id) : operator));
      const report = await relayerOf(world, asked).step();
      expect(idsOf(report.delivered)).to.have.members(good);
      expect(report.uncertified.map(({ source, destination }) => [source, destination])).to.deep.equal([
        ["beta", "l1"],
      ]);
    });

    it("lane by lane, where different ones refuse different lanes and no quorum signs all at once", async () => {
      const { alpha, beta, l1 } = world;
      const ids = [
        await send(alpha, l1, await recorderOn(l1)),
        await send(l1, beta, await recorderOn(beta)),
        await send(beta, l1, await recorderOn(l1)),
      ];
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const refuses = [alpha.id, alpha.id, beta.id, beta.id, l1.id, l1.id];
      const asked = operatorsOf(world).map((operator, place) => refusing(operator, ...refuses.slice(place, place + 1)));
      const report = await relayerOf(world, asked).step();
      expect(idsOf(report.delivered)).to.have.members(ids);
      expect(report.uncertified).to.deep.equal([]);
    });

    it("for as much as the destination's owner demands", async () => {
      const { beta, l1 } = world;
      await gatewayOf(l1).setSource(beta.id, 0, 9_000, false);
      const id = await send(beta, l1, await recorderOn(l1));
      const operators = operatorsOf(world);
      const report = await relayerOf(world, operators.slice(0, 7)).step();
      expect(report.delivered).to.deep.equal([]);
      expect(report.uncertified).to.have.lengthOf(1);
      expect(idsOf((await relayerOf(world, operators).step()).delivered)).to.deep.equal([id]);
    });
  });

  describe("isolates failures:", () => {
    it("a message whose recipient fails is left alone until the recipient is mended, and then delivered", async () => {
      const { alpha, beta } = world;
      const flaky = await deployed(new Flaky__factory(alpha.signer).deploy());
      const recorder = await recorderOn(alpha);
      const [first, broken, last] = [
        await send(beta, alpha, recorder),
        await send(beta, alpha, await flaky.getAddress()),
        await send(beta, alpha, recorder),
      ];
      const relayer = relayerOf(world, undefined, { abis: [Flaky__factory.abi] });
      const { delivered, failed, problems } = await relayer.step();
      expect(problems).to.deep.equal([]);
      expect(idsOf(delivered)).to.have.members([first, last]);
      expect(failed.map(({ id, reason }) => ({ id, reason }))).to.deep.equal([{ id: broken, reason: "Broken()" }]);

      const sent = await transactionsSent(world);
      for (const again of [relayer, relayerOf(world, undefined, { abis: [Flaky__factory.abi] })]) {
        const { failed: waiting } = await again.step();
        expect(waiting.map(({ id, reason, txHash }) => ({ id, reason, txHash }))).to.deep.equal([
          { id: broken, reason: "Broken()", txHash: undefined },
        ]);
      }
      expect(await transactionsSent(world)).to.equal(sent);

      await flaky.setMended(true);
      expect(idsOf((await relayer.step()).delivered)).to.deep.equal([broken]);
      expect(await relayer.step()).to.deep.equal(NOTHING);
    });

    it("recipients that burn all gas, answer nothing, wrongly, or too much, or are no contract, hold nobody up", async () => {
      const { alpha, beta } = world;
      const answerer = await (await deployed(new Answerer__factory(alpha.signer).deploy())).getAddress();
      const recorder = await recorderOn(alpha);
      const bad = [
        answer.burning,
        answer.looping,
        answer.returning("0x"),
        answer.reverting("0x"),
        answer.revertingBomb(100_000n),
      ];
      const failing: Hex[] = [];
      const good: Hex[] = [];
      for (const payload of bad) {
        failing.push(await send(beta, alpha, answerer, { payload }));
        good.push(await send(beta, alpha, recorder));
        good.push(await send(beta, alpha, answerer, { payload: answer.returning(GOOD_ANSWER) }));
      }
      failing.push(await send(beta, alpha, "0x00000000000000000000000000000000000000aa"));
      const { delivered, failed, problems } = await relayerOf(world).step();
      expect(problems).to.deep.equal([]);
      expect(idsOf(delivered)).to.have.members(good);
      expect(idsOf(failed)).to.have.members(failing);
      const burnt = await alpha.provider.getTransactionReceipt(failed[0]!.txHash!);
      expect(Number(burnt!.gasUsed)).to.be.lessThan(1_000_000);
    });

    it("a message that its recipient takes only after the one before it arrives with the next step", async () => {
      const { alpha, beta } = world;
      const flaky = await deployed(new Flaky__factory(alpha.signer).deploy());
      const caller = await (await deployed(new Caller__factory(alpha.signer).deploy())).getAddress();
      const mend = calls({
        target: await flaky.getAddress(),
        data: flaky.interface.encodeFunctionData("setMended", [true]),
      });
      const waits = await send(beta, alpha, await flaky.getAddress());
      const mends = await send(beta, alpha, caller, { payload: mend });
      const relayer = relayerOf(world);
      const first = await relayer.step();
      const second = await relayer.step();
      expect([idsOf(first.delivered), idsOf(second.delivered)]).to.deep.equal([[mends], [waits]]);
    });

    it("a chain whose node is dead holds up its own lanes alone, and is named", async () => {
      const { alpha, beta, l1 } = world;
      await send(beta, alpha, await recorderOn(alpha));
      const id = await send(beta, l1, await recorderOn(l1));
      const dead = (): Promise<never> => Promise.reject(new Error("connection refused"));
      const members = [l1, through(alpha, { getBlock: dead, getLogs: dead, call: dead }), beta];
      const report = await relayerOf(world, undefined, { members }).step();
      expect(idsOf(report.delivered)).to.deep.equal([id]);
      expect(new Set(report.problems.map(({ subject, reason }) => `${subject}: ${reason}`))).to.deep.equal(
        new Set(["alpha: connection refused"]),
      );
    });

    it("L1 out of reach stops nothing that the members' tables allow and this relayer has read before", async () => {
      const { alpha, beta, l1 } = world;
      const dead = (): Promise<never> => Promise.reject(new Error("connection refused"));
      let isDead = false;
      const provider = new Proxy(l1.provider, {
        get: (target, name: string) => {
          const value: unknown = Reflect.get(target, name, target);
          if (typeof value !== "function") return value;
          return isDead ? dead : (value.bind(target) as unknown);
        },
      });
      const { settlement, serviceManager } = world.fabric.contracts;
      const { startBlock } = world.fabric;
      const relayer = relayerOf(world, undefined, {
        settlement: {
          chainId: l1.chainId,
          settlement,
          serviceManager,
          startBlock,
          signer: l1.signer.connect(provider),
        },
        members: [alpha, beta],
      });
      await send(beta, alpha, await recorderOn(alpha));
      expect((await relayer.step()).delivered).to.have.lengthOf(1);
      isDead = true;
      const id = await send(beta, alpha, await recorderOn(alpha));
      const report = await relayer.step();
      expect(idsOf(report.delivered)).to.deep.equal([id]);
      expect(report.problems.map(({ code }) => code)).to.deep.equal(["relayer/no-settlement"]);
    });
  });

  it("goes on where another relayer stopped, and where the destination went back in time", async () => {
    const { beta, l1 } = world;
    const recorder = await recorderOn(l1);
    const before = await requestOn(world, l1, "evm_snapshot", []);
    const first = await send(beta, l1, recorder);
    const relayer = relayerOf(world);
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([first]);
    const second = await send(beta, l1, recorder);
    expect(idsOf((await relayerOf(world).step()).delivered)).to.deep.equal([second]);
    await requestOn(world, l1, "evm_revert", [before]);
    await mine(world, l1, 20);
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([first, second]);
  });

  it("says why no certificate counts: the destination's owner pauses the source", async () => {
    const { beta, l1 } = world;
    await send(beta, l1, await recorderOn(l1));
    await gatewayOf(l1).setSource(beta.id, 0, 0, true);
    const report = await relayerOf(world).step();
    expect(report).to.deep.include({ delivered: [], uncertified: [] });
    expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.equal([
      ["beta → l1", "relayer/source-paused"],
    ]);
  });
});
