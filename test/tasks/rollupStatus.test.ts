import { expect } from "chai";
import { z } from "zod";

import { NOBODY, runTask, useServed, type Run } from "./served.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";

const decimal = z.string().regex(/^\d+$/);

/** What scripts rely on. */
const Result = z.strictObject({
  well: z.boolean(),
  members: z.array(
    z.strictObject({
      name: z.string(),
      chainId: decimal,
      gateway: z.string(),
      at: z.string(),
      reachable: z.boolean(),
      problem: z.strictObject({ code: z.string(), reason: z.string() }).nullable(),
      height: z.number().nullable(),
      finalHeight: z.number().nullable(),
      table: z
        .strictObject({
          id: z.string(),
          snapshot: decimal,
          age: decimal,
          expiry: decimal,
          expired: z.boolean(),
          operators: z.number().nullable(),
          operatorsReachable: z.number().nullable(),
          totalWeight: decimal.nullable(),
        })
        .nullable(),
      sources: z.array(
        z.strictObject({
          name: z.string(),
          accepted: z.boolean(),
          minLevel: z.enum(["fast", "final", "settled"]),
          quorumBps: decimal,
          paused: z.boolean(),
        }),
      ),
    }),
  ),
  lanes: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      open: z.boolean(),
      sent: z.number(),
      delivered: z.number().nullable(),
      waiting: z.number().nullable(),
      failed: z.number().nullable(),
    }),
  ),
  operators: z.array(z.strictObject({ address: z.string(), reachable: z.boolean(), reason: z.string().nullable() })),
});
type Result = z.infer<typeof Result>;

const DAY = 86_400;

describe("rollup:status", function () {
  this.timeout(60_000);

  const world = useServed({
    rollups: {
      alpha: { network: "parleyAlpha", finality: { confirmations: 2 } },
      beta: { network: "parleyBeta" },
    },
  });

  const run = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask("rollup:status", { addresses: world.file, ...args });
  const memberOf = ({ members }: Result, name: string): Result["members"][number] =>
    members.find((member) => member.name === name)!;
  const laneOf = ({ lanes }: Result, from: string, to: string): Result["lanes"][number] =>
    lanes.find((lane) => lane.from === from && lane.to === to)!;
  const pass = async (seconds: number): Promise<void> => {
    const { provider } = world.beta;
    await provider.request({ method: "evm_increaseTime", params: [seconds] });
    await provider.request({ method: "hardhat_mine", params: ["0x1"] });
  };

  it("tells each member's chain, table and sources, each lane's counts, and that all is well", async () => {
    const order = { addresses: world.file, from: "alpha", to: "beta", text: "x" };
    await runTask("message:send", { ...order, count: 2 });
    await runTask("message:send", { ...order, recipient: NOBODY });
    await world.fabric.finalize();
    await world.relayer.step();
    await runTask("message:send", order);
    const { result, exitCode } = await run();
    const status = Result.parse(result);

    expect(exitCode).to.equal(0);
    expect(status.well).to.equal(true);
    expect(status.members.map(({ name }) => name)).to.deep.equal(["l1", "alpha", "beta"]);
    const alpha = memberOf(status, "alpha");
    expect(alpha.height! - alpha.finalHeight!).to.equal(2);
    expect(alpha.table).to.include({ operators: 8, operatorsReachable: 8, expired: false });
    expect(BigInt(alpha.table!.totalWeight!)).to.equal(256n * 10n ** 18n);
    expect(Number(alpha.table!.expiry) - Number(alpha.table!.snapshot)).to.equal(DAY);
    expect(alpha.sources).to.deep.equal([
      { name: "l1", accepted: true, minLevel: "final", quorumBps: "6667", paused: false },
      { name: "beta", accepted: true, minLevel: "final", quorumBps: "6667", paused: false },
    ]);
    expect(status.lanes).to.have.length(6);
    expect(laneOf(status, "alpha", "beta")).to.include({ open: true, sent: 4, delivered: 2, waiting: 1, failed: 1 });
    expect(laneOf(status, "beta", "alpha")).to.include({ sent: 0, delivered: 0, waiting: 0, failed: 0 });
    expect(status.operators.map(({ reachable }) => reachable)).to.deep.equal(Array<boolean>(8).fill(true));
  });

  it("tells what the owner of a destination set for a source", async () => {
    await world.beta.gateway.getFunction("setSource").send(world.alpha.id, 1, 8_000, true);
    const status = Result.parse((await run()).result);
    expect(memberOf(status, "beta").sources.find(({ name }) => name === "alpha")).to.deep.equal({
      name: "alpha",
      accepted: true,
      minLevel: "fast",
      quorumBps: "8000",
      paused: true,
    });
    expect((await run({ json: false })).stdout).to.match(
      /\n +alpha +beta +0 +0 +0 +0 +paused \(at level fast, more than 80 %\)\n/,
    );
  });

  it("ends with exit code 3 where a table has expired, and tells which", async () => {
    await pass(2 * DAY + 5_400); // clocks of chains differ by seconds
    const { result, exitCode } = await run();
    const status = Result.parse(result);
    expect(exitCode).to.equal(3);
    expect(status.well).to.equal(false);
    expect(memberOf(status, "beta").table!.expired).to.equal(true);
    expect(memberOf(status, "alpha").table!.expired).to.equal(false);
    const { stdout } = await run({ json: false });
    expect(stdout)
      .to.match(/\n +beta .* 2 d 1 h old, expired /)
      .and.to.contain("Not all is well.");
  });

  it("ends with exit code 3 where a chain does not answer, and shows the others all the same", async () => {
    const file = `${world.folder}/dead.json`;
    const urls = { ...world.addresses.devnet.urls, beta: "http://127.0.0.1:9" };
    await writeAddresses(file, { ...world.addresses, devnet: { ...world.addresses.devnet, urls } });
    const { result, exitCode, stderr } = await run({ addresses: file });
    const status = Result.parse(result);
    expect(exitCode).to.equal(3);
    expect(memberOf(status, "beta")).to.include({ reachable: false, height: null, table: null });
    expect(memberOf(status, "beta").problem!.code).to.equal("chain/unreachable");
    expect(memberOf(status, "alpha").reachable).to.equal(true);
    expect(laneOf(status, "alpha", "beta")).to.include({ sent: 0, delivered: null });
    expect(stderr).to.contain("[chain/unreachable]").and.to.contain("beta");
    expect((await run({ addresses: file, json: false })).stdout).to.match(/\n +beta .* does not answer/);
  });

  it("tells how many operators of the table answer", async () => {
    const broken = { address: world.operators[2]!.address, certify: async () => Promise.reject(new Error("broken")) };
    world.operators.splice(2, 1, broken);
    const { result, exitCode } = await run();
    const status = Result.parse(result);
    expect(exitCode).to.equal(0);
    expect(memberOf(status, "alpha").table).to.include({ operators: 8, operatorsReachable: 7 });
    expect(status.operators.find(({ reachable }) => !reachable)!.address).to.equal(broken.address);
    expect((await run({ json: false })).stdout)
      .to.contain("7 of 8 answer")
      .and.to.contain(`Operator ${broken.address} does not answer`);
  });
});
