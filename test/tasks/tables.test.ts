import { expect } from "chai";
import { Contract } from "ethers";
import { z } from "zod";

import { EIGENLAYER, EIGENLAYER_INTERFACE } from "../../src/chain/eigenlayer.ts";
import { revokeOnL1 } from "./revokeOnL1.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const HALF_A_DAY = 12 * 3_600;

const integer = z.string().regex(/^\d+$/);
const Table = z.strictObject({
  id: z.string(),
  snapshot: integer,
  expiry: integer,
  age: integer,
  isExpired: z.boolean(),
  totalWeight: integer,
  weightFloor: integer,
  operators: z.array(z.strictObject({ key: z.string(), operator: z.string().nullable(), weight: integer })),
});
const problem = z.strictObject({ code: z.string(), reason: z.string() });
/** What scripts rely on. */
const Tables = z.strictObject({
  now: integer,
  latest: Table.nullable(),
  revokedUntil: integer,
  members: z.array(z.strictObject({ name: z.string(), table: Table.nullable(), problem: problem.nullable() })),
});
const Publication = z.strictObject({
  dryRun: z.boolean(),
  revoke: z.array(z.string()),
  revoked: z.array(z.strictObject({ snapshot: integer, member: z.string(), txHash: z.string() })),
  snapshot: z.boolean(),
  members: z.array(z.string()),
  published: z.array(z.strictObject({ tableId: z.string(), member: z.string(), txHash: z.string() })),
  tooEarlyUntil: integer.nullable(),
  problems: z.array(problem.extend({ subject: z.string() })),
});

describe("table:show and table:publish", function () {
  this.timeout(60_000);

  const world = useServed();

  const run = (task: string, args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask(task, { addresses: world.file, ...args });

  async function passTime(seconds: number): Promise<void> {
    for (const { provider } of world.fabric.members) {
      await provider.request({ method: "evm_increaseTime", params: [seconds] });
      await provider.request({ method: "hardhat_mine", params: ["0x1"] });
    }
  }

  it("shows the table in force at each member, whose keys are in it, and how old it is", async () => {
    const { result, exitCode } = await run("table:show");
    const { members, latest, revokedUntil } = Tables.parse(result);
    expect(exitCode).to.equal(0);
    expect(members.map(({ name }) => name)).to.deep.equal(["l1", "alpha", "beta"]);
    expect(new Set(members.map(({ table }) => table?.id))).to.deep.equal(new Set([latest!.id]));
    expect(latest!.operators.map(({ operator }) => operator)).to.have.members(
      world.fabric.operators.map(({ address }) => address),
    );
    expect([latest!.totalWeight, revokedUntil]).to.deep.equal([String(8n * 32n * 10n ** 18n), "0"]);
    expect(BigInt(latest!.expiry) - BigInt(latest!.snapshot)).to.equal(86_400n);

    const { stdout } = await run("table:show", { json: false });
    expect(stdout).to.contain("the latest").and.to.contain("12.50 %").and.to.contain(latest!.id);
  });

  it("sends nothing while every table is fresh; then a new one to all, which is in force once the bridges carried it", async () => {
    const fresh = await run("table:publish");
    expect([Publication.parse(fresh.result).published, fresh.exitCode]).to.deep.equal([[], 0]);
    await passTime(HALF_A_DAY + 60);
    const before = Tables.parse((await run("table:show")).result);

    const dry = Publication.parse((await run("table:publish", { dryRun: true })).result);
    expect(dry).to.deep.include({ snapshot: true, members: ["l1", "alpha", "beta"], published: [] });
    expect(Tables.parse((await run("table:show")).result).latest!.id).to.equal(before.latest!.id);

    const sent = await run("table:publish");
    const { published, problems } = Publication.parse(sent.result);
    expect([published.map(({ member }) => member), problems, sent.exitCode]).to.deep.equal([
      ["l1", "alpha", "beta"],
      [],
      0,
    ]);
    await world.fabric.derive();
    const { members, latest } = Tables.parse((await run("table:show")).result);
    expect(latest!.id).to.equal(published[0]!.tableId);
    expect(latest!.id).to.not.equal(before.latest!.id);
    for (const { table } of members) expect(table!.id).to.equal(latest!.id);
  });

  it("R22 sends revocations where L1 revoked the table in force, says so, and new tables once they have arrived", async () => {
    await revokeOnL1(world);
    const dry = await run("table:publish", { dryRun: true, json: false });
    expect(dry.stdout).to.contain("Would send the revocation of the table in force to l1, alpha, beta.");

    const first = await run("table:publish");
    const { revoke, revoked, published } = Publication.parse(first.result);
    expect([revoke, revoked.map(({ member }) => member)]).to.deep.equal([
      ["l1", "alpha", "beta"],
      ["l1", "alpha", "beta"],
    ]);
    expect([published, first.exitCode]).to.deep.equal([[], 0]);
    await world.fabric.derive();

    const second = Publication.parse((await run("table:publish")).result);
    expect([second.revoke, second.revoked]).to.deep.equal([[], []]);
    expect(second.published.map(({ member }) => member)).to.deep.equal(["l1", "alpha", "beta"]);
    await world.fabric.derive();
    const { members, latest } = Tables.parse((await run("table:show")).result);
    expect(new Set(members.map(({ table }) => table?.id))).to.deep.equal(new Set([latest!.id]));
  });

  it("R22 tells people that revocations were sent, and that a table comes after them", async () => {
    await revokeOnL1(world);
    const { stdout } = await run("table:publish", { json: false });
    expect(stdout).to.contain("3 members were sent the revocation").and.to.contain("Run this again");
    expect(stdout).to.not.contain("fresh");
  });

  it("says with exit code 3 that a table expired, and tells people of what is sent", async () => {
    await passTime(3 * HALF_A_DAY); // the chains' clocks differ by what making them took
    const { result, exitCode } = await run("table:show");
    expect(Tables.parse(result).members.map(({ table }) => table!.isExpired)).to.deep.equal([true, true, true]);
    expect(exitCode).to.equal(3);
    const { stdout } = await run("table:publish", { json: false });
    expect(stdout).to.contain("3 members were sent a new table").and.to.contain("alpha");
  });

  it("shows the others where one member's chain cannot be read, and names why no table is to be had", async () => {
    const { fabric } = world;
    const [, alpha] = fabric.members;
    const request = alpha!.provider.request.bind(alpha!.provider);
    Object.assign(alpha!.provider, { request: async () => Promise.reject(new Error("connection refused")) });
    try {
      const { result, exitCode, stderr } = await run("table:show");
      const { members } = Tables.parse(result);
      expect(members.map(({ table }) => table !== null)).to.deep.equal([true, false, true]);
      expect([exitCode, members[1]!.problem!.code]).to.deep.equal([3, "table/unreadable"]);
      expect(stderr).to.contain("alpha");
    } finally {
      Object.assign(alpha!.provider, { request });
    }
    await passTime(HALF_A_DAY + 60);
    // Without an operator there is no table to take.
    const { serviceManager: avs } = world.addresses.settlement.contracts;
    for (const { account, address } of fabric.operators) {
      const allocations = new Contract(EIGENLAYER.allocationManager, EIGENLAYER_INTERFACE.allocationManager, account);
      await allocations
        .getFunction("deregisterFromOperatorSets")
        .send({ operator: address, avs, operatorSetIds: [1n] });
    }
    const none = await run("table:publish");
    expect(codeOf(none)).to.equal("table/not-taken");
    expect(none.error).to.contain("TooFewOperators");
  });
});
