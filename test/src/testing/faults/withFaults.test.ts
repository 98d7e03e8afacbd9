import { expect } from "chai";

import { Watcher, type RelayedMember, type StepReport } from "../../../../src/agents/index.ts";
import { readBlock } from "../../../../src/chain/blocks.ts";
import { followLanes } from "../../../../src/chain/lanes.ts";
import { readTableInForce } from "../../../../src/chain/readTableInForce.ts";
import { ParleyError } from "../../../../src/errors.ts";
import {
  lyingProvider,
  NO_FAULTS,
  SOME_FAULTS,
  withFaults,
  type Fault,
  type FaultOptions,
  type FaultyFabric,
} from "../../../../src/testing/faults/index.ts";
import { decodeInteroperableAddress, type Hex } from "../../../../src/wire/index.ts";
import { MessageRecorder__factory } from "../../../../types/ethers-contracts/factories/test/recipients/MessageRecorder__factory.ts";
import { idsOf, through } from "../../agents/fixture.ts";
import { CONFIRMATIONS, fates, memberOf, sendBetween, useFaultWorld } from "./world.ts";

describe("withFaults", function () {
  this.timeout(60_000);
  const world = useFaultWorld();

  /** A fabric with these faults, and no others. */
  const only = (faults: readonly Fault[], options: Partial<FaultOptions> = {}): Promise<FaultyFabric> =>
    withFaults(world.fabric, { seed: 1, ...NO_FAULTS, relayers: 1, ...options, faults });

  /** Payloads in the order in which a member's recorder got them. */
  async function received({ members }: FaultyFabric, name: string): Promise<Hex[]> {
    const recorder = MessageRecorder__factory.connect(world.recorders.get(name)!, memberOf(members, name).provider);
    return (await recorder.queryFilter(recorder.filters.Received())).map(({ args }) => args.payload);
  }

  const deliveredIn = (steps: readonly (StepReport | undefined)[]): Hex[] =>
    steps.flatMap((report) => idsOf(report?.delivered ?? []));

  it("without faults: a message is delivered as soon as it is final", async () => {
    const faults = await only([]);
    const id = await sendBetween(world, faults, "l1", "beta");
    expect(deliveredIn((await faults.round()).steps)).to.deep.equal([id]);
    expect([faults.calls, faults.equivocators, faults.doubled]).to.deep.equal([[], [], 0]);
    await faults.deliverAll();
  });

  it("reorg: what the source takes back is gone, unless it happens again on the new branch", async () => {
    const reorg = { kind: "reorg", member: "alpha", depth: 2 } as const;
    const faults = await only([
      { ...reorg, round: 0, kept: 0 },
      { ...reorg, round: 1, kept: 1 },
    ]);
    await sendBetween(world, faults, "alpha", "beta", "0x01");
    await sendBetween(world, faults, "alpha", "beta", "0x02");
    const [first] = (await faults.round()).began;
    expect(first?.reorganised).to.deep.equal({ depth: 2, transactions: 2, kept: 0 });
    expect((await fates(world, faults)).sent).to.deep.equal([]);
    await sendBetween(world, faults, "alpha", "beta", "0x03");
    const [second] = (await faults.round()).began;
    expect(second?.reorganised).to.deep.equal({ depth: 2, transactions: 1, kept: 1 });
    await faults.end();
    await faults.deliverAll();
    expect(await received(faults, "beta")).to.deep.equal(["0x03"]);
  });

  it("outage: an operator answers nobody while it lasts, and then it does", async () => {
    const faults = await only([{ kind: "outage", round: 0, operator: "operator-2", rounds: 2 }]);
    const asked: string[] = [];
    for (let round = 0; round < 3; round++) {
      await sendBetween(world, faults, "l1", "beta");
      expect(deliveredIn((await faults.round()).steps)).to.have.lengthOf(1);
      asked.push(faults.signed.filter(({ operator }) => operator === "operator-2").length === 0 ? "silent" : "signs");
    }
    expect(asked).to.deep.equal(["silent", "silent", "signs"]);
  });

  it("equivocation: an operator signs two words from then on, and is convicted by what it signed, it alone", async () => {
    const faults = await only([{ kind: "equivocation", round: 1, operator: "operator-3" }]);
    for (let round = 0; round < 2; round++) {
      expect(faults.equivocators).to.deep.equal([]);
      await sendBetween(world, faults, "l1", "beta");
      expect(deliveredIn((await faults.round()).steps)).to.have.lengthOf(1);
    }
    expect(faults.equivocators).to.deep.equal(["operator-3"]);
    const l1 = memberOf(faults.members, "l1");
    const { settlement, serviceManager } = world.fabric.contracts;
    const watcher = new Watcher({
      settlement: { ...{ chainId: l1.chainId, settlement, serviceManager, signer: l1.signer }, startBlock: 0 },
      members: faults.members,
    });
    for (const { checkpoints, signature } of faults.signed) watcher.hear(checkpoints, signature);
    const { convicted } = await watcher.step();
    expect(convicted.map(({ operator }) => operator)).to.deep.equal([world.fabric.operators[2]!.address]);
  });

  describe("lying-node:", () => {
    const lie = { kind: "lying-node", member: "l1", rounds: 2 } as const;

    it("a relayer that is lied to gets no certificate: operators refuse the false word, and it delivers when it hears the truth", async () => {
      const faults = await only([{ ...lie, round: 0, of: "relayer-1" }]);
      const id = await sendBetween(world, faults, "l1", "beta", "0x01");
      for (let round = 0; round < 2; round++) {
        const [report] = (await faults.round()).steps;
        expect(report?.delivered).to.deep.equal([]);
        const codes = report?.uncertified.flatMap(({ answers }) => answers.map(({ refusal }) => refusal.code));
        expect(codes).to.deep.equal(Array(4).fill("operator/false-word"));
      }
      expect(faults.signed).to.deep.equal([]);
      // What it was told does not go on as the truth does: it begins anew.
      const [report] = (await faults.round()).steps;
      expect(report?.problems.map(({ code }) => code)).to.deep.equal(["chain/word-differs"]);
      expect(deliveredIn((await faults.round()).steps)).to.deep.equal([id]);
    });

    it("an operator that is lied to refuses the true word, and the others' quorum delivers", async () => {
      const faults = await only([{ ...lie, round: 0, of: "operator-1" }]);
      const id = await sendBetween(world, faults, "l1", "beta", "0x01");
      expect(deliveredIn((await faults.round()).steps)).to.deep.equal([id]);
      expect(faults.signed.map(({ operator }) => operator).sort()).to.deep.equal([
        "operator-2",
        "operator-3",
        "operator-4",
      ]);
    });

    it("a lie holds together, is another for another node, and ends", async () => {
      const faults = await only([]);
      for (const payload of ["0x01", "0x02"]) await sendBetween(world, faults, "l1", "beta", payload);
      const l1 = memberOf(faults.members, "l1");
      const node = world.fabric.members[0].provider;
      let isLying = true;
      const tells = async (name: string): Promise<{ word: Hex; payloads: Hex[] }> => {
        const liar = lyingProvider(node, { member: l1, name, isLying: () => isLying });
        const send = async (method: string, params: unknown[]): Promise<unknown> =>
          await liar.request({ method, params });
        const seen: RelayedMember = through(l1, {
          getLogs: async (filter: object) => {
            const { address, topics, fromBlock, toBlock } = filter as Record<string, number>;
            const range = { address, topics, fromBlock: hex(fromBlock!), toBlock: hex(toBlock!) };
            const logs = (await send("eth_getLogs", [range])) as { blockNumber: string; logIndex: string }[];
            return logs.map((log) => ({ ...log, blockNumber: Number(log.blockNumber), index: Number(log.logIndex) }));
          },
          call: async ({ to, data, blockTag }: { to: string; data: string; blockTag: number }) =>
            await send("eth_call", [{ to, data }, typeof blockTag === "number" ? hex(blockTag) : "latest"]),
        });
        const [lane] = [...(await followLanes(seen).latest()).state.values()].filter(
          ({ messages }) => messages.length > 0,
        );
        return { word: lane!.word, payloads: lane!.messages.map(({ payload }) => payload) };
      };
      const [one, again, other] = [await tells("one"), await tells("one"), await tells("other")];
      expect(one.payloads[0]).to.equal("0x01");
      expect(one.payloads[1]).to.match(/^0x02.+/);
      expect(again).to.deep.equal(one);
      expect(other.word).to.not.equal(one.word);
      isLying = false;
      expect((await tells("one")).payloads).to.deep.equal(["0x01", "0x02"]);
    });

    const hex = (number: number): string => `0x${number.toString(16)}`;
  });

  it("relayer-kill: it dies at the request that is named, and another goes on from nothing", async () => {
    const faults = await only(
      [30, 45, 60].map((request, round): Fault => ({ kind: "relayer-kill", round, relayer: "relayer-1", request })),
    );
    const id = await sendBetween(world, faults, "l1", "beta");
    for (let round = 0; round < 3; round++) expect((await faults.round()).steps).to.deep.equal([undefined]);
    await faults.end();
    await faults.deliverAll();
    expect((await fates(world, faults)).sent.map(({ id: sent, executions }) => [sent, executions])).to.deep.equal([
      [id, 1],
    ]);
  });

  it("stale-table: tables grow too old while bridges carry nothing, and nothing is certified until they do", async () => {
    const faults = await only([{ kind: "stale-table", round: 0, rounds: 2 }]);
    const before = await readTableInForce(memberOf(faults.members, "beta"));
    const id = await sendBetween(world, faults, "alpha", "beta");
    for (let round = 0; round < 2; round++) {
      const { steps, carried } = await faults.round();
      expect([deliveredIn(steps), carried]).to.deep.equal([[], 0]);
      const beta = memberOf(faults.members, "beta");
      const { id: table, expiry } = await readTableInForce(beta);
      expect(table).to.equal(before.id);
      expect(Number((await readBlock(beta.provider, "latest")).timestamp)).to.be.greaterThan(Number(expiry));
    }
    await faults.end();
    await faults.deliverAll();
    expect((await readTableInForce(memberOf(faults.members, "beta"))).id).to.not.equal(before.id);
    expect((await fates(world, faults)).sent.map(({ id: sent, executions }) => [sent, executions])).to.deep.equal([
      [id, 1],
    ]);
  });

  it("clock-skew: R18: a chain is ahead by what is named; its word counts nowhere until clocks agree", async () => {
    const seconds = 2 * 3_600;
    const faults = await only([{ kind: "clock-skew", round: 0, member: "l1", seconds }]);
    const times = async (): Promise<number[]> =>
      await Promise.all(
        faults.members.map(async ({ provider }) => Number((await readBlock(provider, "latest")).timestamp)),
      );
    const [l1Before, , betaBefore] = (await times()) as [number, number, number];
    const id = await sendBetween(world, faults, "l1", "beta");
    const { steps } = await faults.round();
    const [l1, , beta] = (await times()) as [number, number, number];
    expect(l1 - l1Before - (beta - betaBefore)).to.be.within(seconds - 30, seconds + 30);
    expect(deliveredIn(steps)).to.deep.equal([]);
    await faults.end();
    expect(Math.max(...(await times())) - Math.min(...(await times()))).to.be.lessThan(30);
    expect(deliveredIn((await faults.round()).steps)).to.deep.equal([id]);
  });

  it("messages: they come late and out of order, twice to no effect, and the dropped ones when faults end", async () => {
    const faults = await only([], { rounds: 6, messages: { drop: 0.3, delay: 0.4, duplicate: 1 } });
    const payloads = Array.from({ length: 12 }, (_, place) => `0x${place.toString(16).padStart(2, "0")}`);
    for (const payload of payloads) await sendBetween(world, faults, "l1", "beta", payload);
    for (let round = 0; round < 6; round++) await faults.round();
    const during = await received(faults, "beta");
    expect(during.length).to.be.within(4, 11);
    expect(during).to.not.deep.equal([...during].sort());
    expect(faults.doubled).to.equal(during.length);
    await faults.end();
    await faults.deliverAll();
    expect([...(await received(faults, "beta"))].sort()).to.deep.equal(payloads);
  });

  it("calls: nodes and operators fail as the rates say, until faults end", async () => {
    const faults = await only([], {
      rpc: { ...NO_FAULTS.rpc, drop: 0.05 },
      certify: { ...NO_FAULTS.certify, lose: 1 },
    });
    await sendBetween(world, faults, "l1", "beta");
    for (let round = 0; round < 3; round++) await faults.round();
    expect(new Set(faults.calls.map(({ fault }) => fault))).to.deep.equal(new Set(["drop", "lose"]));
    expect(await received(faults, "beta")).to.deep.equal([]);
    await faults.end();
    const { length } = faults.calls;
    await faults.deliverAll();
    expect(faults.calls).to.have.lengthOf(length);
    expect(await received(faults, "beta")).to.deep.equal(["0x"]);
  });

  it("runs the same way again by the same seed", async () => {
    const run = async (seed: number): Promise<unknown> => {
      await world.reset();
      const faults = await withFaults(world.fabric, { ...SOME_FAULTS, seed, rounds: 4, relayers: 1 });
      for (let round = 0; round < 4; round++) {
        for (const to of ["alpha", "l1"]) await sendBetween(world, faults, "beta", to, `0x0${round}`);
        await faults.round();
      }
      const began = faults.rounds.map((round) => round.began);
      return {
        schedule: faults.schedule,
        began,
        received: [await received(faults, "alpha"), await received(faults, "l1")],
      };
    };
    const first = await run(5);
    expect(await run(5)).to.deep.equal(first);
  });

  it("names the seed and what happened where a test fails, and leaves other outcomes alone", async () => {
    const faults = await only([{ kind: "reorg", round: 0, member: "beta", depth: CONFIRMATIONS.beta, kept: 0 }], {
      seed: "s",
    });
    const failing = faults.run(async () => {
      await faults.round();
      throw new Error("nothing came");
    });
    const error = await failing.catch((caught: unknown) => caught);
    expect(String(error)).to.match(/nothing came\n\nUnder faults, in round 1:\nseed "s", 10 rounds, 1 faults\n/);
    expect(String(error)).to.include("round 0: reorg, member beta, depth 3, kept 0");
    expect(String(error)).to.include('round 0: {"depth":3,"transactions":0,"kept":0}');
    expect(await faults.run(() => Promise.resolve(7))).to.equal(7);
    const other = await faults.run(() => Promise.reject(new TypeError("x"))).catch((caught: unknown) => caught);
    expect(other).to.be.instanceOf(TypeError);
  });

  it("says so where things do not come to an end", async () => {
    const kills = Array.from({ length: 40 }, (_, round): Fault => ({
      kind: "relayer-kill",
      round,
      relayer: "relayer-1",
      request: 1,
    }));
    const faults = await only(kills);
    const outcome = await faults.deliverAll().catch((error: unknown) => error);
    expect(outcome).to.be.instanceOf(ParleyError).with.property("code", "faults/unquiet");
  });

  it("takes part of nobody else: the fabric's own signers and providers see neither failures nor lies", async () => {
    const faults = await only([{ kind: "lying-node", round: 0, of: "relayer-1", member: "l1", rounds: 9 }], {
      rpc: { ...NO_FAULTS.rpc, drop: 1 },
    });
    const id = await sendBetween(world, faults, "l1", "beta", "0x05");
    await faults.round();
    const [l1] = world.fabric.members;
    const events = await l1.gateway.queryFilter("MessageSent", l1.startBlock);
    const last = events.at(-1)!;
    expect("args" in last ? [last.args[0], last.args[3]] : []).to.deep.equal([id, "0x05"]);
    expect("args" in last && decodeInteroperableAddress(String(last.args[2])).chainId).to.equal(
      memberOf(faults.members, "beta").chainId,
    );
  });
});
