import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";
import { id, SigningKey, ZeroHash } from "ethers";

import { HttpOperator } from "../../../../src/agents/index.ts";
import type { OperatorStatus } from "../../../../src/agents/operating/operatorMonitor.ts";
import { openOperatorProcess, type OperatorProcessOptions } from "../../../../src/agents/operating/operatorProcess.ts";
import { OPERATOR_SETTINGS } from "../../../../src/agents/operating/operatorSettings.ts";
import { ownNodes } from "../../../../src/agents/operating/ownNodes.ts";
import { readBlock } from "../../../../src/chain/blocks.ts";
import { readLaneTo } from "../../../../src/chain/readLaneTo.ts";
import { createLogger } from "../../../../src/service/index.ts";
import { readSettings } from "../../../../src/service/settings.ts";
import { branchPoint, reorganise } from "../../../../src/testing/reorganise.ts";
import { certificateDigest, Level, recoverSigner, wordOf, type Checkpoint } from "../../../../src/wire/index.ts";
import { RpcServer } from "../../../support/rpcServer.ts";
import { expectRefusal } from "../../../support/refusal.ts";
import { send, useWorld } from "../fixture.ts";

const KEY = new SigningKey(id("operator's process"));
const RECIPIENT = "0x00000000000000000000000000000000000000aa";

