import { expect } from "chai";

import { readerOf } from "../../../src/chain/readerOf.ts";
import { type MessageEvent, MessageLog } from "../../../src/devnet/messageLog.ts";
import { deployPingPong, type PingPong, serve } from "../../../src/testing/exchange.ts";
import { createDevnet, type Devnet } from "../../../testing/index.ts";

describe("The log of a devnet's messages", () => {
  let devnet: Devnet;
  let onAlpha: PingPong;
  let onBeta: PingPong;
  let log: MessageLog;
  const told: MessageEvent[] = [];

  /** What is told since the last time. */
  async function news(): Promise<string[]> {
    await log.update();
    return told.splice(0).map(({ event, source, destination, nonce }) => `${event} ${source} ${destination} ${nonce}`);
  }

  before(async () => {
    devnet = await createDevnet({ operators: 4 });
    const { members } = devnet.fabric;
    [, onAlpha, onBeta] = (await deployPingPong(members)) as [PingPong, PingPong, PingPong];
    log = new MessageLog({
      members: members.map((member) => ({ ...member, ...member.ref, provider: readerOf(member.signer) })),
      onEvent: (event) => void told.push(event),
    });
  });

  after(() => devnet.close());

  it("tells each message once when it is sent, and once when it arrives, with its share of the gas", async () => {
    await serve(onAlpha, onBeta);
    await serve(onAlpha, onBeta);
    expect(await news()).to.deep.equal(["sent alpha beta 0", "sent alpha beta 1"]);
    expect(await news()).to.deep.equal([]);
    const { delivered } = await devnet.deliverAll();
    await log.update();
    const gas = told.map((event) => (event.event === "delivered" ? event.gas : 0));
    expect(gas).to.deep.equal(delivered.map(({ gasUsed, batchSize }) => Math.round(Number(gasUsed) / batchSize)));
    expect(await news()).to.deep.equal(["delivered alpha beta 0", "delivered alpha beta 1"]);
  });

  it("says whether anything changed", async () => {
    await log.update();
    expect(await log.update()).to.equal(false);
    await serve(onBeta, onAlpha);
    expect(await log.update()).to.equal(true);
    told.splice(0);
  });

  it("tells what took a message's place when a chain went back", async () => {
    const { provider } = onAlpha.member;
    await news();
    const snapshot = await provider.request({ method: "evm_snapshot", params: [] });
    await serve(onAlpha, onBeta, 0);
    await serve(onAlpha, onBeta, 0);
    expect(await news()).to.deep.equal(["sent alpha beta 2", "sent alpha beta 3"]);
    await provider.request({ method: "evm_revert", params: [snapshot] });
    expect(await news()).to.deep.equal([]);
    await serve(onAlpha, onBeta, 1);
    expect(await news()).to.deep.equal(["sent alpha beta 2"]);
  });
});
