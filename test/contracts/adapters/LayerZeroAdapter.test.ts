import { expect } from "chai";
import { concat, toBeHex, toUtf8Bytes, ZeroAddress } from "ethers";
import fc from "fast-check";

import { encodeInteroperableAddress, unpackOptions, type Hex } from "../../../src/wire/index.ts";
import type { LayerZeroAdapter, LayerZeroApplication } from "../../../types/ethers-contracts/index.js";
import { checkAsync } from "../../support/property.ts";
import { deployAdapters, deliverSent, inWord, redeliver, sentBy } from "../../fixtures/adapters.ts";
import { adoptTable, createChains, type Chain } from "../../fixtures/gateways.ts";
import { send, type Sent } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { errorOf, eventsOf } from "../../fixtures/recipients.ts";

const ROUTES = [
  { chainId: 1001n, domain: 30_101n },
  { chainId: 1002n, domain: 30_102n },
];
const HELLO: Hex = concat(["0x00", toUtf8Bytes("hello")]);

/** LayerZero's options of type 3: a worker, and what it is told behind its size. */
const option = (worker: number, told: Hex): Hex =>
  concat([toBeHex(worker, 1), toBeHex((told.length - 2) / 2, 2), told]);
const receiveWith = (gas: bigint): Hex => option(1, concat(["0x01", toBeHex(gas, 16)]));
const receiveWithValue = (gas: bigint, value: bigint): Hex =>
  option(1, concat(["0x01", toBeHex(gas, 16), toBeHex(value, 16)]));
const type3 = (...options: Hex[]): Hex => concat(["0x0003", ...options]);
/** What the adapter asks the Gateway for, so that the receiver gets `gas`. */
const withOwn = (gas: bigint): bigint => gas + gas / 63n + 60_000n;

