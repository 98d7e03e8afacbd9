import { expect } from "chai";

import { Heartbeats, type BeatingMember, type HeartbeatReport } from "../../../src/agents/index.ts";
import { planHeartbeats, type HeartbeatView } from "../../../src/agents/relaying/planHeartbeats.ts";
import { ISettlement__factory } from "../../../types/ethers-contracts/factories/interfaces/ISettlement__factory.ts";
import { gatewayOf, idsOf, passTime, recorderOn, relayerOf, send, useWorld } from "./fixture.ts";

const HOUR = 3_600;
const DAY = 24 * HOUR;

describe("Heartbeats", () => {
  const world = useWorld();

  /** Theirs, over the devnet's bridges. */
  const heartbeatsOf = (change: (member: BeatingMember) => BeatingMember = (member) => member): Heartbeats => {
    const { fabric, members, l1 } = world;
    const beating = members.map((member): BeatingMember => {
      const { contracts } = fabric.members.find(({ id }) => id === member.id)!;
      return change({ ...member, bridge: contracts.bridge, readSentTime: async () => 0n });
    });
    return new Heartbeats({
      settlement: { settlement: fabric.contracts.settlement, signer: l1.signer },
      members: beating,
    });
  };

  const settlement = () => ISettlement__factory.connect(world.fabric.contracts.settlement, world.l1.signer);
  const settledTimes = async (): Promise<bigint[]> =>
    Promise.all(world.members.map(async ({ id }) => (await settlement().member(id)).settledTime));
  const sourcesOf = ({ settled }: HeartbeatReport): string[] => settled.map(({ source }) => source);

  it("R20 has each source settle a current word once a day: it stays certifiable for ever, and without them it does not", async () => {
    const { fabric, alpha, beta } = world;
    const heartbeats = heartbeatsOf();
    expect(await heartbeats.step()).to.deep.equal({ settled: [], problems: [] });
    const recorder = await recorderOn(beta);
    for (let day = 0; day < 5; ++day) {
      await passTime(world, DAY + HOUR);
      const { settled, problems } = await heartbeats.step();
      expect([settled.map(({ source }) => source), problems]).to.deep.equal([["l1", "alpha", "beta"], []]);
      expect((await heartbeats.step()).settled).to.deep.equal([]); // on its way
      await fabric.derive();
      expect((await settledTimes()).every((time) => time > 0n)).to.equal(true);
      await relayerOf(world).step(); // a table that knows of it
      await fabric.derive();
    }
    const id = await send(alpha, beta, recorder);
    await fabric.finalize();
    expect(idsOf((await relayerOf(world).step()).delivered)).to.deep.equal([id]);

    for (let day = 0; day < 4; ++day) {
      await passTime(world, DAY + HOUR);
      await relayerOf(world).step();
      await fabric.derive();
    }
    const late = await send(alpha, beta, recorder);
    await fabric.finalize();
    const { delivered, problems } = await relayerOf(world).step();
    expect(idsOf(delivered)).to.not.include(late);
    expect(problems.map(({ code }) => code)).to.not.deep.equal([]);
  });

  it("settles the lane of which the most is unsettled", async () => {
    const { fabric, alpha, beta } = world;
    const recorder = await recorderOn(beta);
    for (let sent = 0; sent < 2; ++sent) await send(alpha, beta, recorder);
    await passTime(world, DAY + HOUR);
    const { settled } = await heartbeatsOf().step();
    expect(settled.find(({ source }) => source === "alpha")!.destination).to.equal("beta");
    await fabric.derive();
    const { word } = await settlement().latest(alpha.id, beta.id);
    expect(word).to.equal(await gatewayOf(alpha).laneTo(beta.chainId));
  });

  it("asks what is on its way where L1 has heard nothing for long, as a bridge of seven days has it: once a day", async () => {
    await passTime(world, DAY + HOUR);
    const asked: string[] = [];
    const { timestamp } = (await world.l1.provider.getBlock("latest"))!;
    const heartbeats = heartbeatsOf((member) => ({
      ...member,
      readSentTime: async () => {
        asked.push(member.name);
        return member.name === "alpha" ? BigInt(timestamp - HOUR) : 0n;
      },
    }));
    expect(sourcesOf(await heartbeats.step())).to.deep.equal(["l1", "beta"]);
    expect(sourcesOf(await heartbeats.step())).to.deep.equal([]);
    expect(asked).to.deep.equal(["l1", "alpha", "beta"]);
    await passTime(world, DAY);
    expect(sourcesOf(await heartbeats.step())).to.include("alpha");
  });

  it("goes on where a chain cannot be read or a bridge refuses, says so, and leaves that source alone for ten minutes", async () => {
    await passTime(world, DAY + HOUR);
    let attempts = 0;
    const heartbeats = heartbeatsOf((member) => ({
      ...member,
      ...(member.name === "alpha" ? { bridge: member.gateway } : {}),
      readSentTime: async () => {
        if (member.name === "beta") return Promise.reject(new Error("connection refused"));
        if (member.name === "alpha") attempts += 1;
        return 0n;
      },
    }));
    const first = await heartbeats.step();
    expect(sourcesOf(first)).to.deep.equal(["l1"]);
    expect(first.problems.map(({ subject, code }) => [subject, code])).to.deep.equal([
      ["beta", "heartbeat/unreadable"],
      ["alpha", "heartbeat/not-settled"],
    ]);
    await heartbeats.step();
    expect(attempts).to.equal(1);
    await passTime(world, 601);
    await heartbeats.step();
    expect(attempts).to.equal(2);
  });

  describe("are planned", () => {
    const member = {
      id: "0x01",
      liveFrom: 100n,
      retiredFrom: 0n,
      settledTime: 1_000n,
      isFaulted: false,
      sentTime: 0n,
      lanes: [{ destination: "0x02", unsettled: 0n }],
    } as const;
    const planned = (change: Partial<HeartbeatView["members"][number]>, now = 2_000n): number =>
      planHeartbeats({ now, every: 1_000n, members: [{ ...member, ...change }] }).length;

    it("of a source whose settled word is as old as that, and of none that is younger", () => {
      expect([planned({}, 1_999n), planned({}, 2_000n)]).to.deep.equal([0, 1]);
    });

    it("of one that never settled from when it was a member for so long", () => {
      expect([planned({ settledTime: 0n }, 1_099n), planned({ settledTime: 0n }, 1_100n)]).to.deep.equal([0, 1]);
    });

    it("of none that is not live yet or any more, that is faulted, or whose word is on its way", () => {
      expect(planned({ liveFrom: 2_001n })).to.equal(0);
      expect([planned({ retiredFrom: 2_000n }), planned({ retiredFrom: 2_001n })]).to.deep.equal([0, 1]);
      expect(planned({ isFaulted: true })).to.equal(0);
      expect([planned({ sentTime: 1_001n }), planned({ sentTime: 1_000n })]).to.deep.equal([0, 1]);
      expect(planned({ lanes: [] })).to.equal(0);
    });
  });
});
