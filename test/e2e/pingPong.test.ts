import { expect } from "chai";

import { confirmDelivered, deployPingPong, type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric } from "../../src/testing/fabric.ts";
import { createAgents, relayAll } from "../../src/testing/fabricAgents.ts";
import { ParleyError } from "../../src/errors.ts";
import { Level } from "../../src/wire/index.ts";
import type { ParleyUserConfig } from "../../tasks/config/types.ts";
import { type Embedded, startEmbedded } from "./embedded.ts";

const EMBEDDED_NETWORKS = { alpha: "parleyAlpha", beta: "parleyBeta" };

async function received({ contract }: PingPong): Promise<bigint> {
  return (await contract.getFunction("received").staticCall()) as bigint;
}

describe("Ping-pong over the fabric: real operators, certificates and relayer", () => {
  let embedded: Embedded;
  let fabric: Fabric;
  let onL1: PingPong;
  let onAlpha: PingPong;
  let onBeta: PingPong;

  async function start(config?: ParleyUserConfig): Promise<void> {
    embedded = await startEmbedded(config);
    ({ fabric } = embedded);
    [onL1, onAlpha, onBeta] = (await deployPingPong(fabric.members)) as [PingPong, PingPong, PingPong];
  }

  afterEach(() => embedded.close());

  it("answers each ball until nobody wants more, both ways, each message once", async () => {
    await start();
    const { relayer } = createAgents(fabric);
    const first = await serve(onAlpha, onBeta, 4);
    const reports = await relayAll(fabric, relayer);

    const delivered = reports.flatMap((report) => report.delivered);
    const way = delivered.map(({ source, destination, nonce }) => `${source} ${destination} ${nonce}`);
    expect(way).to.deep.equal(["alpha beta 0", "beta alpha 0", "alpha beta 1", "beta alpha 1", "alpha beta 2"]);
    expect(delivered[0]?.id).to.equal(first.id);
    expect(new Set(delivered.map(({ level }) => level))).to.deep.equal(new Set([Level.final]));
    expect(reports.flatMap(({ failed, problems, uncertified }) => [...failed, ...problems, ...uncertified])).to.be
      .empty;
    expect([await received(onBeta), await received(onAlpha)]).to.deep.equal([3n, 2n]);

    expect((await relayAll(fabric, relayer)).flatMap((report) => report.delivered)).to.be.empty;
    expect([await received(onBeta), await received(onAlpha)]).to.deep.equal([3n, 2n]);
  });

  it("plays with L1 as with any other member", async () => {
    await start();
    await serve(onL1, onAlpha, 1);
    await serve(onBeta, onL1, 1);
    await relayAll(fabric, createAgents(fabric).relayer);
    expect([await received(onL1), await received(onAlpha), await received(onBeta)]).to.deep.equal([2n, 1n, 1n]);
  });

  it("invariant 3: delivers with 6 of 8 operators, not with 5, and what waits arrives when a sixth comes back", async () => {
    await start();
    await serve(onAlpha, onBeta);
    await relayAll(fabric, createAgents(fabric, fabric.operators.slice(2)).relayer);
    expect(await received(onBeta)).to.equal(1n);

    const waiting = await serve(onAlpha, onBeta);
    const reports = await relayAll(fabric, createAgents(fabric, fabric.operators.slice(3)).relayer);
    expect(await received(onBeta)).to.equal(1n);
    const { weight, totalWeight } = reports.flatMap((report) => report.uncertified)[0]!;
    expect(weight * 8n).to.equal(totalWeight * 5n);
    expect(() => confirmDelivered([waiting], reports))
      .to.throw(ParleyError, /was not delivered/)
      .with.property("code", "message/not-delivered");

    await relayAll(fabric, createAgents(fabric, fabric.operators.slice(2)).relayer);
    expect(await received(onBeta)).to.equal(2n);
  });

  it("demands the quorum that the config asks for", async () => {
    await start({ quorum: 9_000 });
    await serve(onAlpha, onBeta);
    await relayAll(fabric, createAgents(fabric, fabric.operators.slice(1)).relayer);
    expect(await received(onBeta)).to.equal(0n);
    await relayAll(fabric, createAgents(fabric).relayer);
    expect(await received(onBeta)).to.equal(1n);
  });

  it("waits for the confirmations that the config asks for", async () => {
    const { alpha: network, beta } = EMBEDDED_NETWORKS;
    await start({ rollups: { alpha: { network, finality: { confirmations: 3 } }, beta: { network: beta } } });
    const { relayer } = createAgents(fabric);
    await serve(onAlpha, onBeta);
    expect((await relayer.step()).delivered).to.be.empty;
    await relayAll(fabric, relayer);
    expect(await received(onBeta)).to.equal(1n);
  });

  it("makes as many operators as the config asks for, of equal weight", async () => {
    await start({ operators: 5 });
    expect(fabric.operators).to.have.lengthOf(5);
    await serve(onAlpha, onBeta);
    await relayAll(fabric, createAgents(fabric, fabric.operators.slice(1)).relayer);
    expect(await received(onBeta)).to.equal(1n);
  });

  it("keeps talking when a new table is published", async () => {
    await start();
    const inForce = (): Promise<unknown[]> => onBeta.member.gateway.getFunction("tableInForce").staticCall();
    const [before] = await inForce();
    await fabric.publishTable();
    expect((await inForce())[0]).to.not.equal(before);
    await serve(onAlpha, onBeta);
    await relayAll(fabric, createAgents(fabric).relayer);
    expect(await received(onBeta)).to.equal(1n);
  });
});
