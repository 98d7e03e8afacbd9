import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";

import { expect } from "chai";
import { Contract, JsonRpcProvider } from "ethers";
import { z } from "zod";

import { readAddresses } from "../../src/deployments/addressesFile.ts";
import { AS_USER, DevnetProcess, HARDHAT, type Line } from "../support/devnetProcess.ts";

const ROLLUPS = ["alpha", "beta", "gamma", "delta"];

/** On each of the twelve lanes: 204 in all. */
const COUNT = 17;

/** How often the relayer is killed. */
const KILLS = 2;

/** Commands that run at once. */
const TERMINALS = 3;

const SendResult = z.object({ messages: z.array(z.object({ id: z.string() })).length(COUNT) });

/** Runs a command as a user does in another terminal; answers its stdout. */
function run(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [HARDHAT, ...args], AS_USER, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${args.join(" ")}: ${stderr}`, { cause: error }));
    });
  });
}

describe("A devnet and commands in other terminals", function () {
  this.timeout(300_000);

  let folder: string;
  let file: string;
  let devnet: DevnetProcess | undefined;

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-devnet-"));
    file = path.join(folder, "addresses.json");
  });

  after(async () => {
    await devnet?.end("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  });

  it("invariant 1: 204 messages over 4 rollups, all to all, arrive once each although the relayer is killed while they travel", async () => {
    const running = (devnet = new DevnetProcess([
      "--json",
      "--rollups",
      "4",
      "--operators",
      "4",
      "--port",
      "0",
      "--addresses",
      file,
    ]));
    const { relayerPid, chains } = await running.ready();
    const told = <Kind extends Line["event"]>(kind: Kind): Extract<Line, { event: Kind }>[] =>
      running.events.filter((line): line is Extract<Line, { event: Kind }> => line.event === kind);

    const lanes = ROLLUPS.flatMap((from) => ROLLUPS.filter((to) => to !== from).map((to) => ({ from, to })));
    const sent: string[] = [];
    const send = async (): Promise<void> => {
      for (let lane = lanes.pop(); lane !== undefined; lane = lanes.pop()) {
        const { from, to } = lane;
        const options = ["--text", `from ${from}`, "--count", String(COUNT), "--json", "--addresses", file];
        const { messages } = SendResult.parse(
          JSON.parse(await run("message:send", "--from", from, "--to", to, ...options)),
        );
        sent.push(...messages.map(({ id }) => id));
      }
    };
    const killRepeatedly = async (): Promise<void> => {
      let pid = relayerPid!;
      for (let kills = 1; kills <= KILLS; kills++) {
        const before = told("delivered").length;
        await running.until(() => told("delivered").length > before);
        process.kill(pid, "SIGKILL");
        await running.until(() => told("relayer-restarted").length === kills);
        pid = told("relayer-restarted")[kills - 1]!.pid;
      }
      expect(told("delivered").length, "messages were under way when it was killed").to.be.lessThan(12 * COUNT);
    };
    await Promise.all([killRepeatedly(), ...Array.from({ length: TERMINALS }, send)]);
    expect(told("relayer-ended").map(({ reason }) => reason)).to.deep.equal(Array(KILLS).fill("SIGKILL"));
    await running.until(() => told("delivered").length >= 12 * COUNT);

    // What counts is not what the devnet tells, but what happened on the chains.
    const { settlement } = (await readAddresses(file))!;
    const delivered: string[] = [];
    for (const { url } of chains) {
      const provider = new JsonRpcProvider(url);
      const gateway = new Contract(
        settlement.contracts.gateway,
        ["event MessageDelivered(bytes32 indexed id, address indexed relayer)"],
        provider,
      );
      const events = await gateway.queryFilter("MessageDelivered");
      delivered.push(...events.map(({ topics }) => String(topics[1])));
      provider.destroy();
    }
    expect(new Set(sent).size).to.equal(12 * COUNT);
    expect(delivered.sort()).to.deep.equal(sent.sort());
    expect(told("failed")).to.deep.equal([]);

    const statuses = await run(
      "message:list",
      "--status",
      "delivered",
      "--limit",
      "500",
      "--json",
      "--addresses",
      file,
    );
    expect(z.object({ messages: z.array(z.unknown()) }).parse(JSON.parse(statuses)).messages).to.have.lengthOf(204);
    expect(await running.end("SIGTERM")).to.equal(0);
  });
});