describe("LayerZeroAdapter: applications written for LayerZero V2 over the Gateway", () => {
  let here: Chain;
  let there: Chain;
  let address: string;
  let adapter: LayerZeroAdapter;
  let app: { here: LayerZeroApplication; there: LayerZeroApplication };
  let reset: () => Promise<void>;

  before(async () => {
    [here, there] = await createChains([1001n, 1002n]);
    const table = { members: [here, there], operators: makeOperators(4) };
    for (const chain of [here, there]) await adoptTable(chain, table);
    address = await deployAdapters("LayerZeroAdapter", [here, there], ROUTES);
    adapter = await here.ethers.getContractAt("LayerZeroAdapter", address, here.user);
    app = {
      here: await here.ethers.deployContract("LayerZeroApplication", [address], here.user),
      there: await there.ethers.deployContract("LayerZeroApplication", [address], there.relayer),
    };
    await app.here.setPeer(30_102n, inWord(await app.there.getAddress()));
    await app.there.setPeer(30_101n, inWord(await app.here.getAddress()));
    const snapshots = [await here.helpers.takeSnapshot(), await there.helpers.takeSnapshot()];
    reset = async () => {
      for (const snapshot of snapshots) await snapshot.restore();
    };
  });

  beforeEach(() => reset());

  const say = (message: Hex = HELLO, options: Hex = "0x"): Promise<Sent> =>
    sentBy(app.here.say(30_102n, message, options), here, there);

  /** What the destination's Gateway says of a delivery: null if it was executed, the failure's reason if not. */
  async function reasonOf(sent: Sent, running = deliverSent(here, there, sent)): Promise<Hex | null> {
    const failed = await eventsOf(running, there.contract, "DeliveryFailed");
    expect(await there.contract.isDelivered(here.id, sent.nonce)).to.equal(failed.length === 0);
    return failed.length === 0 ? null : String(failed[0]!.reason);
  }

  it("is an endpoint: eid, no delegate, no token of its own, free of charge", async () => {
    expect(await adapter.eid()).to.equal(30_101n);
    expect([await adapter.lzToken(), await adapter.nativeToken()]).to.deep.equal([ZeroAddress, ZeroAddress]);
    await adapter.setDelegate(here.user);
    const params = { dstEid: 30_102n, receiver: inWord(address), message: HELLO, options: "0x", payInLzToken: false };
    expect(await adapter.quote(params, here.user)).to.deep.equal([0n, 0n]);
    await expect(adapter.quote({ ...params, dstEid: 1n }, here.user)).to.be.revertedWithCustomError(
      adapter,
      "UnknownDomain",
    );
    const inToken = { ...params, payInLzToken: true };
    await expect(adapter.quote(inToken, here.user)).to.be.revertedWithCustomError(adapter, "LzTokenUnavailable");
    await expect(adapter.send(inToken, here.user)).to.be.revertedWithCustomError(adapter, "LzTokenUnavailable");
    await expect(adapter.send({ ...params, dstEid: 1n }, here.user)).to.be.revertedWithCustomError(
      adapter,
      "UnknownDomain",
    );
    await expect(adapter.send(params, here.user, { value: 1n })).to.be.revertedWithCustomError(adapter, "ValueRefused");
  });

  it("brings what an application sends to its peer's lzReceive, with the id that sending told", async () => {
    const running = app.here.say(30_102n, HELLO, "0x");
    const sent = await sentBy(running, here, there);
    const [told] = await eventsOf(running, app.here, "Sent");
    expect([told?.guid, told?.nonce, told?.fee]).to.deep.equal([sent.id, 1n, 0n]);
    const [taken] = await eventsOf(deliverSent(here, there, sent), app.there, "Taken");
    expect(taken?.origin).to.deep.equal([30_101n, inWord(await app.here.getAddress()), 1n]);
    expect([taken?.guid, taken?.message, taken?.executor, taken?.extraData, taken?.value]).to.deep.equal([
      sent.id,
      HELLO,
      there.gateway,
      "0x",
      0n,
    ]);
  });

  it("counts the messages of a sender to a receiver, whoever else uses the lane", async () => {
    const [sender, receiver] = [await app.here.getAddress(), inWord(await app.there.getAddress())];
    await say();
    await send(here, there, { recipient: there.user.address });
    const other = { dstEid: 30_102n, receiver, message: HELLO, options: "0x", payInLzToken: false };
    await adapter.send(other, here.user);
    await say();
    expect(await adapter.outboundNonce(sender, 30_102n, receiver)).to.equal(2n);
    expect(await adapter.outboundNonce(here.user, 30_102n, receiver)).to.equal(1n);
    expect(await adapter.outboundNonce(sender, 30_102n, inWord(address))).to.equal(0n);
  });

  it("lets a receiver demand order: what comes too early is refused, and taken when its turn comes", async () => {
    const [first, second] = [await say(), await say()];
    expect(await reasonOf(second)).to.equal(app.there.interface.encodeErrorResult("WrongNonce", [2n, 1n]));
    expect(await reasonOf(first)).to.equal(null);
    expect(await reasonOf(second, redeliver(here, there, second))).to.equal(null);
  });

  it("invariant 1: a message is taken once, however often it is delivered", async () => {
    const sent = await say();
    expect(await reasonOf(sent)).to.equal(null);
    expect(await eventsOf(redeliver(here, there, sent), app.there, "Taken")).to.be.empty;
  });

  describe("who speaks", () => {
    it("refuses a message that its counterpart did not send, whatever it says", async () => {
      const payload = concat([await app.here.getAddress(), await app.there.getAddress(), toBeHex(1n, 8), HELLO]);
      const forged = await send(here, there, { recipient: address, payload });
      const sender = encodeInteroperableAddress({ chainId: 1001n, address: here.user.address });
      expect(await reasonOf(forged)).to.equal(
        adapter.interface.encodeErrorResult("ERC7786RecipientUnauthorizedGateway", [there.gateway, sender]),
      );
    });

    it("asks the receiver for each message whether it takes its sender, not for the first one alone", async () => {
      const [first, second] = [await say(), await say()];
      expect(await reasonOf(first)).to.equal(null);
      await app.there.setPeer(30_101n, inWord(address));
      const origin = [30_101n, inWord(await app.here.getAddress()), 2n];
      const refused = adapter.interface.encodeErrorResult("PathNotAllowed", [
        await app.there.getAddress(),
        { srcEid: origin[0]!, sender: origin[1]!, nonce: origin[2]! },
      ]);
      expect(await reasonOf(second)).to.equal(refused);
    });

    it("leaves the receiver's own checks as they are: who is not the endpoint, is refused", async () => {
      const origin = { srcEid: 30_101n, sender: inWord(await app.here.getAddress()), nonce: 1n };
      await expect(app.there.lzReceive(origin, `0x${"00".repeat(32)}`, HELLO, there.user, "0x"))
        .to.be.revertedWithCustomError(app.there, "OnlyEndpoint")
        .withArgs(there.relayer.address);
    });
  });

  describe("invariant 5: a failing receiver fails alone, and its message stays deliverable", () => {
    const orders: Record<string, { order: Hex; reason: Hex }> = {
      "reverts with a reason": { order: "0x0112345678", reason: "0x12345678" },
      "reverts with a bomb": { order: "0x02", reason: `0x${"00".repeat(256)}` },
      "burns all its gas": { order: "0x03", reason: "0x" },
    };
    for (const [what, { order, reason }] of Object.entries(orders)) {
      it(`one that ${what}`, async () => {
        const sent = await say(order);
        expect(await reasonOf(sent)).to.equal(reason);
        expect(await app.there.received(30_101n, inWord(await app.here.getAddress()))).to.equal(0n);
      });
    }
  });

  describe("options", () => {
    it("any of gas for the receiver count together, what DVNs are told does not count", async () => {
      const told: [Hex, object][] = [
        ["0x", {}],
        [type3(), {}],
        [concat(["0x0001", toBeHex(90_000n, 32)]), { gasLimit: withOwn(90_000n) }],
        [type3(receiveWith(300_000n)), { gasLimit: withOwn(300_000n) }],
        [type3(receiveWithValue(300_000n, 0n)), { gasLimit: withOwn(300_000n) }],
        [type3(option(2, "0x000102")), {}],
      ];
      for (const [options, expected] of told)
        expect(unpackOptions((await say(HELLO, options)).item.options), options).to.deep.equal(expected);
      const some = fc.array(
        fc.oneof(fc.integer({ min: 0, max: 500_000 }), fc.uint8Array({ minLength: 1, maxLength: 40 })),
        {
          maxLength: 8,
        },
      );
      await checkAsync(
        fc.asyncProperty(some, async (list) => {
          const told = list.map((one) =>
            typeof one === "number" ? receiveWith(BigInt(one)) : option(2, concat([one])),
          );
          const gas = list.reduce<bigint>((sum, one) => sum + (typeof one === "number" ? BigInt(one) : 0n), 0n);
          const { options } = (await say(HELLO, type3(...told))).item;
          expect(unpackOptions(options)).to.deep.equal(gas === 0n ? {} : { gasLimit: withOwn(gas) });
        }),
        20,
      );
    });

    it("refuses what asks for more than gas, is of no known form, or is cut off, and says where", async () => {
      const good = receiveWith(300_000n);
      const after = 2n + BigInt((good.length - 2) / 2);
      const bad: [Hex, bigint][] = [
        [type3(good, receiveWithValue(1n, 1n)), after], // native value
        [type3(good, option(1, concat(["0x02", toBeHex(1n, 16), inWord(address)]))), after], // a native drop
        [type3(good, option(1, concat(["0x03", toBeHex(0n, 2), toBeHex(1n, 16)]))), after], // a composed message
        [type3(good, option(1, "0x04")), after], // ordered execution
        [type3(good, option(1, concat(["0x01", toBeHex(1n, 15)]))), after],
        [type3(good, option(1, concat(["0x01", toBeHex(1n, 17)]))), after],
        [type3(good, option(0, "0x01")), after],
        [type3(good, option(3, "0x01")), after],
        [type3(good, option(2, "0x")), after],
        [type3(good, option(2, "0x"), "0x00"), after],
        [concat(["0x0002", toBeHex(1n, 32), toBeHex(1n, 32), address]), 0n],
        [concat(["0x0001", toBeHex(1n, 31)]), 0n],
        [concat(["0x0003", toBeHex(1n, 32)]), 2n],
        ["0x00", 0n],
      ];
      for (const length of [1, 2, 3, 4, 19]) bad.push([type3(good, good).slice(0, 2 + 2 * (22 + length)), after]);
      for (const [options, offset] of bad) {
        const error = await errorOf(app.here.say.staticCall(30_102n, HELLO, options), adapter);
        expect([error?.name, error?.args[0], error?.args[1]], options).to.deep.equal([
          "OptionsRefused",
          options,
          offset,
        ]);
      }
    });
  });
});
