import { expect } from "chai";
import { ZeroHash } from "ethers";

import {
  laneKey,
  MemorySigningStore,
  Operator,
  type OperatorClient,
  type RelayedMember,
  type Relayer,
  type SignedWord,
  operatorSigner,
} from "../../src/agents/index.ts";
import { readBlock } from "../../src/chain/blocks.ts";
import { readLaneTo } from "../../src/chain/readLaneTo.ts";
import { readTableInForce } from "../../src/chain/readTableInForce.ts";
import { branchPoint, reorganise, type BranchPoint } from "../../src/testing/reorganise.ts";
import {
  checkpointTree,
  encodeCertificate,
  encodeEquivocation,
  Level,
  ZERO_WORD,
  type Checkpoint,
  type Hex,
  type Statement,
} from "../../src/wire/index.ts";
import { Gateway__factory } from "../../types/ethers-contracts/factories/Gateway__factory.ts";
import { MessageRecorder__factory } from "../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import {
  ALPHA_CONFIRMATIONS,
  gatewayOf,
  idsOf,
  mine,
  NOTHING,
  passTime,
  recorderOn,
  relayerOf,
  send,
  useWorld,
} from "../src/agents/fixture.ts";
import { settleLane } from "./settleLane.ts";

const HALF_A_DAY = 12 * 60 * 60;

