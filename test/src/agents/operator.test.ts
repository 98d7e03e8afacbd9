import { setImmediate } from "node:timers/promises";

import { expect } from "chai";
import { id, SigningKey, Wallet, ZeroHash, type Log, type Provider } from "ethers";

import {
  MemorySigningStore,
  Operator,
  type Certification,
  type OperatorOptions,
  type RelayedMember,
  type SigningStore,
} from "../../../src/agents/index.ts";
import { readBlock } from "../../../src/chain/blocks.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import {
  certificateDigest,
  checkpointTree,
  genesis,
  laneWord,
  Level,
  recoverSigner,
  wordOf,
  type Checkpoint,
} from "../../../src/wire/index.ts";
import { ALPHA_CONFIRMATIONS, gatewayOf, mine, requestOn, send, through, useWorld } from "./fixture.ts";

const KEY = new SigningKey(id("operator under test"));
const RECIPIENT = "0x00000000000000000000000000000000000000aa";

describe("Operator", () => {
  const world = useWorld();

  const operatorWith = (options: Partial<OperatorOptions> = {}): Operator =>
    new Operator({
      nodes: world.members,
      domain: world.domain,
      key: KEY,
      store: new MemorySigningStore(),
      ...options,
    });

  /** A true final checkpoint of the lane as it stands at the source's latest block. */
  async function truth(from: RelayedMember, to: RelayedMember): Promise<Checkpoint> {
    const { timestamp } = await readBlock(from.provider, "latest");
    return {
      source: from.id,
      destination: to.id,
      laneWord: await readLaneTo(from, to.chainId),
      reachedBy: timestamp,
      level: Level.final,
      blockHash: ZeroHash,
    };
  }

  /** The same at level fast, read in the latest block. */
  async function fastTruth(from: RelayedMember, to: RelayedMember): Promise<Checkpoint> {
    const { hash } = await readBlock(from.provider, "latest");
    return { ...(await truth(from, to)), level: Level.fast, blockHash: hash };
  }

  /** The codes with which an operator refuses. */
  async function refusals(operator: Operator, ...checkpoints: Checkpoint[]): Promise<[index: number, code: string][]> {
    const { signature, refused } = await operator.certify(checkpoints);
    if (refused.length > 0) expect(signature).to.equal(undefined);
    return refused.map(({ index, code }) => [index, code]);
  }

  /** Beta's owner takes alpha's fast words. */
  const optIn = (): Promise<unknown> => gatewayOf(world.beta).setSource(world.alpha.id, Level.fast, 0, false);

  it("signs the tree of true checkpoints of any lanes and levels, as EIP-712 says", async () => {
    const { l1, alpha, beta } = world;
    await optIn();
    await send(alpha, beta, RECIPIENT);
    await send(beta, alpha, RECIPIENT);
    await send(l1, beta, RECIPIENT, { payload: "0x00", gasLimit: 1n });
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    const checkpoints = [await truth(beta, alpha), await truth(l1, beta), await fastTruth(alpha, beta)];
    for (const key of [KEY, new Wallet(KEY.privateKey)]) {
      const operator = operatorWith({ key });
      const { root, signature, refused } = await operator.certify(checkpoints);
      expect(refused).to.deep.equal([]);
      expect(root).to.equal(checkpointTree(checkpoints).root);
      expect(recoverSigner(certificateDigest(world.domain, root!), signature!)).to.equal(operator.address);
    }
  });

  it("signs earlier words of the lane too, and with times from the word's own block on", async () => {
    const { alpha, beta } = world;
    await send(beta, alpha, RECIPIENT);
    const first = await truth(beta, alpha);
    await send(beta, alpha, RECIPIENT);
    await mine(world, beta, 10);
    const { timestamp } = await readBlock(beta.provider, "latest");
    const operator = operatorWith();
    expect(await refusals(operator, first, await truth(beta, alpha), { ...first, reachedBy: timestamp })).to.deep.equal(
      [],
    );
  });

  describe("refuses", () => {
    let operator: Operator;
    let checkpoint: Checkpoint;
    beforeEach(async () => {
      await send(world.beta, world.alpha, RECIPIENT);
      operator = operatorWith();
      checkpoint = await truth(world.beta, world.alpha);
    });

    const cases: Record<string, [change: (true_: Checkpoint) => Partial<Checkpoint>, code: string]> = {
      "a false word": [() => ({ laneWord: wordOf(`0x${"ab".repeat(27)}`, 1n) }), "operator/false-word"],
      "the word of another lane": [() => ({ destination: world.l1.id }), "operator/not-reached"],
      "a word that the lane has not reached": [
        () => ({ laneWord: wordOf(`0x${"ab".repeat(27)}`, 2n) }),
        "operator/not-reached",
      ],
      "a lane on which nothing was sent": [
        () => ({ laneWord: genesis(world.beta.id, world.alpha.id) }),
        "operator/nothing-sent",
      ],
      "a zero word (incident: Nomad 2022)": [() => ({ laneWord: laneWord(ZeroHash) }), "operator/false-word"],
      "an unknown source": [() => ({ source: id("nobody") }), "operator/unknown-member"],
      "an unknown destination": [() => ({ destination: id("nobody") }), "operator/unknown-member"],
      "a lane of a member to itself": [() => ({ destination: world.beta.id }), "operator/unknown-lane"],
      "a time before the word was reached": [
        ({ reachedBy }) => ({ reachedBy: reachedBy - 1n }),
        "operator/reached-later",
      ],
      "a time in the future": [({ reachedBy }) => ({ reachedBy: reachedBy + 100_000n }), "operator/future"],
      "level settled": [() => ({ level: Level.settled }), "wire/level"],
      "a block hash at level final": [() => ({ blockHash: id("block") }), "wire/block-hash"],
      "level fast without a block": [() => ({ level: Level.fast }), "wire/block-hash"],
      "an unknown block at level fast": [() => ({ level: Level.fast, blockHash: id("block") }), "chain/no-block"],
    };
    for (const [what, [change, code]] of Object.entries(cases)) {
      it(what, async () => {
        expect(await refusals(operator, { ...checkpoint, ...change(checkpoint) })).to.deep.equal([[0, code]]);
      });
    }

    it("a tree for one false checkpoint in it, and says which; the rest it signs when asked without it", async () => {
      await send(world.l1, world.alpha, RECIPIENT);
      const other = await truth(world.l1, world.alpha);
      const lie = { ...checkpoint, laneWord: wordOf(`0x${"ab".repeat(27)}`, 1n) };
      expect(await refusals(operator, checkpoint, lie, other)).to.deep.equal([[1, "operator/false-word"]]);
      expect(await refusals(operator, checkpoint, other)).to.deep.equal([]);
    });

    it("nothing but says so: a tree without checkpoints throws", async () => {
      const failure: unknown = await operator.certify([]).catch((error: unknown) => error);
      expect(failure).to.include({ code: "wire/empty" });
    });
  });

  it("refuses a word that is not final yet, and signs it once it is", async () => {
    const { alpha, beta } = world;
    await send(alpha, beta, RECIPIENT);
    const checkpoint = await truth(alpha, beta);
    const operator = operatorWith();
    expect(await refusals(operator, checkpoint)).to.deep.equal([[0, "operator/not-reached"]]);
    await mine(world, alpha, ALPHA_CONFIRMATIONS - 1);
    expect(await refusals(operator, checkpoint)).to.deep.equal([[0, "operator/not-reached"]]);
    await mine(world, alpha);
    expect(await refusals(operator, checkpoint)).to.deep.equal([]);
  });

  it("signs at level fast where the destination opts in, of that source alone, and as its own operator wills", async () => {
    const { alpha, beta, l1 } = world;
    await send(alpha, beta, RECIPIENT);
    await send(alpha, l1, RECIPIENT);
    const checkpoint = await fastTruth(alpha, beta);
    expect(await refusals(operatorWith(), checkpoint)).to.deep.equal([[0, "operator/fast-unwanted"]]);
    await optIn();
    expect(await refusals(operatorWith(), checkpoint)).to.deep.equal([]);
    expect(await refusals(operatorWith({ fastSources: [alpha.id] }), checkpoint)).to.deep.equal([]);
    for (const fastSources of [[], [beta.id]]) {
      const careful = operatorWith({ fastSources });
      expect(await refusals(careful, checkpoint)).to.deep.equal([[0, "operator/fast-unwanted"]]);
    }
    expect(await refusals(operatorWith(), await fastTruth(alpha, l1))).to.deep.equal([[0, "operator/fast-unwanted"]]);
    await gatewayOf(beta).setSource(alpha.id, 0, 0, false);
    expect(await refusals(operatorWith(), checkpoint)).to.deep.equal([[0, "operator/fast-unwanted"]]);
  });

  it("at level fast refuses a block that has not the message yet, and one that was reorganised away", async () => {
    const { alpha, beta } = world;
    await optIn();
    const before = await requestOn(world, alpha, "evm_snapshot", []);
    const { hash: early } = await readBlock(alpha.provider, "latest");
    await send(alpha, beta, RECIPIENT);
    const checkpoint = await fastTruth(alpha, beta);
    const operator = operatorWith();
    expect(await refusals(operator, { ...checkpoint, blockHash: early })).to.deep.equal([[0, "operator/not-reached"]]);
    expect(await refusals(operator, checkpoint)).to.deep.equal([]);
    await requestOn(world, alpha, "evm_revert", [before]);
    await mine(world, alpha, 3);
    expect((await refusals(operator, checkpoint))[0]?.[1]).to.be.oneOf(["chain/no-block", "operator/not-canonical"]);
  });

  it("R23: after its node changed its mind about final blocks, signs neither the other word nor what is built on it", async () => {
    const { alpha, beta } = world;
    const before = await requestOn(world, beta, "evm_snapshot", []);
    await send(beta, alpha, RECIPIENT, { payload: "0x01" });
    const store = new MemorySigningStore();
    const signed = await truth(beta, alpha);
    expect(await refusals(operatorWith({ store }), signed)).to.deep.equal([]);

    await requestOn(world, beta, "evm_revert", [before]);
    await send(beta, alpha, RECIPIENT, { payload: "0x02" });
    const other = await truth(beta, alpha);
    await send(beta, alpha, RECIPIENT, { payload: "0x03" });
    const later = await truth(beta, alpha);
    const operator = operatorWith({ store });
    expect(await refusals(operator, other)).to.deep.equal([[0, "signing/equivocation"]]);
    expect(await refusals(operator, later)).to.deep.equal([[0, "signing/off-fold"]]);
    expect(await refusals(operatorWith(), other, later)).to.deep.equal([]);
  });

  it("R23: of two contradicting requests that it verified at once, signs one at most", async () => {
    const { alpha, beta } = world;
    const memory = new MemorySigningStore();
    let release = (): void => undefined;
    const both = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    const store: SigningStore = {
      plan: async (...args) => {
        if (++waiting === 2) release();
        await both;
        await memory.plan(...args);
      },
    };
    const answers: Promise<Certification>[] = [];
    const before = await requestOn(world, beta, "evm_snapshot", []);
    for (const payload of ["0x01", "0x02"]) {
      await send(beta, alpha, RECIPIENT, { payload });
      const verified = waiting;
      answers.push(operatorWith({ store }).certify([await truth(beta, alpha)]));
      while (waiting === verified) await setImmediate();
      await requestOn(world, beta, "evm_revert", [before]);
    }
    const refused = (await Promise.all(answers)).map((answer) => answer.refused.map(({ code }) => code));
    expect(refused).to.deep.equal([[], ["signing/equivocation"]]);
  });

  it("signs nothing that the store could not keep", async () => {
    await send(world.beta, world.alpha, RECIPIENT);
    const failure = new Error("the disk is full");
    const operator = operatorWith({
      store: {
        plan: async (_, plan) => {
          plan(new Map());
          await Promise.reject(failure);
        },
      },
    });
    const caught: unknown = await operator
      .certify([await truth(world.beta, world.alpha)])
      .catch((error: unknown) => error);
    expect(caught).to.equal(failure);
  });

  describe("with a node that cannot be trusted (incident: Kelp/LayerZero 2026, poisoned RPCs)", () => {
    let checkpoint: Checkpoint;
    beforeEach(async () => {
      await send(world.beta, world.alpha, RECIPIENT);
      checkpoint = await truth(world.beta, world.alpha);
    });
    const withBeta = (overrides: Partial<Record<keyof Provider, unknown>>): Operator =>
      operatorWith({ nodes: [world.l1, world.alpha, through(world.beta, overrides)] });

    it("that is dead, refuses", async () => {
      const dead = (): Promise<never> => Promise.reject(new Error("connection refused"));
      const operator = withBeta({ getBlock: dead, getLogs: dead, call: dead, getNetwork: dead, getCode: dead });
      expect(await refusals(operator, checkpoint)).to.deep.equal([[0, "operator/node-failed"]]);
    });

    it("that withholds logs, refuses", async () => {
      expect(await refusals(withBeta({ getLogs: async () => Promise.resolve([]) }), checkpoint)).to.deep.equal([
        [0, "operator/unknown-lane"],
      ]);
      const getLogs = world.beta.provider.getLogs.bind(world.beta.provider);
      const operator = withBeta({
        getLogs: async (filter: Parameters<typeof getLogs>[0]) => (await getLogs(filter)).slice(0, -1),
      });
      expect(await refusals(operator, checkpoint)).to.deep.equal([[0, "chain/word-differs"]]);
    });

    it("that changes a message, refuses", async () => {
      const getLogs = world.beta.provider.getLogs.bind(world.beta.provider);
      await send(world.beta, world.alpha, RECIPIENT, { payload: "0x1234" });
      const operator = withBeta({
        getLogs: async (filter: Parameters<typeof getLogs>[0]) =>
          (await getLogs(filter)).map(
            (log) => Object.create(log, { data: { value: log.data.replace("1234", "1235") } }) as Log,
          ),
      });
      expect(await refusals(operator, checkpoint)).to.deep.equal([[0, "chain/log-does-not-fold"]]);
    });

    it("of another chain, refuses", async () => {
      const nodes = [world.l1, world.alpha, { ...world.beta, provider: world.alpha.provider }];
      expect(await refusals(operatorWith({ nodes }), checkpoint)).to.deep.equal([[0, "chain/wrong-member"]]);
    });
  });
});
