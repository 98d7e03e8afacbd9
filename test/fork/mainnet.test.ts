import { expect } from "chai";
import { AbiCoder, ZeroAddress } from "ethers";

import { runPlan } from "../../deploy/run.ts";
import { type RelayedMember, Watcher } from "../../src/agents/index.ts";
import { DEALLOCATION_DELAY } from "../../src/chain/eigenlayer.ts";
import { readLaneTo } from "../../src/chain/readLaneTo.ts";
import { ParleyError } from "../../src/errors.ts";
import { deregisterOperator } from "../../src/operators/index.ts";
import { addressOf, mine } from "../../src/testing/cheats.ts";
import { allocate } from "../../src/testing/eigenlayer.ts";
import { confirmDelivered, deployPingPong, type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import { createAgents, relayAll, relayedMembers } from "../../src/testing/fabricAgents.ts";
import type { DevnetOperator } from "../../src/testing/operators.ts";
import {
  type CertificateDomain,
  type Checkpoint,
  countOf,
  Degree,
  encodeAdvanceProof,
  encodeBatch,
  encodeProof,
  type Hex,
  Level,
  type Statement,
  ZERO_WORD,
} from "../../src/wire/index.ts";
import { ICertificateVerifier__factory } from "../../types/ethers-contracts/factories/interfaces/ICertificateVerifier__factory.ts";
import { settleLane } from "../e2e/settleLane.ts";
import { finalOf, hold, inventedWord, signedBy } from "../src/agents/watching/lies.ts";
import { createOperators, ETHER, HONEST_STAKE, type Operators, register } from "./support/operators.ts";
import {
  allocationsOf,
  gatewayOf,
  managerOf,
  operatorSetOf,
  received,
  sharesOf,
  slasherOf,
  tableInForce,
  withdrawableBy,
} from "./support/views.ts";
import { passTime, settlementAccess, startWorld, type World, worldFabric } from "./support/world.ts";

const WEEK = 7n * 86_400n;
const ALLOCATION_DELAY = 50;
const FULL_WAD = 10n ** 18n;
const NOTHING = [0n, 0n];

/** One story: each test goes on from where the one before it left the chains. */
describe("Fork of mainnet: a network comes to be, its quorum lies, pays for it, and the rest goes on", function () {
  this.timeout(1_800_000); // a node may be far away
  this.bail(true);

  let world: World;
  let close: World["close"] = () => Promise.resolve();
  let operators: Operators;
  let all: readonly DevnetOperator[];
  let fabric: Fabric;
  let domain: CertificateDomain;
  let relayer: ReturnType<typeof createAgents>["relayer"];
  let [l1, alpha, beta]: RelayedMember[] = [];
  let [onAlpha, onBeta]: PingPong[] = [];
  let firstTable: Hex;
  let lie: Checkpoint;

  before(async () => {
    world = await startWorld();
    close = world.close;
  });
  after(() => close());

  /** What each lane stands at, as these would certify it were they all. */
  function truths(signers: readonly DevnetOperator[]): Promise<(readonly [RelayedMember, Statement])[]> {
    const ways = [
      [alpha!, beta!],
      [beta!, alpha!],
    ] as const;
    return Promise.all(
      ways.map(async ([from, to]) => {
        const checkpoint = await finalOf(from, to, await readLaneTo(from, to.chainId));
        const signed = await signedBy({ fabric: { ...fabric, operators: signers }, domain }, checkpoint, signers);
        return [to, signed] as const;
      }),
    );
  }

  const advance = (to: RelayedMember, { checkpoint, certificate }: Statement): Promise<unknown> =>
    gatewayOf(to).advance.staticCall([checkpoint], encodeAdvanceProof({ siblings: [[]], certificate }));

  it("R30: is deployed by the plan beside EigenLayer, which knows its Slasher and its strategies", async () => {
    const { outcomes } = world.outcome;
    const sent = outcomes.flatMap(({ step: { id }, status }) => (status === "sent" ? [id] : []));
    expect(sent).to.include.members(["settlement", "service-manager", "gateway", "member-alpha", "member-beta"]);
    // Nothing is put up for EigenLayer.
    expect(sent).to.not.include("eigenlayer").and.not.include("height");
    const waiting = outcomes.flatMap(({ step: { id }, status }) => (typeof status === "object" ? [id] : []));
    expect(new Set(waiting)).to.deep.equal(
      new Set(["table", "publish-l1", "publish-alpha", "publish-beta", "bring-table"]),
    );

    const [allocations, set] = [allocationsOf(world), operatorSetOf(world)];
    expect(await allocations.getSlasher(set)).to.equal(await slasherOf(world).then((one) => one.getAddress()));
    const strategies = world.stakes.map(({ strategy }) => strategy);
    expect(await allocations.getStrategiesInOperatorSet(set)).to.have.members(strategies);
    // Trap 10.
    expect(await allocations.isRedistributingOperatorSet(set)).to.equal(false);
  });

  it("R1, R31, R32: operators come by EigenLayer's own entry points, and weigh what may be slashed, once members are live", async () => {
    operators = await createOperators(world);
    const { liars, honest, latecomer } = operators;
    all = [...liars, ...honest, latecomer];
    const begun = await register(world, latecomer, { deposit: HONEST_STAKE, allocationDelay: ALLOCATION_DELAY });
    expect(begun.taken.map(({ name }) => name)).to.deep.equal(["operator", "stake", "allocation", "key", "bond"]);
    expect(begun.steps.find(({ name }) => name === "allocation")!.status).to.equal("waiting");
    await mine(world.chains[0].provider, ALLOCATION_DELAY + 1);
    const { taken, membership } = await register(world, latecomer, {});
    expect(taken.map(({ name }) => name)).to.deep.equal(["membership"]);
    expect([membership.isMember, membership.weight]).to.deep.equal([true, HONEST_STAKE]);

    const manager = managerOf(world);
    await expect(manager.snapshot()).to.be.revertedWithCustomError(manager, "NoMembers");
    await passTime(world, WEEK);
    const { outcomes } = await runPlan(world.plan);
    expect(outcomes.filter(({ status }) => typeof status === "object")).to.deep.equal([]);
    fabric = await worldFabric(world, all);
    domain = { settlementChainId: fabric.members[0].chainId, serviceManager: fabric.contracts.serviceManager };
    [l1, alpha, beta] = relayedMembers(fabric);
    const { id, weights } = await tableInForce(world, [l1!, alpha!, beta!], all);
    expect(weights).to.deep.equal({
      heavy: 800n * ETHER,
      delegated: (300n + 500n) * ETHER,
      divided: (1_200n / 2n + 400n / 2n) * ETHER,
      ...Object.fromEntries([...honest, latecomer].map(({ name }) => [name, HONEST_STAKE])),
    });
    firstTable = id;
  });

  it("invariant 1: messages pass both ways, each once, on the word of real operators", async () => {
    [onAlpha, onBeta] = await deployPingPong(fabric.members.slice(1));
    relayer = createAgents(fabric).relayer;
    const sent = [await serve(onAlpha!, onBeta!, 2), await serve(onBeta!, onAlpha!)];
    const reports = await relayAll(fabric, relayer);
    confirmDelivered(sent, reports);
    expect(reports.flatMap(({ failed, uncertified, problems }) => [...failed, ...uncertified, ...problems])).to.be
      .empty;
    expect([await received(onAlpha!), await received(onBeta!)]).to.deep.equal([2n, 2n]);
  });

  it("R22, R24: a quorum certifies two words at one count, and beta believes both", async () => {
    const count = countOf(await readLaneTo(alpha!, beta!.chainId)) + 1n;
    lie = await finalOf(alpha!, beta!, inventedWord(alpha!, beta!, "lie", Number(count)));
    await hold(beta!, await signedBy({ fabric, domain }, lie, operators.liars));
    expect(await gatewayOf(beta!).held(alpha!.id, Level.final, count)).to.equal(lie.laneWord);

    const message = await serve(onAlpha!, onBeta!);
    const reports = await relayAll(fabric, relayer);
    confirmDelivered([message], reports);
    const truth = await readLaneTo(alpha!, beta!.chainId);
    expect(countOf(truth)).to.equal(count);
    expect(truth).to.not.equal(lie.laneWord);
    for (const [to, statement] of await truths(all)) await advance(to, statement);
  });

  it("R25, R26: each who signed both is convicted, also one that left, and no other; the table is revoked everywhere", async () => {
    const { liars, honest, latecomer } = operators;
    const [, , divided] = liars;
    const { taken } = await deregisterOperator(settlementAccess(world, divided.account));
    expect(taken.map(({ name }) => name)).to.deep.equal(["leave"]);
    const operatorSet = operatorSetOf(world);
    for (const { strategy } of world.stakes) {
      await allocate(divided.account, { operatorSet, strategy, magnitude: 0n });
    }

    const members = [l1!, alpha!, beta!];
    const watcher = new Watcher({ settlement: settlementAccess(world, l1!.signer), members });
    const report = await watcher.step();
    expect(report.problems).to.deep.equal([]);
    expect(report.convicted.map(({ operator }) => operator)).to.have.members(liars.map(({ address }) => address));
    for (const { degree, wad } of report.convicted) expect([degree, wad]).to.deep.equal([Degree.quorum, FULL_WAD]);
    expect(report.revoked.map(({ at }) => at)).to.deep.equal(["l1", "alpha", "beta", "L1's ServiceManager"]);
    const slasher = await slasherOf(world);
    for (const { address } of [...honest, latecomer]) expect(await slasher.isTombstoned(address)).to.equal(false);
    for (const member of members) {
      expect((await gatewayOf(member).tableInForce()).table, member.name).to.equal(ZeroAddress);
    }
  });

  it("R26, R29, invariant 12: what Parley could slash has left, nothing else, and half of the bonds is the reporter's", async () => {
    const { liars, honest, latecomer, bystander, delegator, staker } = operators;
    const [heavy, delegated, divided] = liars;
    const after = new Map<string, bigint[]>();
    for (const one of [...all, bystander]) after.set(one.name, await sharesOf(world, one));
    expect(Object.fromEntries(after)).to.deep.equal({
      heavy: NOTHING, // of 800 of the first strategy
      delegated: NOTHING, // of 800, 500 of which are the delegator's
      divided: [600n * ETHER, 0n], // of 1,200 and 400: it kept half of the first
      ...Object.fromEntries([...honest, latecomer].map(({ name }) => [name, [HONEST_STAKE, 0n]])),
      bystander: [90n * ETHER, 0n],
    });
    const stakers = [heavy, delegated, delegator, divided, honest[0]!, staker];
    expect(await Promise.all(stakers.map((one) => withdrawableBy(world, one)))).to.deep.equal([
      ...[NOTHING, NOTHING, NOTHING],
      ...[
        [600n * ETHER, 0n],
        [HONEST_STAKE, 0n],
        [70n * ETHER, 0n],
      ],
    ]);

    const slasher = await slasherOf(world);
    const slashed = await slasher.queryFilter(slasher.filters.OperatorSlashed(), fabric.startBlock);
    const lost = slashed.map(({ args }) => [args.operator, args.shares.reduce((sum, shares) => sum + shares, 0n)]);
    expect(new Map(lost as [string, bigint][])).to.deep.equal(
      new Map([
        [heavy.address, 800n * ETHER],
        [delegated.address, 800n * ETHER],
        [divided.address, (600n + 400n) * ETHER],
      ]),
    );

    const manager = managerOf(world);
    const bonds = await Promise.all(all.map(({ address }) => manager.bondOf(address)));
    expect(bonds).to.deep.equal([...liars.map(() => 0n), ...[...honest, latecomer].map(() => ETHER)]);
    const purse = addressOf("parley.test.fork.purse");
    await manager.withdrawBounty(purse);
    expect(await l1!.provider.getBalance(purse)).to.equal((3n * ETHER) / 2n);
  });

  it("R18, R22, invariant 3: no certificate of that table counts on either rollup, nor the word that beta held by one", async () => {
    for (const [to, statement] of await truths(all)) {
      await expect(advance(to, statement)).to.be.revertedWithCustomError(gatewayOf(to), "NoTable");
    }
    expect(await gatewayOf(beta!).held(alpha!.id, Level.final, countOf(lie.laneWord))).to.equal(ZERO_WORD);
    const manager = managerOf(world);
    await expect(manager.publish(firstTable, beta!.id, "0x"))
      .to.be.revertedWithCustomError(manager, "RevokedTable")
      .withArgs(firstTable);
  });

  it("invariant 9: meanwhile a message gets from rollup to rollup through L1, without a certificate", async () => {
    const before = await readLaneTo(alpha!, beta!.chainId);
    const { id } = await serve(onAlpha!, onBeta!);
    await settleLane(fabric, alpha!.id, beta!.id, Number(countOf(before)) + 1);
    const [sender, recipient] = [onAlpha!.address, onBeta!.address];
    const payload = AbiCoder.defaultAbiCoder().encode(["uint256"], [0]);
    const items = encodeBatch([{ kind: "message", sender, recipient, options: 0n, payload }]);
    const proof = encodeProof({ kind: "held", level: Level.settled });
    const { chainId, gateway } = alpha!;
    await expect(gatewayOf(beta!).deliver({ chainId, gateway }, items, proof, before))
      .to.emit(gatewayOf(beta!), "MessageDelivered")
      .withArgs(id, await beta!.signer.getAddress());
  });

  it("R22, R26, R31, invariant 7: the honest rest makes a table at once, and messages pass both ways again", async () => {
    const { honest, latecomer, liars } = operators;
    const sent = [await serve(onAlpha!, onBeta!), await serve(onBeta!, onAlpha!)];
    const reports = await relayAll(fabric, relayer);
    const published = reports.flatMap((report) => report.published);
    expect(published.map(({ member }) => member)).to.deep.equal(["l1", "alpha", "beta"]);
    confirmDelivered(sent, reports);
    const { id, weights } = await tableInForce(world, [l1!, alpha!, beta!], all);
    expect(id).to.not.equal(firstTable);
    expect(weights).to.deep.equal(Object.fromEntries([...honest, latecomer].map(({ name }) => [name, HONEST_STAKE])));
    for (const [to, statement] of await truths([...honest, latecomer])) await advance(to, statement);
    for (const [to, statement] of await truths(liars)) {
      const table = ICertificateVerifier__factory.connect(to.gateway, to.provider);
      await expect(advance(to, statement)).to.be.revertedWithCustomError(table, "InvalidSignature").withArgs(0);
    }
    const refusal = await register(world, liars[0], { deposit: 800n * ETHER }).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(ParleyError).with.property("code", "operator/tombstoned");
  });

  it("R31: who leaves has its bond back when EigenLayer's 100,800 blocks are over, and not before", async () => {
    const { latecomer } = operators;
    const access = settlementAccess(world, latecomer.account);
    const leave = async (): Promise<string[]> => (await deregisterOperator(access)).taken.map(({ name }) => name);
    expect(await leave()).to.deep.equal(["leave"]);
    await mine(world.chains[0].provider, Number(DEALLOCATION_DELAY) - 1);
    expect(await leave()).to.deep.equal([]);
    await mine(world.chains[0].provider, 2);
    expect(await leave()).to.deep.equal(["bond"]);
    expect(await managerOf(world).bondOf(latecomer.address)).to.equal(0n);
    expect(await sharesOf(world, latecomer)).to.deep.equal([HONEST_STAKE, 0n]);
  });
});