describe("An operator's process", () => {
  const world = useWorld();
  const lines: string[] = [];
  /** Two of each member, by its name. */
  let nodes: Map<string, [RpcServer, RpcServer]>;
  let folder: string;
  const stops: (() => Promise<void>)[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), "parley-operator-"));
    lines.length = 0;
    nodes = new Map();
    for (const { name, provider } of world.fabric.members) {
      const pair: [RpcServer, RpcServer] = [new RpcServer(provider), new RpcServer(provider)];
      for (const node of pair) await node.start();
      nodes.set(name, pair);
    }
  });
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
    for (const pair of nodes.values()) for (const node of pair) node.stop();
    await rm(folder, { recursive: true });
  });

  /** Starts it; answers a client, its URL, and how it is told to end. */
  async function start(
    settings: Partial<OperatorProcessOptions["settings"]> = {},
  ): Promise<{ client: HttpOperator; url: string; stop: () => Promise<void> }> {
    const controller = new AbortController();
    const defaults = readSettings("operator", OPERATOR_SETTINGS, {
      flags: { key: "unused", store: path.join(folder, "signed.jsonl"), port: 0 },
      environment: {},
      config: undefined,
    });
    let running: Promise<void> = Promise.resolve();
    const url = await new Promise<string>((resolve, reject) => {
      running = openOperatorProcess({
        key: KEY,
        settings: { ...defaults, ...settings },
        members: world.members.map(({ name, id: member, chainId, gateway, confirmations, startBlock }) => ({
          ...{ name, id: member, chainId, gateway, confirmations, startBlock },
          urls: nodes.get(name)!.map((node) => node.url),
        })),
        fastSources: undefined,
        domain: world.domain,
        startBlock: world.fabric.startBlock,
        isDevelopment: false,
        account: () => Promise.resolve(world.l1.signer),
        log: createLogger({ service: "operator", level: "debug", stream: { write: (line) => lines.push(line) } }),
        signal: controller.signal,
        onListening: resolve,
      });
      running.catch(reject);
    });
    const stop = async (): Promise<void> => {
      controller.abort();
      await running;
    };
    stops.push(stop);
    return { client: new HttpOperator({ address: new URL(url).host, url }), url, stop };
  }

  /** What beta's lane to alpha is now. */
  async function truth(): Promise<Checkpoint> {
    const { beta, alpha } = world;
    const { timestamp } = await readBlock(beta.provider, "latest");
    const laneWord = await readLaneTo(beta, alpha.chainId);
    return {
      ...{ source: beta.id, destination: alpha.id },
      ...{ laneWord, reachedBy: timestamp, level: Level.final, blockHash: ZeroHash },
    };
  }

  const json = async (url: string): Promise<{ status: number; body: unknown }> => {
    const response = await fetch(url);
    return { status: response.status, body: await response.json() };
  };

  const lie = async (method: string, forward: () => Promise<unknown>): Promise<unknown> => {
    const said = await forward();
    if (method === "eth_call") return id("another word");
    if (method === "eth_getLogs") return [];
    return method === "eth_getBlockByNumber" ? { ...(said as object), hash: id("another block") } : said;
  };

  it("signs what both nodes of a member bear out, and shows how it is; its key is in no log", async () => {
    await send(world.beta, world.alpha, RECIPIENT);
    const { client, url } = await start();
    const { root, signature } = await client.certify([await truth()]);
    expect(recoverSigner(certificateDigest(world.domain, root!), signature!)).to.equal(
      (await json(`${url}/v1/health`).then(({ body }) => body as { address: string })).address,
    );
    expect(await json(`${url}/health`)).to.deep.equal({ status: 200, body: { healthy: true, problems: [] } });
    const status = (await json(`${url}/status`)).body as OperatorStatus;
    expect(status.requests).to.deep.equal({ signed: 1, refused: 0, "turned-away": 0, failed: 0 });
    expect(
      status.members.map(({ name, agree, nodes: own }) => [name, agree, own.map(({ last }) => last)]),
    ).to.deep.equal(["l1", "alpha", "beta"].map((name) => [name, 2, ["agrees", "agrees"]]));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).to.contain('parley_operator_requests_total{outcome="signed"} 1');
    expect(metrics).to.contain("parley_operator_store_words 1").and.contain("parley_operator_halted_lanes 0");
    expect(lines.join()).to.contain('"msg":"signing"').and.not.contain(KEY.privateKey.slice(2));
  });

  it("Kelp 2026: with one node that lies and one that is dead, there is no signature", async () => {
    await send(world.beta, world.alpha, RECIPIENT);
    const [lying, dying] = nodes.get("beta")!;
    const { client, url } = await start();
    const checkpoint = await truth();
    const refusal = async (): Promise<string | undefined> => (await client.certify([checkpoint])).refused[0]?.code;
    lying.fault = lie;
    expect(await refusal()).to.equal("nodes/disagree");
    dying.stop();
    expect(await refusal()).to.equal("nodes/disagree");
    lying.fault = (_, forward) => forward();
    expect(await refusal()).to.equal("nodes/disagree");
    const { members } = (await json(`${url}/status`)).body as OperatorStatus;
    expect(members.find(({ name }) => name === "beta")?.nodes[1]?.last).to.equal("fails");
    await dying.start();
    expect(await refusal()).to.equal(undefined);
  });

  it("signs nothing untrue and goes on, whatever comes: oversized, malformed, nested, flooding", async () => {
    await send(world.beta, world.alpha, RECIPIENT);
    const { client, url } = await start({ rateLimit: 60, concurrency: 2 });
    const checkpoint = await truth();
    const post = async (body: string): Promise<number> =>
      (await fetch(`${url}/v1/certify`, { method: "POST", body, headers: { "content-type": "application/json" } }))
        .status;
    const one = { ...checkpoint, reachedBy: String(checkpoint.reachedBy) };
    const nested = `{"checkpoints":${"[".repeat(500_000)}${"]".repeat(500_000)}}`;
    expect(await post(nested)).to.equal(400);
    expect(await post(`{"checkpoints":[${"1,".repeat(1_500_000)}1]}`)).to.equal(413);
    for (const body of [
      "{",
      "null",
      '{"checkpoints":[]}',
      JSON.stringify({ checkpoints: [one], more: 1 }),
      JSON.stringify({ checkpoints: [{ ...one, level: 3.5 }] }),
      JSON.stringify({ checkpoints: [{ ...one, reachedBy: "1".repeat(21) }] }),
      JSON.stringify({ checkpoints: [{ ...one, source: { toString: 1 } }] }),
      '{"checkpoints":[{"__proto__":{}}]}',
    ]) {
      expect(await post(body), body.slice(0, 60)).to.equal(400);
    }
    const lies = [{ laneWord: wordOf(`0x${"ab".repeat(27)}`, 1n) }, { reachedBy: 1n }, { destination: world.l1.id }];
    for (const change of lies) {
      expect((await client.certify([checkpoint, { ...checkpoint, ...change }])).signature).to.equal(undefined);
    }
    const flood = await Promise.all(Array.from({ length: 80 }, () => post(JSON.stringify({ checkpoints: [one] }))));
    expect(new Set(flood)).to.include(429);
    for (const status of flood) expect([200, 429, 503]).to.include(status);
    expect(lines.join()).to.contain('"msg":"signing"').and.not.contain('"level":"error"');
  });

  it("R23: stops on a lane from which its node forked away, says so, over restarts; others go on", async () => {
    const { alpha, beta, l1 } = world;
    const point = await branchPoint(world.fabric.members.find((member) => member.id === beta.id)!.provider);
    await send(beta, alpha, RECIPIENT, { payload: "0x01" });
    const first = await start();
    expect((await first.client.certify([await truth()])).signature).to.not.equal(undefined);
    await first.stop();
    await reorganise(point, () => send(beta, alpha, RECIPIENT, { payload: "0x02" }));
    await send(beta, l1, RECIPIENT);

    const second = await start();
    const halted = async (url: string): Promise<number> =>
      ((await json(`${url}/status`)).body as OperatorStatus).halted.length;
    expect(await halted(second.url)).to.equal(1);
    expect((await json(`${second.url}/health`)).status).to.equal(503);
    expect((await second.client.certify([await truth()])).refused[0]?.code).to.equal("signing/equivocation");
    const other = { ...(await truth()), destination: l1.id, laneWord: await readLaneTo(beta, l1.chainId) };
    expect((await second.client.certify([other])).signature).to.not.equal(undefined);
    expect(lines.filter((line) => line.includes('"fatal"'))).to.have.length(1);
    await second.stop();
    expect(await halted((await start()).url)).to.equal(1);
  });

  it("names what is wrong with its nodes' settings", () => {
    const member = { ...world.beta, urls: ["http://127.0.0.1:1"] };
    const options = { nodes: {}, agree: undefined, timeoutMs: 1 };
    expectRefusal(
      () => ownNodes([member], { ...options, nodes: { gamma: ["http://127.0.0.1:1"] } }),
      "nodes/unknown-member",
    );
    expectRefusal(() => ownNodes([{ ...member, urls: [] }], options), "nodes/none");
    expectRefusal(() => ownNodes([member], { ...options, agree: 2 }), "nodes/agree");
    const urls: [string, ...string[]] = ["http://127.0.0.1:1", "http://127.0.0.1:2", "http://127.0.0.1:3"];
    expectRefusal(() => ownNodes([member], { ...options, nodes: { beta: { urls, agree: 1 } } }), "nodes/agree");
    const [own] = ownNodes([member], {
      ...options,
      nodes: { beta: { urls, agree: 2, finality: { confirmations: 9 } } },
    });
    expect([own!.agree, own!.nodes.length, own!.confirmations]).to.deep.equal([2, 3, 9]);
    own!.provider.destroy();
  });
});
