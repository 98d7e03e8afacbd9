import { expect } from "chai";
import { AbiCoder, id, Interface, ZeroAddress, ZeroHash } from "ethers";

import { watched, Watcher, type RelayedMember, type WatchReport } from "../../../src/agents/index.ts";
import { readBlock } from "../../../src/chain/blocks.ts";
import { EIGENLAYER } from "../../../src/chain/eigenlayer.ts";
import { readLaneTo } from "../../../src/chain/readLaneTo.ts";
import { fund, impersonate, sendFrom } from "../../../src/testing/cheats.ts";
import type { DevnetOperator } from "../../../src/testing/operators.ts";
import { branchPoint, reorganise } from "../../../src/testing/reorganise.ts";
import {
  Degree,
  encodeEquivocation,
  foldBatch,
  genesis,
  Level,
  ZERO_WORD,
  type BatchItem,
} from "../../../src/wire/index.ts";
import { IServiceManager__factory } from "../../../types/ethers-contracts/factories/interfaces/IServiceManager__factory.ts";
import { ISlasher__factory } from "../../../types/ethers-contracts/factories/interfaces/ISlasher__factory.ts";
import { Caller__factory } from "../../../types/ethers-contracts/factories/test/recipients/Caller__factory.ts";
import type { ISlasher } from "../../../types/ethers-contracts/interfaces/ISlasher.ts";
import {
  ALPHA_CONFIRMATIONS,
  deployed,
  gatewayOf,
  idsOf,
  mine,
  operatorsOf,
  passTime,
  recorderOn,
  relayerOf,
  send,
  through,
  transactionsSent,
  useWorld,
} from "./fixture.ts";
import { deliverCall, finalOf, hold, inventedHashes, inventedWord, signedBy } from "./watching/lies.ts";

const NOTHING: WatchReport = {
  statements: 0,
  contradicted: [],
  convicted: [],
  slashed: [],
  revoked: [],
  unseen: [],
  problems: [],
};

/** EigenLayer's multisigs that pause and unpause it. */
const PAUSER = "0x5050389572f2d220ad927CcbeA0D406831012390";
const UNPAUSER = "0x369e6F597e22EaB55fFb173C6d9cD234BD699111";

const LONE_WAD = 10n ** 16n;
const QUORUM_WAD = 10n ** 18n;

