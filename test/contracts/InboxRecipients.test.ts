import { expect } from "chai";
import { AbiCoder, concat, dataSlice, keccak256, toBeHex, ZeroAddress, zeroPadValue } from "ethers";

import { encodeInteroperableAddress, type Hex } from "../../src/wire/index.ts";
import { adoptTable } from "../fixtures/gateways.ts";
import { createInboxWorld, deliverSettled, shaped, type InboxWorld } from "../fixtures/inbox.ts";
import { SENDER, sourceOn, type SourceLane } from "../fixtures/lane.ts";
import type { Draft, Sent } from "../fixtures/messages.ts";
import { answer, code, eventsOf, GOOD_ANSWER, install, SELECTOR } from "../fixtures/recipients.ts";

describe("Inbox: recipients", () => {
  let world: InboxWorld;
  let lane: SourceLane;
  let recorder: string;
  let answerer: string;

  before(async () => {
    world = await createInboxWorld();
    recorder = await world.recorder.getAddress();
    answerer = await world.answerer.getAddress();
  });

  beforeEach(async () => {
    await world.reset();
    lane = world.lane();
  });

  const run = (sent: readonly Sent[]) =>
    deliverSettled(world, lane, sent[0]!.before, shaped(sent, "m".repeat(sent.length)));

  /** Delivers a message to the recorder, this one, and another to the recorder; returns why this one failed, null if not. */
  async function reasonBetweenOthers(draft: Draft): Promise<Hex | null> {
    const [first, bad, last] = [
      lane.send({ recipient: recorder }),
      lane.send(draft),
      lane.send({ recipient: recorder }),
    ];
    const running = run([first, bad, last]);
    const delivered = await eventsOf(running, world.chain.contract, "MessageDelivered");
    const failed = await eventsOf(running, world.chain.contract, "DeliveryFailed");
    const ids = delivered.map((event) => String(event.id));
    expect(await world.recorder.executions(first.id)).to.equal(1n);
    expect(await world.recorder.executions(last.id)).to.equal(1n);
    expect(await world.chain.contract.isDelivered(lane.id, bad.nonce)).to.equal(failed.length === 0);
    if (failed.length === 0) {
      expect(ids).to.deep.equal([first.id, bad.id, last.id]);
      return null;
    }
    expect(ids).to.deep.equal([first.id, last.id]);
    expect(failed).to.have.lengthOf(1);
    expect(failed[0]!.id).to.equal(bad.id);
    return String(failed[0]!.reason);
  }

  describe("invariant 5: a failing recipient blocks, consumes and reorders nothing, and its message stays deliverable", () => {
    const failures: Record<string, { payload: Hex; reason: Hex }> = {
      "reverts with nothing": { payload: answer.reverting("0x"), reason: "0x" },
      "reverts with a reason": { payload: answer.reverting("0x12345678"), reason: "0x12345678" },
      "reverts with the right answer": { payload: answer.reverting(GOOD_ANSWER), reason: GOOD_ANSWER },
      "burns all its gas": { payload: answer.burning, reason: "0x" },
      "loops for ever": { payload: answer.looping, reason: "0x" },
      "returns a bomb": { payload: answer.returningBomb(20_000n), reason: `0x${"00".repeat(256)}` },
      "reverts with a bomb": { payload: answer.revertingBomb(20_000n), reason: `0x${"00".repeat(256)}` },
      "returns more than its gas pays for": { payload: answer.returningBomb(1n << 40n), reason: "0x" },
    };
    for (const [what, { payload, reason }] of Object.entries(failures)) {
      it(`one that ${what}`, async () => {
        expect(await reasonBetweenOthers({ recipient: answerer, payload })).to.equal(reason);
      });
    }

    it("one that destroys itself", async () => {
      const recipient = await install(world.chain, code.selfDestructor);
      expect(await reasonBetweenOthers({ recipient })).to.equal("0x");
      expect(await reasonBetweenOthers({ recipient })).to.equal("0x");
    });

    it("many at once, each among the others", async () => {
      const bad = Object.values(failures).map(({ payload }) => lane.send({ recipient: answerer, payload }));
      const good = lane.send({ recipient: recorder });
      const running = run([...bad, good]);
      const failed = await eventsOf(running, world.chain.contract, "DeliveryFailed");
      expect(failed.map((event) => [event.id, event.reason] as unknown[])).to.deep.equal(
        Object.values(failures).map(({ reason }, i) => [bad[i]!.id, reason]),
      );
      expect(await world.recorder.executions(good.id)).to.equal(1n);
    });
  });

  describe("R10 a failure keeps the first 256 bytes of what the recipient returned", () => {
    for (const length of [1, 31, 32, 33, 255, 256, 257, 300, 1_000]) {
      it(`of ${length}`, async () => {
        const data: Hex = concat(Array.from({ length }, (_, i) => toBeHex((i * 7) % 256, 1)));
        expect(await reasonBetweenOthers({ recipient: answerer, payload: answer.reverting(data) })).to.equal(
          dataSlice(data, 0, Math.min(length, 256)),
        );
      });
    }
  });

  describe("R13 success is 32 bytes or more whose first word is exactly the selector", () => {
    const good = GOOD_ANSWER.slice(2);
    const answers: Record<string, { data: Hex; succeeds: boolean }> = {
      "the selector in a word": { data: GOOD_ANSWER, succeeds: true },
      "33 bytes": { data: `${GOOD_ANSWER}ff`, succeeds: true },
      "64 bytes, the second word full": { data: `${GOOD_ANSWER}${"ff".repeat(32)}`, succeeds: true },
      "300 bytes": { data: `${GOOD_ANSWER}${"00".repeat(268)}`, succeeds: true },
      nothing: { data: "0x", succeeds: false },
      "the selector's four bytes": { data: SELECTOR, succeeds: false },
      "31 bytes": { data: `0x${good.slice(0, 62)}`, succeeds: false },
      "a set bit in the last byte": { data: `0x${good.slice(0, 62)}01`, succeeds: false },
      "a set bit behind the selector": { data: `${SELECTOR}80${"00".repeat(27)}`, succeeds: false },
      "the selector at the word's end": { data: zeroPadValue(SELECTOR, 32), succeeds: false },
      "the selector in the second word": { data: `0x${"00".repeat(32)}${good}`, succeeds: false },
      "another selector": { data: `0xdeadbeef${"00".repeat(28)}`, succeeds: false },
      "a zero word": { data: `0x${"00".repeat(32)}`, succeeds: false },
      true: { data: `0x${"00".repeat(31)}01`, succeeds: false },
    };
    for (const [what, { data, succeeds }] of Object.entries(answers)) {
      it(`${what}: ${succeeds ? "success" : "failure"}`, async () => {
        expect(await reasonBetweenOthers({ recipient: answerer, payload: answer.returning(data) })).to.equal(
          succeeds ? null : dataSlice(data, 0, Math.min((data.length - 2) / 2, 256)),
        );
      });
    }
  });

  describe("R14 a recipient may be anything, and nothing comes of it", () => {
    const anybody: Record<string, () => Promise<string> | string> = {
      "the Gateway": () => world.chain.gateway,
      "its table": async () => (await world.chain.contract.tableInForce())[0],
      "its table factory": () => world.chain.tableFactory.getAddress(),
      "its deployer": () => world.chain.deployer.getAddress(),
      "its bridge": () => world.chain.bridge.address,
      "its owner": () => world.chain.owner.address,
      "the relayer, an account without code": () => world.chain.relayer.address,
      "the zero address": () => ZeroAddress,
      "an address that was never used": () => `0x${"99".repeat(20)}`,
    };
    for (const [who, address] of Object.entries(anybody)) {
      it(who, async () => {
        const recipient = await address();
        for (const payload of ["0x", GOOD_ANSWER, `0x${"ff".repeat(100)}`]) {
          expect(await reasonBetweenOthers({ recipient, payload })).to.not.equal(null);
        }
      });
    }

    it("precompiles 1 to 17, and 256: identity (4) too, which returns what it is told", async () => {
      for (const place of [...Array.from({ length: 17 }, (_, i) => i + 1), 256]) {
        const recipient = toBeHex(place, 20);
        expect(await reasonBetweenOthers({ recipient, payload: GOOD_ANSWER })).to.not.equal(null);
      }
      const echoed = await reasonBetweenOthers({ recipient: toBeHex(4, 20) });
      expect(dataSlice(echoed!, 0, 4)).to.equal(SELECTOR);
    });
  });

  describe("R10 what failed is deliverable for ever, by anyone, once", () => {
    it("fails, is retried in vain, and is delivered once its recipient is mended", async () => {
      const sent = lane.send({ recipient: await world.flaky.getAddress() });
      const broken = world.flaky.interface.encodeErrorResult("Broken");
      for (const relayer of [world.chain.relayer, world.chain.user]) {
        const [failed] = await eventsOf(deliverAs(relayer, sent), world.chain.contract, "DeliveryFailed");
        expect([...failed!]).to.deep.equal([sent.id, broken]);
        expect(await world.chain.contract.isDelivered(lane.id, 0)).to.equal(false);
      }
      await world.flaky.setMended(true);
      const [delivered] = await eventsOf(deliverAs(world.chain.user, sent), world.chain.contract, "MessageDelivered");
      expect([...delivered!]).to.deep.equal([sent.id, world.chain.user.address]);
      expect(await eventsOf(deliverAs(world.chain.relayer, sent), world.chain.contract, "MessageDelivered")).to.be
        .empty;
      expect(await world.flaky.received()).to.equal(1n);
    });

    it("R16 MessageDelivered names the id and the relayer; ERC-7786's receiveId is the id", async () => {
      const sent = lane.send({ recipient: recorder, payload: "0xabcdef" });
      const running = deliverAs(world.chain.user, sent);
      const [delivered] = await eventsOf(running, world.chain.contract, "MessageDelivered");
      expect([...delivered!]).to.deep.equal([sent.id, world.chain.user.address]);
      const [received] = await eventsOf(running, world.recorder, "Received");
      expect([...received!].slice(0, 4)).to.deep.equal([
        world.chain.gateway,
        sent.id,
        encodeInteroperableAddress({ chainId: lane.source.chainId, address: SENDER }),
        "0xabcdef",
      ]);
    });

    function deliverAs(relayer: InboxWorld["chain"]["relayer"], sent: Sent): ReturnType<typeof run> {
      const chain = { ...world.chain, contract: world.chain.contract.connect(relayer) };
      return deliverSettled({ chain }, lane, sent.before, [sent.item]);
    }
  });

  describe("the calldata of a call is abi.encodeCall's, byte by byte", () => {
    const expected = (chainId: bigint, { id, item }: Sent): Hex =>
      concat([
        SELECTOR,
        AbiCoder.defaultAbiCoder().encode(
          ["bytes32", "bytes", "bytes"],
          [id, encodeInteroperableAddress({ chainId, address: item.sender }), item.payload],
        ),
      ]);

    for (let size = 1n; size <= 8n; ++size) {
      const chainId = (1n << (8n * size)) - 7n;
      it(`with payloads of 100 to 0 bytes, each behind a longer one, from chain ${chainId}`, async () => {
        const source = sourceOn(chainId);
        await adoptTable(world.chain, { members: [world.chain, source], operators: world.operators });
        lane = world.lane(source);
        const sent = Array.from({ length: 101 }, (_, i) =>
          lane.send({
            recipient: recorder,
            sender: toBeHex((1n << 160n) - 1n - BigInt(i), 20),
            payload: `0x${"ff".repeat(100 - i)}`,
          }),
        );
        const received = await eventsOf(run(sent), world.recorder, "Received");
        expect(received.map((event) => String(event.data))).to.deep.equal(sent.map((one) => expected(chainId, one)));
      });
    }

    it("with payloads of 16,384 and 16,383 bytes, and short ones behind them", async () => {
      const options = { gasLimit: 1_000_000n };
      const sent = [16_384, 16_383, 0, 33, 32, 31].map((length) =>
        lane.send({ recipient: recorder, payload: `0x${"ee".repeat(length)}`, options }),
      );
      const received = await eventsOf(run(sent), world.recorder, "Received");
      expect(received.map((event) => keccak256(String(event.data)))).to.deep.equal(
        sent.map((one) => keccak256(expected(lane.source.chainId, one))),
      );
    });
  });
});
