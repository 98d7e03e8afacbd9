import { createServer } from "node:net";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { expect } from "chai";
import { Contract, JsonRpcProvider, toUtf8Bytes } from "ethers";
import { config } from "hardhat";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import type { HardhatUserConfig } from "hardhat/types/config";

import userConfig from "../../hardhat.config.ts";
import type { Addresses } from "../../src/deployments/addresses.ts";
import { readAddresses, writeAddresses } from "../../src/deployments/addressesFile.ts";
import { connectFabric, type ConnectedFabric } from "../../src/deployments/connect.ts";
import { encodeInteroperableAddress } from "../../src/wire/index.ts";
import { BUILT, DevnetProcess, isRunning, type Line } from "../support/devnetProcess.ts";

const SEND = [
  "function sendMessage(bytes recipient, bytes payload, bytes[] attributes) payable returns (bytes32 sendId)",
];
const MAILBOX = [
  "function close()",
  "function open()",
  "function received() view returns (uint256)",
  "function lastText() view returns (string)",
];

const kindOf = ({ event }: Line): string => event;

describe("rollup:devnet", function () {
  this.timeout(200_000);

  let folder: string;
  let file: string;
  let devnet: DevnetProcess | undefined;
  let fabric: ConnectedFabric | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), "parley-devnet-task-"));
    file = path.join(folder, "addresses.json");
  });

  afterEach(async () => {
    await fabric?.close();
    await devnet?.end("SIGKILL");
    devnet = fabric = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function addressesOf(): Promise<Extract<Addresses, { chains: "devnet" }>> {
    const addresses = await readAddresses(file);
    if (addresses?.chains !== "devnet") throw new Error("there is no devnet's addresses file");
    return addresses;
  }

  async function connect(): Promise<ConnectedFabric> {
    fabric = await connectFabric(await addressesOf(), () => expect.fail("a devnet has URLs"));
    return fabric;
  }

  const member = ({ members }: ConnectedFabric, name: string): ConnectedFabric["members"][number] =>
    members.find((one) => one.name === name) ?? expect.fail(`there is no ${name}`);

  async function mailboxOf(connected: ConnectedFabric, name: string): Promise<Contract> {
    const { devnet: found } = await addressesOf();
    return new Contract(found.examples.mailbox, MAILBOX, await member(connected, name).signer());
  }

  /** Writes to a mailbox. */
  async function write(connected: ConnectedFabric, from: string, to: string, text: string): Promise<void> {
    const source = member(connected, from);
    const gateway = new Contract(source.gateway, SEND, await source.signer());
    const address = await (await mailboxOf(connected, to)).getAddress();
    const recipient = encodeInteroperableAddress({ chainId: member(connected, to).chainId, address });
    await (await gateway.getFunction("sendMessage").send(recipient, toUtf8Bytes(text), [])).wait();
  }

  const does = async (contract: Contract, method: string): Promise<void> => {
    await (await contract.getFunction(method).send()).wait();
  };

  it("says with --json where everything is, and what becomes of messages; a failing recipient's arrives once it is mended", async () => {
    const running = (devnet = new DevnetProcess(["--json", "--port", "0", "--addresses", file], BUILT));
    const ready = await running.ready();
    const addresses = await addressesOf();
    const { settlement, rollups } = addresses;
    expect(ready.chains.map(({ name, chainId }) => [name, chainId])).to.deep.equal([
      ["l1", 900_000],
      ["alpha", 900_001],
      ["beta", 900_002],
    ]);
    expect(addresses.devnet).to.deep.equal({
      pid: ready.pid,
      urls: Object.fromEntries(ready.chains.map(({ name, url }) => [name, url])),
      operators: ready.operators,
      examples: ready.examples,
    });
    expect(ready.operators).to.have.lengthOf(8);
    for (const { url, address } of ready.operators) {
      expect(await (await fetch(`${url}/v1/health`)).json()).to.deep.equal({ status: "ok", address });
    }
    for (const { url, chainId } of ready.chains) {
      expect(new URL(url).hostname).to.equal("127.0.0.1");
      const provider = new JsonRpcProvider(url);
      expect(Number((await provider.getNetwork()).chainId)).to.equal(chainId);
      expect(await provider.getCode(settlement.contracts.gateway)).to.not.equal("0x");
      expect(await provider.getCode(ready.examples.mailbox)).to.not.equal("0x");
      provider.destroy();
    }
    expect(rollups.map(({ gateway }) => gateway)).to.deep.equal(Array(2).fill(settlement.contracts.gateway));
    expect(isRunning(ready.relayerPid!)).to.equal(true);

    const connected = await connect();
    await write(connected, "alpha", "beta", "hello");
    await running.until(() => running.lines.length > 2);
    const [, sent, delivered] = running.events;
    expect(sent).to.include({ event: "sent", source: "alpha", destination: "beta", nonce: 0 });
    expect(delivered).to.include({ event: "delivered", id: (sent as { id: string }).id });
    const mailbox = await mailboxOf(connected, "beta");
    expect(await mailbox.getFunction("lastText").staticCall()).to.equal("hello");

    await does(mailbox, "close");
    await write(connected, "l1", "beta", "again");
    await running.until(() => running.lines.length > 4);
    expect(running.events.slice(3).map(kindOf)).to.deep.equal(["sent", "failed"]);
    expect(running.events[4]).to.include({ source: "l1", destination: "beta", reason: "MailboxIsClosed()" });
    await does(mailbox, "open");
    await running.until(() => running.lines.length > 5);
    expect(running.events.slice(5).map(kindOf)).to.deep.equal(["delivered"]);
    expect(await mailbox.getFunction("received").staticCall()).to.equal(2n);

    for (const task of ["rollup:devnet", "rollup:deploy"]) {
      const refused = await attempt({ addresses: file }, {}, task);
      expect(refused).to.contain("[devnet/running]").and.to.contain(String(ready.pid)).and.to.contain(file);
    }

    expect(await running.end("SIGTERM")).to.equal(0);
    expect(await readdir(folder)).to.deep.equal([]);
    expect(isRunning(ready.relayerPid!)).to.equal(false);
    expect(running.stderr).to.equal("");
    for (const { url } of [...ready.chains, ...ready.operators]) {
      expect(await fetch(url).catch(() => "nobody there")).to.equal("nobody there");
    }
  });

  it("tells people, keeps the block time, waits for confirmations, and takes its relayer with it when it is killed", async () => {
    const args = ["--rollups", "3", "--operators", "4", "--block-time", "0.2", "--confirmations", "2"];
    const running = (devnet = new DevnetProcess([...args, "--port", "0", "--addresses", file]));
    await running.until(() => running.lines.some((line) => line.includes("Ctrl+C")));
    const { rollups, settlement, devnet: where } = await addressesOf();
    const said = running.lines.join("\n");
    for (const url of Object.values(where.urls)) expect(said).to.contain(url);
    for (const { chainId } of [settlement, ...rollups]) expect(said).to.contain(String(chainId));
    expect(said).to.contain(where.operators[0]!.url).and.to.contain(file).and.to.contain(where.examples.mailbox);
    expect(said).to.contain(`npx hardhat message:send --from alpha --to beta --text Hello --addresses ${file}`);
    expect(rollups.map(({ name, confirmations }) => [name, confirmations])).to.deep.equal([
      ["alpha", 2],
      ["beta", 2],
      ["gamma", 2],
    ]);
    expect(where.operators).to.have.lengthOf(4);

    const connected = await connect();
    const { provider } = member(connected, "gamma");
    const height = await provider.getBlockNumber();
    while ((await provider.getBlockNumber()) < height + 2) await sleep(20); // blocks come without transactions

    await write(connected, "gamma", "alpha", "hello");
    await running.until(() =>
      /delivered {2}gamma → alpha #0 0x[0-9a-f]{64} in [\d.]+ s \(gas [\d,]+\)/.test(running.stderr),
    );
    expect(running.stderr).to.match(/sent {7}gamma → alpha #0 0x[0-9a-f]{64}\n/);
    const relayerPid = Number(/The relayer is process (\d+)/.exec(said)?.[1]);
    expect(isRunning(relayerPid)).to.equal(true);
    expect(await running.end("SIGKILL")).to.equal("SIGKILL");
    while (isRunning(relayerPid)) await sleep(20);

    // The addresses file of a devnet that is no more is in nobody's way.
    devnet = new DevnetProcess(["--json", "--without-relayer", "--rollups", "1", "--port", "0", "--addresses", file]);
    const ready = await devnet.ready();
    expect(ready.relayerPid).to.equal(undefined);
    expect((await addressesOf()).devnet.pid).to.equal(ready.pid);
    expect(await devnet.end("SIGINT")).to.equal(0);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  /** Runs the task here with arguments that it refuses; answers the error's text. */
  async function attempt(
    args: Record<string, unknown>,
    user: HardhatUserConfig = {},
    task = "rollup:devnet",
  ): Promise<string> {
    const hre = await createHardhatRuntimeEnvironment({ ...userConfig, ...user }, {}, config.paths.root);
    return await hre.tasks
      .getTask(task)
      .run({ ...(task === "rollup:devnet" && { port: 0 }), addresses: file, ...args })
      .then(
        () => expect.fail("it was accepted"),
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      );
  }

  describe("refuses, and neither writes nor starts anything,", () => {
    afterEach(async () => expect(await readdir(folder)).to.deep.equal([]));

    const refusals: [args: Record<string, unknown>, code: string, ...names: string[]][] = [
      [{ rollups: "0" }, "option/bad-count", "--rollups", "63"],
      [{ rollups: "64" }, "option/bad-count", "--rollups", '"64"'],
      [{ rollups: "two" }, "option/bad-count", "--rollups", '"two"'],
      [{ operators: "3" }, "option/bad-count", "--operators", "from 4 to 256"],
      [{ operators: "257" }, "option/bad-count", "--operators"],
      [{ confirmations: "-1" }, "option/bad-count", "--confirmations"],
      [{ confirmations: "1" }, "devnet/never-final", "--block-time"],
      [{ blockTime: -1 }, "devnet/bad-block-time", "--block-time"],
      [{ blockTime: 3_601 }, "devnet/bad-block-time", "3601"],
      [{ blockTime: NaN }, "devnet/bad-block-time", "--block-time"],
      [{ port: 65_533 }, "devnet/bad-port", "65536"],
      [{ port: -1 }, "devnet/bad-port", "--port"],
    ];
    for (const [args, code, ...names] of refusals) {
      it(`${JSON.stringify(args)}: ${code}`, async () => {
        const text = await attempt(args);
        for (const part of [`[${code}]`, ...names]) expect(text).to.contain(part);
      });
    }

    it("networks that are not simulated: deploy/not-simulated", async () => {
      const live = { type: "http", url: "http://127.0.0.1:1" } as const;
      const text = await attempt({}, { networks: { live }, parley: { rollups: { alpha: { network: "live" } } } });
      expect(text).to.contain("[deploy/not-simulated]").and.to.contain("live");
    });

    for (const place of [0, 1, 3]) {
      it(`a port in use, ${place} after the first: devnet/port-in-use, named`, async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        try {
          const text = await attempt({ port: port - place });
          expect(text)
            .to.contain("[devnet/port-in-use]")
            .and.to.contain("--port")
            .and.to.match(/Port \d+ /);
          if (place === 0) expect(text).to.contain(String(port));
        } finally {
          server.close();
        }
      });
    }
  });

  it("touches neither a file of somebody else nor that of a deployment to networks", async () => {
    await writeFile(file, "mine");
    expect(await attempt({})).to.contain("[addresses/not-ours]");
    await rm(file);
    const zero = `0x${"00".repeat(20)}`;
    const chain = { network: "live", chainId: 1, confirmations: "finalized", startBlock: 0 } as const;
    const own = { gateway: zero, bridge: zero, tableFactory: zero, gatewayDeployer: zero };
    await writeAddresses(file, {
      version: 1,
      chains: "networks",
      settlement: {
        ...chain,
        memberId: `0x${"00".repeat(32)}`,
        contracts: { ...own, settlement: zero, serviceManager: zero, strategy: zero, token: zero },
      },
      rollups: [],
    });
    expect(await attempt({})).to.contain("[addresses/of-networks]");
  });
});