describe("Watcher", () => {
  const world = useWorld();

  function watcherOf(members: readonly RelayedMember[] = world.members): Watcher {
    const { l1, fabric } = world;
    const { settlement, serviceManager } = fabric.contracts;
    const { chainId, signer } = l1;
    return new Watcher({
      settlement: { chainId, settlement, serviceManager, signer, startBlock: fabric.startBlock },
      members,
    });
  }

  async function slasherOf(): Promise<ISlasher> {
    const { fabric, l1 } = world;
    const manager = IServiceManager__factory.connect(fabric.contracts.serviceManager, l1.signer);
    return ISlasher__factory.connect(await manager.SLASHER(), l1.signer);
  }

  /** The operators that are convicted on L1. */
  async function tombstoned(): Promise<string[]> {
    const slasher = await slasherOf();
    const found = await Promise.all(
      world.fabric.operators.map(async ({ name, address }) => ((await slasher.isTombstoned(address)) ? [name] : [])),
    );
    return found.flat();
  }

  /** Pauses EigenLayer's slashing, or ends that, as EigenLayer's own multisigs can. */
  async function setSlashingPaused(isPaused: boolean): Promise<void> {
    const { provider } = world.fabric.members[0];
    const [method, from, status] = isPaused ? (["pause", PAUSER, 2n] as const) : (["unpause", UNPAUSER, 0n] as const);
    await impersonate(provider, from);
    await fund(provider, from, 10n ** 18n);
    const data = new Interface([`function ${method}(uint256 newPausedStatus)`]).encodeFunctionData(method, [status]);
    await sendFrom(provider, { from, to: EIGENLAYER.allocationManager, data });
  }

  const namesOf = (operators: readonly DevnetOperator[]): string[] => operators.map(({ name }) => name);
  const addressesOf = (operators: readonly DevnetOperator[]): string[] => operators.map(({ address }) => address);

  /** Sends messages from alpha to beta that are final then. */
  async function sendFinal(count: number): Promise<void> {
    const { alpha, beta } = world;
    const recorder = await recorderOn(beta);
    for (let sent = 0; sent < count; ++sent) await send(alpha, beta, recorder);
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
  }

  describe("R22, R24: of a corrupt quorum that certified two words at one count", () => {
    const [corrupt, honest] = [
      (): DevnetOperator[] => world.fabric.operators.slice(0, 6),
      (): DevnetOperator[] => world.fabric.operators.slice(6),
    ];

    /** Beta holds a false word, and delivers by a true one. */
    async function lie(): Promise<void> {
      const { alpha, beta } = world;
      await hold(
        beta,
        await signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), corrupt()),
      );
      await sendFinal(1);
      const item: BatchItem = {
        kind: "message",
        sender: ZeroAddress,
        recipient: ZeroAddress,
        options: 0n,
        payload: "0x",
      };
      const lane = { source: alpha.id, destinationChainId: beta.chainId };
      const { word } = foldBatch(lane, genesis(alpha.id, beta.id), [item]);
      const other = await signedBy(world, await finalOf(alpha, beta, word), corrupt());
      await beta.signer.sendTransaction({ to: beta.gateway, data: deliverCall(alpha, beta, other, [item]) });
    }

    it("convicts every signer, and no other; revokes the table everywhere; then has nothing to do", async () => {
      await lie();
      const watcher = watcherOf();
      const report = await watcher.step();
      expect(report.problems).to.deep.equal([]);
      expect(report.statements).to.equal(2);
      expect(report.contradicted.map(({ source, destination }) => [source, destination])).to.deep.equal([
        ["alpha", "beta"],
        ["alpha", "beta"],
      ]);
      expect(report.convicted.map(({ operator }) => operator)).to.have.members(addressesOf(corrupt()));
      for (const { degree, wad } of report.convicted) expect([degree, wad]).to.deep.equal([Degree.quorum, QUORUM_WAD]);
      expect(report.revoked.map(({ at }) => at)).to.deep.equal(["l1", "alpha", "beta", "L1's ServiceManager"]);

      expect(await tombstoned()).to.deep.equal(namesOf(corrupt()));
      for (const member of world.members) {
        expect((await gatewayOf(member).tableInForce()).table, member.name).to.equal(ZeroAddress);
      }
      const sent = await transactionsSent(world);
      expect(await watcher.step()).to.deep.equal(NOTHING);
      const again = await watcherOf().step();
      expect([again.statements, again.convicted, again.revoked, again.problems]).to.deep.equal([2, [], [], []]);
      expect(await transactionsSent(world)).to.equal(sent);
    });

    it("revokes the table of a member after it has expired, with the false word that is held on it", async () => {
      await lie();
      await passTime(world, 25 * 60 * 60);
      const { alpha, beta } = world;
      const report = await watcherOf().step();
      expect(report.problems).to.deep.equal([]);
      expect(report.revoked.map(({ at }) => at)).to.include.members(["l1", "alpha", "beta"]);
      expect(await gatewayOf(beta).heldCertified(alpha.id, Level.final)).to.equal(ZeroHash);
      expect((await watcherOf().step()).revoked).to.deep.equal([]);
    });

    it("convicts and revokes with what the members that it follows show, and another watcher does the rest", async () => {
      await lie();
      const { alpha, beta, l1 } = world;
      const first = await watcherOf([l1, alpha]).step(); // sees no more than L1 and alpha
      expect(first).to.deep.equal(NOTHING);
      const report = await watcherOf([beta]).step(); // has no node of alpha
      expect(report.revoked.map(({ at }) => at)).to.deep.equal(["beta", "L1's ServiceManager"]);
      expect(report.convicted).to.have.lengthOf(6);
      const last = await watcherOf().step();
      expect(last.revoked.map(({ at }) => at)).to.deep.equal(["l1", "alpha"]);
      expect([last.convicted, last.problems]).to.deep.equal([[], []]);
      expect(await tombstoned()).to.not.include.members(namesOf(honest()));
    });
  });

  it("R24: convicts one operator that gave two askers two answers, of a lone equivocation, and revokes nothing", async () => {
    const { alpha, beta } = world;
    await sendFinal(1);
    const [liar, ...others] = operatorsOf(world);
    const truth = await finalOf(alpha, beta, await readLaneTo(alpha, beta.chainId));
    const lie = await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1));
    const watcher = watcherOf();
    for (const operator of [liar!, ...others]) await watched(operator, watcher).certify([truth]);
    const heard = await watcher.step();
    expect({ ...heard, statements: 0 }).to.deep.equal(NOTHING);

    const twoFaced = world.fabric.operators.find(({ keyAddress }) => keyAddress === liar!.address)!;
    const { certificate } = await signedBy(world, lie, [twoFaced]);
    const client = {
      address: liar!.address,
      certify: async () => ({ root: ZeroHash, signature: `0x${certificate.slice(4)}`, refused: [] }),
    };
    await watched(client, watcher).certify([lie]);
    const report = await watcher.step();
    expect(report.convicted.map(({ operator, degree, wad }) => [operator, degree, wad])).to.deep.equal([
      [twoFaced.address, Degree.lone, LONE_WAD],
    ]);
    expect([report.statements, report.revoked, report.problems]).to.deep.equal([1, [], []]);
    expect(report.contradicted.map(({ own }) => own)).to.deep.equal([truth.laneWord]);
    expect(await tombstoned()).to.deep.equal([twoFaced.name]);
  });

  it("R24: convicts of a final word that a later one folds past, by its own node's messages", async () => {
    const { alpha, beta, fabric } = world;
    const [one, two] = fabric.operators;
    await sendFinal(3);
    const watcher = watcherOf();
    const lie = await signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1)), [one!, two!]);
    const truth = await signedBy(world, await finalOf(alpha, beta, await readLaneTo(alpha, beta.chainId)), [two!]);
    watcher.hearEvidence({ a: lie, b: truth, from: ZERO_WORD, messageHashes: [] });
    const report = await watcher.step();
    expect(report.convicted.map(({ operator }) => operator)).to.deep.equal([two!.address]);
    expect(report.problems).to.deep.equal([]);
  });

  it("R26: convicts of a graver equivocation after a lone one", async () => {
    const { alpha, beta, fabric } = world;
    const corrupt = fabric.operators.slice(0, 6);
    const words = await Promise.all(
      ["one", "other"].map((name) => finalOf(alpha, beta, inventedWord(alpha, beta, name, 1))),
    );
    const evidence = async (signers: readonly DevnetOperator[]): Promise<Parameters<Watcher["hearEvidence"]>[0]> => {
      const [a, b] = await Promise.all(words.map((word) => signedBy(world, word, signers)));
      return { a: a!, b: b!, from: ZERO_WORD, messageHashes: [] };
    };
    const watcher = watcherOf();
    watcher.hearEvidence(await evidence(corrupt.slice(0, 1)));
    expect((await watcher.step()).convicted.map(({ degree }) => degree)).to.deep.equal([Degree.lone]);
    watcher.hearEvidence(await evidence(corrupt.slice(1)));
    const report = await watcher.step();
    expect(report.problems).to.deep.equal([]);
    expect(report.convicted.map(({ operator }) => operator)).to.have.members(addressesOf(corrupt));
    expect(new Set(report.convicted.map(({ degree }) => degree))).to.deep.equal(new Set([Degree.quorum]));
  });

  it("trap 13: while EigenLayer's slashing is paused it convicts all the same, says what waits, and slashes later", async () => {
    const { alpha, beta, fabric } = world;
    const [liar] = fabric.operators;
    const [a, b] = await Promise.all(
      ["one", "other"].map(async (name) =>
        signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, name, 1)), [liar!]),
      ),
    );
    const watcher = watcherOf();
    watcher.hearEvidence({ a: a!, b: b!, from: ZERO_WORD, messageHashes: [] });
    await setSlashingPaused(true);
    const report = await watcher.step();
    expect(report.convicted.map(({ operator }) => operator)).to.deep.equal([liar!.address]);
    expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.equal([
      [liar!.address, "watcher/refused"],
    ]);
    await setSlashingPaused(false);
    expect((await watcher.step()).slashed.map(({ operator, wad }) => [operator, wad])).to.deep.equal([
      [liar!.address, LONE_WAD],
    ]);
    expect(await watcher.step()).to.deep.equal(NOTHING);
  });

  it("learns from evidence with which somebody else revoked a table", async () => {
    const { alpha, beta, fabric } = world;
    const corrupt = fabric.operators.slice(2);
    const [a, b] = await Promise.all(
      ["one", "other"].map(async (name) =>
        signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, name, 1)), corrupt),
      ),
    );
    await gatewayOf(beta).revokeTable(encodeEquivocation({ a: a!, b: b!, from: ZERO_WORD, messageHashes: [] }));
    const report = await watcherOf().step();
    expect(report.convicted.map(({ operator }) => operator)).to.have.members(addressesOf(corrupt));
    expect(report.revoked.map(({ at }) => at)).to.deep.equal(["l1", "alpha", "L1's ServiceManager"]);
    expect(report.problems).to.deep.equal([]);
  });

  it("invariant 6: finds nothing against honest operators after a source's reorganisation at level fast", async () => {
    const { alpha, beta, fabric } = world;
    await gatewayOf(beta).setSource(alpha.id, Level.fast, 0, false);
    const relayer = relayerOf(world);
    const recorder = await recorderOn(beta);
    const watcher = watcherOf();
    const point = await branchPoint(fabric.members.find((member) => member.id === alpha.id)!.provider);
    const lost = await send(alpha, beta, recorder, { payload: "0x01" });
    expect(idsOf((await relayer.step()).delivered)).to.deep.equal([lost]);
    const before = await watcher.step();
    expect({ ...before, statements: 1 }).to.deep.equal({ ...NOTHING, statements: 1 });
    await reorganise(point, async () => {
      for (const payload of ["0x02", "0x03"]) await send(alpha, beta, recorder, { payload });
    });
    const report = await relayer.step();
    expect(report.delivered).to.have.lengthOf(1);
    for (const one of [watcher, watcherOf()]) {
      const seen = await one.step();
      expect(seen.statements).to.be.greaterThan(0);
      expect({ ...seen, statements: 0 }).to.deep.equal(NOTHING);
    }
    await mine(world, alpha, ALPHA_CONFIRMATIONS);
    await relayer.step();
    expect({ ...(await watcher.step()), statements: 0 }).to.deep.equal(NOTHING);
    expect(await tombstoned()).to.deep.equal([]);
  });

  it("reports a word that its own node contradicts, once, and one that its node does not have yet later", async () => {
    const { alpha, beta, fabric } = world;
    await sendFinal(1);
    const early = await signedBy(
      world,
      await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 2)),
      fabric.operators,
    );
    await hold(beta, early);
    const watcher = watcherOf();
    expect({ ...(await watcher.step()), statements: 0 }).to.deep.equal(NOTHING);
    await sendFinal(1);
    const { contradicted, convicted } = await watcher.step();
    expect(contradicted.map(({ checkpoint }) => checkpoint)).to.deep.equal([early.checkpoint]);
    expect(contradicted[0]!.own).to.equal(await readLaneTo(alpha, beta.chainId));
    expect(contradicted[0]!.signers).to.have.lengthOf(8);
    expect(convicted).to.deep.equal([]);
    expect(await watcher.step()).to.deep.equal(NOTHING);
  });

  it("reports fast words that their block does not bear out, and times by which a word was not reached", async () => {
    const { alpha, beta, fabric } = world;
    const { hash } = await readBlock(alpha.provider, "latest");
    await sendFinal(1);
    const truth = await finalOf(alpha, beta, await readLaneTo(alpha, beta.chainId));
    const latest = await readBlock(alpha.provider, "latest");
    const watcher = watcherOf();
    const said = [
      { ...truth, level: Level.fast, blockHash: hash },
      { ...truth, level: Level.fast, blockHash: latest.hash },
      { ...truth, level: Level.fast, blockHash: id("a block of nobody's") },
      { ...truth, reachedBy: 1n },
    ];
    for (const checkpoint of said) {
      const { certificate } = await signedBy(world, checkpoint, [fabric.operators[0]!]);
      watcher.hear([checkpoint], `0x${certificate.slice(4)}`);
    }
    const { contradicted, statements } = await watcher.step();
    expect(statements).to.equal(4);
    expect(contradicted.map(({ checkpoint }) => checkpoint)).to.have.deep.members([said[0], said[3]]);
  });

  it("reads calls that another contract passes on as they are, and names those that it cannot read", async () => {
    const { alpha, beta, fabric } = world;
    const caller = await deployed(new Caller__factory(beta.signer).deploy());
    const word = inventedWord(alpha, beta, "lie", 2);
    const statement = await signedBy(world, await finalOf(alpha, beta, word), fabric.operators);
    const advanceOf = (
      await gatewayOf(beta).advance.populateTransaction([statement.checkpoint], `0x00${statement.certificate.slice(2)}`)
    ).data;
    const call = AbiCoder.defaultAbiCoder().encode(
      ["tuple(address target, bytes data, bool required)[]"],
      [[{ target: beta.gateway, data: advanceOf, required: true }]],
    );
    await caller.receiveMessage(ZeroHash, "0x", call);
    const report = await watcherOf().step();
    expect([report.statements, report.unseen]).to.deep.equal([1, []]);

    // A node that shows the transaction with other data stands for a contract that makes up its calls by itself.
    const hiding = through(beta, {
      getTransaction: async (hash: string) => {
        const { to } = (await beta.provider.getTransaction(hash))!;
        return { to, data: "0x12345678" };
      },
    });
    const { statements, unseen } = await watcherOf([hiding]).step();
    expect([statements, unseen.map(({ member }) => member)]).to.deep.equal([0, ["beta"]]);
  });

  it("goes on where a chain cannot be read, says so, and reads it later", async () => {
    const { alpha, beta, fabric, members } = world;
    const statements = await Promise.all(
      ["one", "other"].map(async (name) =>
        signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, name, name.length)), fabric.operators),
      ),
    );
    for (const statement of statements) await hold(beta, statement);
    let isDown = true;
    const flaky = through(beta, {
      getLogs: async (filter: never) => {
        if (isDown) throw new Error("connection refused");
        return await beta.provider.getLogs(filter);
      },
    });
    const watcher = watcherOf(members.map((member) => (member === beta ? flaky : member)));
    const report = await watcher.step();
    expect(report.statements).to.equal(0);
    expect(report.problems.map(({ subject, code }) => [subject, code])).to.deep.include(["beta", "watcher/unreadable"]);
    isDown = false;
    expect((await watcher.step()).statements).to.equal(2);
  });

  it("takes in nothing from keys that no table ever listed", async () => {
    const { alpha, beta } = world;
    const [operator] = world.fabric.operators;
    const checkpoint = await finalOf(alpha, beta, inventedWord(alpha, beta, "lie", 1));
    const { certificate } = await signedBy(world, checkpoint, [operator!]);
    const watcher = watcherOf();
    const elsewhere = { ...checkpoint, laneWord: inventedWord(alpha, beta, "other", 1) };
    watcher.hear([elsewhere], `0x${certificate.slice(4)}`); // recovers to somebody, but to no operator
    expect(await watcher.step()).to.deep.equal(NOTHING);
  });

  it("says in the fold of a batch what it knows of a lie's way", async () => {
    const { alpha, beta, fabric } = world;
    const corrupt = fabric.operators.slice(0, 6);
    // A lie that folds past an earlier lie, shown by the skipped items of the batch that used it.
    const hashes = inventedHashes("late", 2);
    const item: BatchItem = {
      kind: "message",
      sender: ZeroAddress,
      recipient: ZeroAddress,
      options: 0n,
      payload: "0x",
    };
    const items: BatchItem[] = [...hashes.map((messageHash): BatchItem => ({ kind: "skip", messageHash })), item];
    const lane = { source: alpha.id, destinationChainId: beta.chainId };
    const { word } = foldBatch(lane, genesis(alpha.id, beta.id), items);
    const late = await signedBy(world, await finalOf(alpha, beta, word), corrupt);
    await hold(beta, await signedBy(world, await finalOf(alpha, beta, inventedWord(alpha, beta, "early", 1)), corrupt));
    await beta.signer.sendTransaction({ to: beta.gateway, data: deliverCall(alpha, beta, late, items) });
    const report = await watcherOf().step();
    expect(report.convicted.map(({ operator }) => operator)).to.have.members(addressesOf(corrupt));
    expect(report.problems).to.deep.equal([]);
  });
});
