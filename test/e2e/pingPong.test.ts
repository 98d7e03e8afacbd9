import { expect } from "chai";

import { confirmDelivered, deployPingPong, type PingPong, serve } from "../../src/testing/exchange.ts";
import { ParleyError } from "../../src/errors.ts";
import { Level } from "../../src/wire/index.ts";
import { createDevnet, type Devnet, type DevnetOptions } from "../../testing/index.ts";
import { NOTHING } from "../src/agents/fixture.ts";

async function received({ contract }: PingPong): Promise<bigint> {
  return (await contract.getFunction("received").staticCall()) as bigint;
}

describe("Ping-pong over the fabric: real operators, certificates and relayer", () => {
  let devnet: Devnet<"alpha" | "beta">;
  let onL1: PingPong;
  let onAlpha: PingPong;
  let onBeta: PingPong;

  /** Has the tests of this `describe` begin on such a devnet, with tables on each of its chains. */
  function useDevnet(options: DevnetOptions): void {
    before(async () => {
      devnet = await createDevnet(options);
    });
    beforeEach(async () => {
      [onL1, onAlpha, onBeta] = await devnet.loadFixture(tables);
    });
    after(() => devnet.close());
  }

  const tables = async (): Promise<[PingPong, PingPong, PingPong]> =>
    (await deployPingPong(devnet.fabric.members)) as [PingPong, PingPong, PingPong];

  describe("of 8 operators", () => {
    useDevnet({ operators: 8 });

    it("answers each ball until nobody wants more, both ways, each message once", async () => {
      const first = await serve(onAlpha, onBeta, 4);
      const { delivered, failed, waiting } = await devnet.deliverAll();
      const way = delivered.map(({ source, destination, nonce }) => `${source} ${destination} ${nonce}`);
      expect(way).to.deep.equal(["alpha beta 0", "beta alpha 0", "alpha beta 1", "beta alpha 1", "alpha beta 2"]);
      expect(delivered[0]?.id).to.equal(first.id);
      expect(new Set(delivered.map(({ level }) => level))).to.deep.equal(new Set([Level.final]));
      expect([...failed, ...waiting]).to.be.empty;
      expect([await received(onBeta), await received(onAlpha)]).to.deep.equal([3n, 2n]);

      expect((await devnet.deliverAll()).delivered).to.be.empty;
      expect([await received(onBeta), await received(onAlpha)]).to.deep.equal([3n, 2n]);
    });

    it("plays with L1 as with any other member", async () => {
      await serve(onL1, onAlpha, 1);
      await serve(onBeta, onL1, 1);
      await devnet.deliverAll();
      expect([await received(onL1), await received(onAlpha), await received(onBeta)]).to.deep.equal([2n, 1n, 1n]);
    });

    it("invariant 3: delivers with 6 of 8 operators, not with 5, and what waits arrives when a sixth comes back", async () => {
      devnet.stopOperators(2);
      await serve(onAlpha, onBeta);
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(1n);

      devnet.stopOperators(["operator-3"]);
      const { id } = await serve(onAlpha, onBeta);
      const { delivered, waiting } = await devnet.deliverAll();
      expect(delivered).to.be.empty;
      expect(waiting.map((message) => message.id)).to.deep.equal([id]);
      expect(waiting[0]?.reason).to.contain("no quorum: 5 of 8 operators would sign");
      expect(await received(onBeta)).to.equal(1n);

      devnet.startOperators(["operator-3"]);
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(2n);
    });

    it("tells what was sent from what a relayer reports", async () => {
      const sent = [await serve(onAlpha, onBeta), await serve(onAlpha, onBeta)];
      const { delivered } = await devnet.deliverAll();
      const reports = [{ ...NOTHING, delivered }];
      expect(confirmDelivered(sent, reports).map(({ id }) => id)).to.deep.equal(sent.map(({ id }) => id));
      const late = await serve(onAlpha, onBeta);
      expect(() => confirmDelivered([late], reports))
        .to.throw(ParleyError, /was not delivered/)
        .with.property("code", "message/not-delivered");
    });

    it("keeps talking when a new table is published", async () => {
      const inForce = (): Promise<unknown[]> => onBeta.member.gateway.getFunction("tableInForce").staticCall();
      const [before] = await inForce();
      await devnet.fabric.publishTable();
      expect((await inForce())[0]).to.not.equal(before);
      await serve(onAlpha, onBeta);
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(1n);
    });
  });

  describe("of another size and quorum, whose blocks become final later", () => {
    useDevnet({ operators: 5, quorum: 7_500, confirmations: 3 });

    it("makes as many operators as it is told, of equal weight, and demands that quorum", async () => {
      expect(devnet.fabric.operators).to.have.lengthOf(5);
      devnet.stopOperators(2); // three of five are 60 %
      await serve(onAlpha, onBeta);
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(0n);
      devnet.startOperators(["operator-1"]); // four are 80 %
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(1n);
    });

    it("waits for the confirmations", async () => {
      const { id } = await serve(onAlpha, onBeta);
      expect((await devnet.message(id)).status).to.equal("sent");
      expect(await devnet.explain(id)).to.contain("3 more blocks on alpha");
      await devnet.deliverAll();
      expect(await received(onBeta)).to.equal(1n);
    });
  });
});
