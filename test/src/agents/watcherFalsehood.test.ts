import { expect } from "chai";
import { id } from "ethers";

import { Watcher } from "../../../src/agents/index.ts";
import { readBlock } from "../../../src/chain/blocks.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import type { DevnetOperator } from "../../../src/testing/operators.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";
import { Degree, fold, Level, MAX_COUNT, wordOf, type Checkpoint } from "../../../src/wire/index.ts";
import { settleLane, settleOnL1 } from "../../e2e/settleLane.ts";
import {
  ALPHA_CONFIRMATIONS,
  gatewayOf,
  mine,
  operatorsOf,
  recorderOn,
  relayerOf,
  send,
  transactionsSent,
  useWorld,
} from "./fixture.ts";
import { finalOf, hold, inventedHashes, inventedWord, signedBy } from "./watching/lies.ts";

const WAD = 10n ** 17n;
const UNSETTLED_WAD = 2n * 10n ** 16n;

describe("Watcher: what sources settle", () => {
  const world = useWorld();
  let watcher: Watcher;

  beforeEach(async () => {
    const { l1, fabric, members } = world;
    const { settlement, serviceManager } = fabric.contracts;
    const { chainId, signer } = l1;
    const access = { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock };
    watcher = new Watcher({ settlement: access, members });
    await accept(WAD);
  });

  /** A devnet gives no notice. */
  async function accept(wad: bigint): Promise<void> {
    const { fabric, alpha } = world;
    await (await fabric.settlement.getFunction("announceFalsehoodWad").send(alpha.id, wad)).wait();
  }
  /** Sends messages from alpha to beta, and settles the lane as it stands then. */
  async function sendAndSettle(count: number): Promise<void> {
    const { alpha, beta, fabric } = world;
    const recorder = await recorderOn(beta);
    for (let sent = 0; sent < count; ++sent) await send(alpha, beta, recorder);
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    const word = await readLaneTo(alpha, beta.chainId);
    await settleLane(fabric, alpha.id, beta.id, Number(BigInt(`0x${word.slice(-10)}`)));
  }
  async function say(checkpoint: Checkpoint, signers: readonly DevnetOperator[]): Promise<void> {
    for (const signer of signers) {
      const { certificate } = await signedBy(world, checkpoint, [signer]);
      watcher.hear([checkpoint], `0x${certificate.slice(4)}`);
    }
  }
  const addressesOf = (operators: readonly DevnetOperator[]): string[] => operators.map(({ address }) => address);
  /** What a step convicts of: who, what, how gravely and for how much. */
  async function convictions(): Promise<[string, string, Degree, bigint][]> {
    const { convicted, problems } = await watcher.step();
    expect(problems).to.deep.equal([]);
    return convicted.map(({ operator, offence, degree, wad }) => [operator, offence, degree, wad]);
  }

  it("R24: convicts each of a quorum that certified a word once another is settled, and has nothing left to do", async () => {
    const { alpha, beta, fabric } = world;
    const [corrupt, honest] = [fabric.operators.slice(0, 6), fabric.operators.slice(6)];
    await hold(beta, await signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), corrupt));
    expect(await convictions()).to.deep.equal([]);
    await sendAndSettle(1);
    const found = await convictions();
    expect(found).to.have.deep.members(
      addressesOf(corrupt).map((operator) => [operator, "falsehood", Degree.lone, WAD]),
    );
    expect(found.map(([operator]) => operator)).to.not.include.members(addressesOf(honest));
    const sent = await transactionsSent(world);
    expect(await convictions()).to.deep.equal([]);
    expect(await transactionsSent(world)).to.equal(sent);
  });

  it("R24: convicts by the messages between a false word and a settled one, in either direction", async () => {
    const { alpha, beta, fabric } = world;
    const [one, two] = fabric.operators;
    await sendAndSettle(3);
    await say(await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), [one!]);
    expect(await convictions()).to.deep.equal([[one!.address, "falsehood", Degree.lone, WAD]]);

    const late = inventedWord(alpha, beta, "late", 5);
    const statement = await signedBy(world, await finalOf(alpha, beta, late), [two!]);
    const from = inventedWord(alpha, beta, "late", 2);
    const messageHashes = inventedHashes("late", 5).slice(2);
    expect(fold(from, messageHashes)).to.equal(late);
    watcher.hearEvidence({ a: statement, b: statement, from, messageHashes });
    expect(await convictions()).to.deep.equal([[two!.address, "falsehood", Degree.lone, WAD]]);
  });

  it("R24: convicts of a count that the lane does not have, once it had fewer at a later time", async () => {
    const { alpha, beta, fabric } = world;
    const [one, two] = fabric.operators;
    await sendAndSettle(1);
    const never = await finalOf(alpha, beta, wordOf(`0x${"ee".repeat(27)}`, MAX_COUNT));
    await say(never, [one!]);
    const { hash } = await readBlock(alpha.provider, "latest");
    await say({ ...never, level: Level.fast, blockHash: hash }, [two!]);
    expect(await convictions()).to.deep.equal([]);
    await sendAndSettle(1);
    expect(await convictions()).to.have.deep.members([
      [one!.address, "falsehood", Degree.lone, WAD],
      [two!.address, "unsettled", Degree.lone, UNSETTLED_WAD],
    ]);
  });

  it("R24: convicts of words of a lane that is empty, once its source has settled that it is", async () => {
    const { alpha, beta, fabric } = world;
    const [one, two] = fabric.operators;
    await say(await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), [one!]);
    await say(await finalOf(alpha, beta, wordOf(`0x${"ee".repeat(27)}`, 0n)), [two!]);
    expect(await convictions()).to.deep.equal([]);
    await mine(world, alpha, 1);
    await settleOnL1(fabric, alpha.id, beta.id);
    expect(await convictions()).to.have.deep.members([
      [one!.address, "falsehood", Degree.lone, WAD],
      [two!.address, "falsehood", Degree.lone, WAD],
    ]);
  });

  it("R26, R27: convicts of falsehood about no source for which nothing is accepted, and of unsettled words all the same", async () => {
    const { alpha, beta, fabric } = world;
    const [one, two] = fabric.operators;
    await accept(0n);
    await sendAndSettle(1);
    const lie = await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1));
    await say(lie, [one!, two!]);
    await say({ ...lie, level: Level.fast, blockHash: id("a block") }, [two!]);
    expect(await convictions()).to.deep.equal([[two!.address, "unsettled", Degree.lone, UNSETTLED_WAD]]);
    await accept(WAD);
    expect((await convictions()).map(([operator, offence]) => [operator, offence])).to.have.deep.members([
      [one!.address, "falsehood"],
      [two!.address, "falsehood"],
    ]);
  });

  it("invariant 6: finds nothing against honest operators, final or fast, however the lane is settled; a fast word that a reorganisation took costs a fiftieth", async () => {
    const { alpha, beta, fabric } = world;
    await gatewayOf(beta).setSource(alpha.id, Level.fast, 0, false);
    const recorder = await recorderOn(beta);
    const operators = operatorsOf(world);
    const relayer = relayerOf(world, operators);
    for (let round = 0; round < 3; ++round) {
      await send(alpha, beta, recorder);
      await relayer.step();
      await sendAndSettle(1);
      await relayer.step();
      expect(await convictions()).to.deep.equal([]);
    }
    const point = await branchPoint(fabric.members.find((member) => member.id === alpha.id)!.provider);
    await send(alpha, beta, recorder, { payload: "0x01" });
    expect((await relayer.step()).delivered).to.have.lengthOf(1);
    await reorganise(point, async () => {
      await send(alpha, beta, recorder, { payload: "0x02" });
    });
    await sendAndSettle(1);
    const found = await convictions();
    expect(found.length).to.be.greaterThan(5);
    for (const [, offence, degree, wad] of found) {
      expect([offence, degree, wad]).to.deep.equal(["unsettled", Degree.lone, UNSETTLED_WAD]);
    }
  });
});