describe("Reorganisations, on a whole fabric", () => {
  const world = useWorld();
  /** Each with a store of its own, as long as the test lasts. */
  let operators: Operator[];
  let stores: MemorySigningStore[];
  /** What operators signed, in order. */
  let certified: Checkpoint[];
  let relayer: Relayer;

  beforeEach(() => {
    stores = world.fabric.operators.map(() => new MemorySigningStore());
    operators = world.fabric.operators.map(
      ({ key }, place) => new Operator({ nodes: world.members, domain: world.domain, key, store: stores[place]! }),
    );
    certified = [];
    const [first, ...others] = operators as [Operator, ...Operator[]];
    const recording: OperatorClient = {
      address: first.address,
      certify: async (checkpoints) => {
        const answer = await first.certify(checkpoints);
        if (answer.signature !== undefined) certified.push(...checkpoints);
        return answer;
      },
    };
    relayer = relayerOf(world, [recording, ...others]);
  });

  const pointOn = async ({ id }: RelayedMember): Promise<BranchPoint> =>
    await branchPoint(world.fabric.members.find((member) => member.id === id)!.provider);

  /** What each operator has signed on a lane. */
  async function signedOn(source: RelayedMember, destination: RelayedMember): Promise<SignedWord[][]> {
    const lane = { source: source.id, destination: destination.id };
    return await Promise.all(
      stores.map(async (store) => {
        let words: readonly SignedWord[] = [];
        await store.plan([lane], (history) => {
          words = history.get(laneKey(lane)) ?? [];
          return [];
        });
        return [...words];
      }),
    );
  }

  /** Payloads that a recorder got, in order. */
  async function received(on: RelayedMember, recorder: string): Promise<Hex[]> {
    const contract = MessageRecorder__factory.connect(recorder, on.provider);
    return (await contract.queryFilter(contract.filters.Received())).map(({ args }) => args.payload);
  }

  /** What the source's lane is now, as operators may be asked to say of it. */
  async function statementNow(source: RelayedMember, destination: RelayedMember, level: Level): Promise<Checkpoint> {
    const { timestamp, hash } = await readBlock(source.provider, "latest");
    const laneWord = await readLaneTo(source, destination.chainId);
    const blockHash = level === Level.fast ? hash : ZeroHash;
    return { source: source.id, destination: destination.id, laneWord, reachedBy: timestamp, level, blockHash };
  }

  /** The codes with which the operators refuse a checkpoint; undefined for one that signs. */
  async function refusalsOf(checkpoint: Checkpoint): Promise<(string | undefined)[]> {
    const answers = await Promise.all(operators.map((operator) => operator.certify([checkpoint])));
    return answers.map(({ refused }) => refused[0]?.code);
  }

  /** A statement with every operator's signature, whatever its store forbids. */
  async function signedByAll(checkpoint: Checkpoint): Promise<Statement> {
    const signers = [...world.fabric.operators].sort((a, b) => (BigInt(a.keyAddress) < BigInt(b.keyAddress) ? -1 : 1));
    const { root } = checkpointTree([checkpoint]);
    const signatures = await Promise.all(
      signers.map(async ({ key }, index) => ({
        index,
        signature: await operatorSigner(key).signRoot(world.domain, root),
      })),
    );
    return { checkpoint, siblings: [], certificate: encodeCertificate(signatures) };
  }

  const all = <T>(value: T): T[] => operators.map(() => value);

  describe("of the source, before a message is final:", () => {
    it("R23, invariant 2: what is taken back is never signed nor delivered; another message in its place is, once", async () => {
      const { alpha, beta } = world;
      const recorder = await recorderOn(beta);
      const point = await pointOn(alpha);
      const lost = await send(alpha, beta, recorder, { payload: "0x01" });
      await mine(world, alpha, ALPHA_CONFIRMATIONS - 1);
      expect(await relayer.step()).to.deep.equal(NOTHING);

      await reorganise(point);
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      expect(await relayer.step()).to.deep.equal(NOTHING);
      expect(await signedOn(alpha, beta)).to.deep.equal(all([]));

      const kept = await send(alpha, beta, recorder, { payload: "0x02" });
      expect(kept).to.not.equal(lost);
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const report = await relayer.step();
      expect(report.problems).to.deep.equal([]);
      expect(report.delivered.map(({ id, nonce, level }) => [id, nonce, level])).to.deep.equal([
        [kept, 0n, Level.final],
      ]);
      for (const again of [relayer, relayerOf(world, operators)]) expect(await again.step()).to.deep.equal(NOTHING);
      expect(await received(beta, recorder)).to.deep.equal(["0x02"]);
      const laneWord = await readLaneTo(alpha, beta.chainId);
      expect(await signedOn(alpha, beta)).to.deep.equal(
        all([{ source: alpha.id, destination: beta.id, level: Level.final, blockHash: ZeroHash, laneWord }]),
      );
    });

    it("R23: a fast word names its block, so that another word in another block is no equivocation", async () => {
      const { alpha, beta } = world;
      await gatewayOf(beta).setSource(alpha.id, Level.fast, 0, false);
      const recorder = await recorderOn(beta);
      const point = await pointOn(alpha);
      const first = await send(alpha, beta, recorder, { payload: "0x01" });
      const before = await readBlock(alpha.provider, "latest");
      const report = await relayer.step();
      expect(report.delivered.map(({ id, level }) => [id, level])).to.deep.equal([[first, Level.fast]]);
      expect(certified).to.deep.equal([await statementNow(alpha, beta, Level.fast)]);
      const [taken] = certified as [Checkpoint];
      expect(taken.blockHash).to.equal(before.hash);

      await reorganise(point, () => send(alpha, beta, recorder, { payload: "0x02" }));
      const other = await statementNow(alpha, beta, Level.fast);
      expect(other.laneWord).to.not.equal(taken.laneWord);
      expect(other.blockHash).to.not.equal(taken.blockHash);
      expect(await refusalsOf(taken)).to.deep.equal(all("chain/no-block"));
      expect(await refusalsOf(other)).to.deep.equal(all(undefined));

      const revoke = async (...statements: [Checkpoint, Checkpoint]): Promise<void> => {
        const [a, b] = (await Promise.all(statements.map(signedByAll))) as [Statement, Statement];
        const evidence = encodeEquivocation({ a, b, from: ZERO_WORD, messageHashes: [] });
        await gatewayOf(beta).revokeTable.staticCall(evidence);
      };
      const errors = Gateway__factory.connect(beta.gateway, beta.provider);
      await expect(revoke(taken, other)).to.be.revertedWithCustomError(errors, "NoConflict");
      // At level final, where no block is named, the same words would be one.
      const final = { level: Level.final, blockHash: ZeroHash };
      await revoke({ ...taken, ...final }, { ...other, ...final });
    });

    it("invariant 1: a fast word that was taken back costs its own nonces alone, and final words follow", async () => {
      const { alpha, beta } = world;
      await gatewayOf(beta).setSource(alpha.id, Level.fast, 0, false);
      const recorder = await recorderOn(beta);
      const point = await pointOn(alpha);
      await send(alpha, beta, recorder, { payload: "0x01" });
      await relayer.step();
      let next: Hex = "";
      let picky: Hex = "";
      await reorganise(point, async () => {
        await send(alpha, beta, recorder, { payload: "0x02" });
        next = await send(alpha, beta, recorder, { payload: "0x03" });
        picky = await send(alpha, beta, recorder, { payload: "0x04", minFinality: Level.final });
      });
      expect((await relayer.step()).delivered.map(({ id, level }) => [id, level])).to.deep.equal([[next, Level.fast]]);
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const report = await relayer.step();
      expect(report.delivered.map(({ id, level }) => [id, level])).to.deep.equal([[picky, Level.final]]);
      expect(report).to.deep.include({ uncertified: [], problems: [] });
      expect(await received(beta, recorder)).to.deep.equal(["0x01", "0x03", "0x04"]);
    });
  });

  describe("of the source, deeper than its confirmations:", () => {
    it("R23, invariant 1: operators refuse what contradicts what they signed, and say so; nothing executes twice", async () => {
      const { alpha, beta } = world;
      const recorder = await recorderOn(beta);
      const point = await pointOn(alpha);
      const first = await send(alpha, beta, recorder, { payload: "0x01" });
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      expect(idsOf((await relayer.step()).delivered)).to.deep.equal([first]);
      const signed = await signedOn(alpha, beta);

      await reorganise(point, () => send(alpha, beta, recorder, { payload: "0x02" }));
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const contradicting = await statementNow(alpha, beta, Level.final);
      expect(await refusalsOf(contradicting)).to.deep.equal(all("signing/equivocation"));
      await send(alpha, beta, recorder, { payload: "0x03" });
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      expect(await refusalsOf(await statementNow(alpha, beta, Level.final))).to.deep.equal(all("signing/off-fold"));

      const report = await relayer.step();
      expect(report).to.deep.include({ delivered: [], failed: [], problems: [] });
      const [uncertified] = report.uncertified;
      expect(uncertified).to.include({ source: "alpha", destination: "beta", weight: 0n });
      expect(uncertified!.answers.map(({ refusal }) => refusal.code)).to.deep.equal(all("signing/off-fold"));
      expect(await received(beta, recorder)).to.deep.equal(["0x01"]);
      expect(await signedOn(alpha, beta)).to.deep.equal(signed);
    });

    it("invariant 9: other lanes go on, and what operators refuse to sign arrives through L1", async () => {
      const { fabric, l1, alpha, beta } = world;
      const recorder = await recorderOn(beta);
      const recorderOnL1 = await recorderOn(l1);
      const point = await pointOn(alpha);
      await send(alpha, beta, recorder, { payload: "0x01" });
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      await relayer.step();
      let refused: Hex = "";
      const others: Hex[] = [];
      await reorganise(point, async () => {
        await send(alpha, beta, recorder, { payload: "0x02" });
        refused = await send(alpha, beta, recorder, { payload: "0x03" });
        others.push(await send(alpha, l1, recorderOnL1, { payload: "0x04" }));
      });
      others.push(await send(l1, beta, recorder, { payload: "0x05" }), await send(beta, l1, recorderOnL1));
      await mine(world, alpha, ALPHA_CONFIRMATIONS);
      const report = await relayer.step();
      expect(idsOf(report.delivered)).to.have.members(others);
      expect(report.uncertified).to.have.lengthOf(1);

      await settleLane(fabric, alpha.id, beta.id, 2);
      const settled = await relayer.step();
      expect(settled.delivered.map(({ id, level }) => [id, level])).to.deep.equal([[refused, Level.settled]]);
      expect(await relayer.step()).to.deep.equal(NOTHING);
      expect(await received(beta, recorder)).to.deep.equal(["0x01", "0x05", "0x03"]);
    });
  });

  describe("of the destination:", () => {
    it("invariant 1: a delivery that is taken back is made again, once", async () => {
      const { l1, beta } = world;
      const recorder = await recorderOn(l1);
      const ids = [await send(beta, l1, recorder, { payload: "0x01" }), await send(beta, l1, recorder)];
      let point = await pointOn(l1);
      for (let round = 0; round < 2; round++) {
        expect(idsOf((await relayer.step()).delivered)).to.deep.equal(ids);
        expect(await relayer.step()).to.deep.equal(NOTHING);
        point = await reorganise(point);
        expect(await received(l1, recorder)).to.deep.equal([]);
      }
      // On this branch another relayer was faster.
      expect(idsOf((await relayerOf(world, operators).step()).delivered)).to.deep.equal(ids);
      expect(await relayer.step()).to.deep.equal(NOTHING);
      expect(await received(l1, recorder)).to.deep.equal(["0x01", "0x"]);
    });
  });

  describe("of L1:", () => {
    it("R19: a table that is taken back before it is derived was never in force; the next one is, everywhere", async () => {
      const { fabric, l1, beta, members } = world;
      const inForce = async (): Promise<(Hex | undefined)[]> =>
        await Promise.all(members.map(async (member) => (await readTableInForce(member)).id));
      const [before] = await inForce();
      await passTime(world, HALF_A_DAY + 60);
      const point = await pointOn(l1);
      const { published } = await relayer.step();
      expect(published).to.have.lengthOf(members.length);
      const lost = published[0]!.tableId;

      await reorganise(point);
      expect(await fabric.derive()).to.equal(0);
      expect(await inForce()).to.deep.equal(members.map(() => before));

      const again = (await relayer.step()).published;
      expect(again.map(({ member }) => member)).to.deep.equal(members.map(({ name }) => name));
      const next = again[0]!.tableId;
      expect(next).to.not.equal(lost);
      expect(await fabric.derive()).to.equal(2);
      expect(await inForce()).to.deep.equal(members.map(() => next));
      const id = await send(l1, beta, await recorderOn(beta));
      expect(idsOf((await relayer.step()).delivered)).to.deep.equal([id]);
    });
  });
});
