import { expect } from "chai";
import { concat, toBeHex, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";

import { encodeInteroperableAddress, unpackOptions, type Hex } from "../../../src/wire/index.ts";
import type { HyperlaneAdapter, HyperlaneApplication } from "../../../types/ethers-contracts/index.js";
import { deployAdapters, deliverSent, inWord, redeliver, sentBy } from "../../fixtures/adapters.ts";
import { adoptTable, createChains, settle, type Chain } from "../../fixtures/gateways.ts";
import { sourceOn, SourceLane } from "../../fixtures/lane.ts";
import { deliver, heldProof, send, type Sent } from "../../fixtures/messages.ts";
import { makeOperators } from "../../fixtures/operators.ts";
import { errorOf, eventsOf } from "../../fixtures/recipients.ts";

const ROUTES = [
  { chainId: 1001n, domain: 501n },
  { chainId: 1002n, domain: 502n },
  { chainId: 1003n, domain: 503n },
];
const HELLO: Hex = concat(["0x00", toUtf8Bytes("hello")]);

describe("HyperlaneAdapter: applications written for Hyperlane over the Gateway", () => {
  let here: Chain;
  let there: Chain;
  let address: string;
  let adapter: { here: HyperlaneAdapter; there: HyperlaneAdapter };
  let app: { here: HyperlaneApplication; there: HyperlaneApplication };
  let reset: () => Promise<void>;

  before(async () => {
    [here, there] = await createChains([1001n, 1002n]);
    const members = [here, there, sourceOn(1003n), sourceOn(1004n)];
    for (const chain of [here, there]) await adoptTable(chain, { members, operators: makeOperators(4) });
    address = await deployAdapters("HyperlaneAdapter", [here, there], ROUTES);
    adapter = {
      here: await here.ethers.getContractAt("HyperlaneAdapter", address, here.user),
      there: await there.ethers.getContractAt("HyperlaneAdapter", address, there.user),
    };
    app = {
      here: await here.ethers.deployContract("HyperlaneApplication", [address], here.user),
      there: await there.ethers.deployContract("HyperlaneApplication", [address], there.relayer),
    };
    await app.here.enroll(502n, inWord(await app.there.getAddress()));
    await app.there.enroll(501n, inWord(await app.here.getAddress()));
    const snapshots = [await here.helpers.takeSnapshot(), await there.helpers.takeSnapshot()];
    reset = async () => {
      for (const snapshot of snapshots) await snapshot.restore();
    };
  });

  beforeEach(() => reset());

  /** What the recipient's Gateway says of a delivery: null if it was executed, the failure's reason if not. */
  async function reasonOf(sent: Sent): Promise<Hex | null> {
    const running = deliverSent(here, there, sent);
    const failed = await eventsOf(running, there.contract, "DeliveryFailed");
    expect(await there.contract.isDelivered(here.id, sent.nonce)).to.equal(failed.length === 0);
    return failed.length === 0 ? null : String(failed[0]!.reason);
  }

  const refusal = (name: "UnknownChain" | "OwnModule" | "ERC7786RecipientUnauthorizedGateway", args: unknown[]): Hex =>
    adapter.there.interface.encodeErrorResult(name, args as [bigint]);
  const unauthorized = (sender: string, chainId = 1001n): Hex =>
    refusal("ERC7786RecipientUnauthorizedGateway", [
      there.gateway,
      encodeInteroperableAddress({ chainId, address: sender }),
    ]);

  it("is a mailbox: localDomain, routes both ways, free of charge", async () => {
    expect(await adapter.here.localDomain()).to.equal(501n);
    expect(await app.there.LOCAL_DOMAIN()).to.equal(502n);
    expect([await adapter.here.domainOf(1003n), await adapter.here.chainOf(503n)]).to.deep.equal([503n, 1003n]);
    expect(await adapter.here.GATEWAY()).to.equal(here.gateway);
    const to = inWord(address);
    expect(await adapter.here["quoteDispatch(uint32,bytes32,bytes)"](502n, to, HELLO)).to.equal(0n);
    expect(await adapter.here["quoteDispatch(uint32,bytes32,bytes,bytes)"](502n, to, HELLO, "0x")).to.equal(0n);
    const withHook = "quoteDispatch(uint32,bytes32,bytes,bytes,address)";
    expect(await adapter.here[withHook](502n, to, HELLO, "0x", ZeroAddress)).to.equal(0n);
    for (const quoted of [
      adapter.here["quoteDispatch(uint32,bytes32,bytes)"](999n, to, HELLO),
      adapter.here["quoteDispatch(uint32,bytes32,bytes,bytes)"](999n, to, HELLO, "0x"),
      adapter.here[withHook](999n, to, HELLO, "0x", ZeroAddress),
    ])
      await expect(quoted).to.be.revertedWithCustomError(adapter.here, "UnknownDomain").withArgs(999n);
  });

  it("brings what an application dispatches to its counterpart's handle, in the name of who dispatched", async () => {
    const id = await app.here.say.staticCall(502n, HELLO);
    const sent = await sentBy(app.here.say(502n, HELLO), here, there);
    expect(sent.id).to.equal(id);
    expect([sent.item.sender, sent.item.recipient]).to.deep.equal([address, address]);
    const running = deliverSent(here, there, sent);
    const [handled] = await eventsOf(running, app.there, "Handled");
    expect([handled?.origin, handled?.sender, handled?.message, handled?.value]).to.deep.equal([
      501n,
      inWord(await app.here.getAddress()),
      HELLO,
      0n,
    ]);
  });

  it("answers: what handle dispatches goes back", async () => {
    await app.there.enroll(501n, inWord(await app.here.getAddress()));
    const data = app.there.interface.encodeFunctionData("say", [501n, HELLO]);
    const order = concat(["0x04", await app.there.getAddress(), data]);
    const sent = await sentBy(app.here.say(502n, order), here, there);
    const back = await sentBy(deliverSent(here, there, sent), there, here);
    const [handled] = await eventsOf(deliverSent(there, here, back), app.here, "Handled");
    expect([handled?.origin, handled?.sender]).to.deep.equal([502n, inWord(await app.there.getAddress())]);
  });

  it("invariant 1: a message is handled once, however often it is delivered", async () => {
    const sent = await sentBy(app.here.say(502n, HELLO), here, there);
    expect(await reasonOf(sent)).to.equal(null);
    expect(await eventsOf(redeliver(here, there, sent), app.there, "Handled")).to.be.empty;
  });

  describe("who speaks", () => {
    it("refuses a message that its counterpart did not send, whatever it says", async () => {
      const payload = concat([await app.here.getAddress(), await app.there.getAddress(), HELLO]);
      const forged = await send(here, there, { recipient: address, payload });
      expect(await reasonOf(forged)).to.equal(unauthorized(here.user.address));
    });

    it("refuses whoever is not the Gateway", async () => {
      const from = encodeInteroperableAddress({ chainId: 1001n, address });
      const payload = concat([await app.here.getAddress(), await app.there.getAddress(), HELLO]);
      await expect(adapter.there.receiveMessage(ZeroHash, from, payload))
        .to.be.revertedWithCustomError(adapter.there, "ERC7786RecipientUnauthorizedGateway")
        .withArgs(there.user.address, from);
    });

    it("believes the counterpart on each chain that it has a route for, under that chain's domain alone", async () => {
      const payload = concat([await app.here.getAddress(), await app.there.getAddress(), HELLO]);
      const known = new SourceLane(sourceOn(1003n), there);
      const sent = known.send({ sender: address, recipient: address, payload });
      const failed = await eventsOf(
        deliverSent({ ...here, ...known.source, id: known.id }, there, sent),
        there.contract,
        "DeliveryFailed",
      );
      const error = app.there.interface.parseError(String(failed[0]?.reason));
      expect([error?.name, error?.args[0]]).to.deep.equal(["NotEnrolled", 503n]);
    });

    it("refuses a chain without a route, though its counterpart be at the right address", async () => {
      const payload = concat([await app.here.getAddress(), await app.there.getAddress(), HELLO]);
      const unknown = new SourceLane(sourceOn(1004n), there);
      const sent = unknown.send({ sender: address, recipient: address, payload });
      const failed = await eventsOf(
        deliverSent({ ...here, ...unknown.source, id: unknown.id }, there, sent),
        there.contract,
        "DeliveryFailed",
      );
      expect(failed[0]?.reason).to.equal(refusal("UnknownChain", [1004n]));
    });

    it("lets recipients refuse: a router that is not enrolled, or anyone who dispatches", async () => {
      const sent = await sentBy(
        adapter.here["dispatch(uint32,bytes32,bytes)"](502n, inWord(await app.there.getAddress()), HELLO),
        here,
        there,
      );
      expect(await reasonOf(sent)).to.equal(
        app.there.interface.encodeErrorResult("NotEnrolled", [501n, inWord(here.user.address)]),
      );
    });

    it("refuses senders of another form than an address of 20 bytes, native value and cut payloads, of a Gateway that lets them through", async () => {
      const gateway = there.user;
      const lax = await there.ethers.deployContract("HyperlaneAdapter", [gateway.address, ROUTES], gateway);
      const own = await lax.getAddress();
      const from = encodeInteroperableAddress({ chainId: 1001n, address: own });
      const payload = concat([ZeroAddress, ZeroAddress]);
      for (const bad of ["0x", from.slice(0, -2), `${from}00`, "0x00010000010120".padEnd(78, "a")]) {
        const error = await errorOf(lax.receiveMessage(ZeroHash, bad, payload), lax, adapter.there);
        expect(error?.name, bad).to.equal("InvalidInteroperableAddress");
      }
      await expect(lax.receiveMessage(ZeroHash, from, payload, { value: 1n }))
        .to.be.revertedWithCustomError(lax, "ValueRefused")
        .withArgs(1n);
      await expect(lax.receiveMessage(ZeroHash, from, payload.slice(0, -2))).to.be.revertedWithoutReason(there.ethers);
    });
  });

  describe("what it refuses to send", () => {
    const to = inWord("0x00000000000000000000000000000000000000aa");
    const plain = "dispatch(uint32,bytes32,bytes)";
    const withMetadata = "dispatch(uint32,bytes32,bytes,bytes)";
    const withHook = "dispatch(uint32,bytes32,bytes,bytes,address)";
    const metadata = (variant: number, value: bigint, gas: bigint): Hex =>
      concat([toBeHex(variant, 2), toBeHex(value, 32), toBeHex(gas, 32), here.user.address]);

    it("native value, unknown domains, and recipients that are no address", async () => {
      const mailbox = adapter.here;
      await expect(mailbox[plain](502n, to, HELLO, { value: 1n })).to.be.revertedWithCustomError(
        mailbox,
        "ValueRefused",
      );
      await expect(mailbox[plain](999n, to, HELLO)).to.be.revertedWithCustomError(mailbox, "UnknownDomain");
      for (const word of [ZeroHash, `0x01${to.slice(4)}`, `0x${"00".repeat(11)}01${to.slice(26)}`])
        await expect(mailbox[plain](502n, word, HELLO))
          .to.be.revertedWithCustomError(mailbox, "NotAnAddress")
          .withArgs(word);
    });

    it("hooks, and metadata of another form or with native value", async () => {
      const mailbox = adapter.here;
      await expect(mailbox[withHook](502n, to, HELLO, "0x", here.user))
        .to.be.revertedWithCustomError(mailbox, "HookRefused")
        .withArgs(here.user.address);
      const good = metadata(1, 0n, 300_000n);
      for (const bad of [metadata(2, 0n, 1n), metadata(1, 1n, 1n), good.slice(0, 2 + 2 * 65), "0x0001"])
        await expect(mailbox[withMetadata](502n, to, HELLO, bad), bad)
          .to.be.revertedWithCustomError(mailbox, "MetadataRefused")
          .withArgs(bad);
    });

    it("but takes the gas limit that metadata names, and adds what it needs itself", async () => {
      for (const [form, extra] of [
        [withMetadata, []],
        [withHook, [ZeroAddress]],
      ] as const) {
        const call = adapter.here.getFunction(form) as unknown as (
          ...args: unknown[]
        ) => ReturnType<HyperlaneApplication["say"]>;
        const sent = await sentBy(call(502n, to, HELLO, metadata(1, 0n, 630_000n), ...extra), here, there);
        expect(unpackOptions(sent.item.options)).to.deep.equal({ gasLimit: 700_000n });
        const cut = metadata(1, 0n, 63n).slice(0, 2 + 2 * 66);
        expect(
          unpackOptions((await sentBy(call(502n, to, HELLO, cut, ...extra), here, there)).item.options),
        ).to.deep.equal({
          gasLimit: 60_064n,
        });
        expect(
          unpackOptions((await sentBy(call(502n, to, HELLO, "0x", ...extra), here, there)).item.options),
        ).to.deep.equal({});
      }
    });

    it("so that the recipient gets that much, with the longest message there is, from the stingiest relayer", async () => {
      const gas = 500_000n;
      const message = concat(["0x00", `0x${"5a".repeat(16_384 - 41)}`]);
      const recipient = inWord(await app.there.getAddress());
      await app.there.enroll(501n, inWord(here.user.address));
      const [first, last] = [
        await sentBy(adapter.here[withMetadata](502n, recipient, message, metadata(1, 0n, gas)), here, there),
        await sentBy(adapter.here[plain](502n, recipient, HELLO), here, there),
      ];
      await settle(there, here.id, last.after);
      // Not the batch's last message: it gets its gas limit, and no more.
      const [handled] = await eventsOf(
        deliver(there, here, first.before, [first.item, last.item], heldProof(3)),
        app.there,
        "Handled",
      );
      expect(handled?.message).to.equal(message);
      expect(Number(handled?.gas)).to.be.within(Number(gas) - 5_000, Number(gas) + 62_000);
    });
  });

  describe("security modules", () => {
    it("refuses to call a recipient that names a module of its own, until it names none", async () => {
      const recipient = await app.there.getAddress();
      const sent = await sentBy(app.here.say(502n, HELLO), here, there);
      await app.there.setModule(there.user);
      expect(await reasonOf(sent)).to.equal(refusal("OwnModule", [recipient, there.user.address]));
      await app.there.setModule(ZeroAddress);
      expect(await eventsOf(redeliver(here, there, sent), app.there, "Handled")).to.have.lengthOf(1);
    });

    it("takes a recipient that does not know the question, or answers it with less than a word, for one without", async () => {
      // Answers everything with 31 bytes of ones: PUSH0 NOT PUSH0 MSTORE PUSH1 31 PUSH0 RETURN.
      const recipient = "0x00000000000000000000000000000000000b17e5";
      await there.helpers.setCode(recipient, "0x5f195f52601f5ff3");
      const sent = await sentBy(
        adapter.here["dispatch(uint32,bytes32,bytes)"](502n, inWord(recipient), HELLO),
        here,
        there,
      );
      expect(await reasonOf(sent)).to.equal(null);
      // Reverts with a word other than zero where it is asked for its module, and takes messages all the same.
      const asked = "0x5f3560e01c63de523cf314600f57005b60015f5260205ffd";
      await there.helpers.setCode(recipient, asked);
      const again = await sentBy(
        adapter.here["dispatch(uint32,bytes32,bytes)"](502n, inWord(recipient), HELLO),
        here,
        there,
      );
      expect(await reasonOf(again)).to.equal(null);
    });
  });

  describe("invariant 5: a failing recipient fails alone, and its message stays deliverable", () => {
    const orders: Record<string, { order: Hex; reason: Hex }> = {
      "reverts with a reason": { order: "0x0112345678", reason: "0x12345678" },
      "reverts with a bomb": { order: "0x02", reason: `0x${"00".repeat(256)}` },
      "burns all its gas": { order: "0x03", reason: "0x" },
    };
    for (const [what, { order, reason }] of Object.entries(orders)) {
      it(`one that ${what}`, async () => {
        const sent = await sentBy(app.here.say(502n, order), here, there);
        expect(await reasonOf(sent)).to.equal(reason);
        const next = await sentBy(app.here.say(502n, HELLO), here, there);
        expect(await reasonOf(next)).to.equal(null);
      });
    }

    it("one without code, the Gateway, the adapter itself", async () => {
      for (const recipient of ["0x00000000000000000000000000000000000000aa", there.gateway, address]) {
        const sent = await sentBy(
          adapter.here["dispatch(uint32,bytes32,bytes)"](502n, inWord(recipient), HELLO),
          here,
          there,
        );
        expect(await reasonOf(sent)).to.equal("0x");
      }
    });

    it("one that calls the adapter back as if it were the Gateway", async () => {
      const from = encodeInteroperableAddress({ chainId: 1001n, address });
      const recipient = await app.there.getAddress();
      const again = concat([await app.here.getAddress(), recipient, HELLO]);
      const data = adapter.there.interface.encodeFunctionData("receiveMessage", [ZeroHash, from, again]);
      const sent = await sentBy(app.here.say(502n, concat(["0x04", address, data])), here, there);
      expect(await reasonOf(sent)).to.equal(refusal("ERC7786RecipientUnauthorizedGateway", [recipient, from]));
    });
  });

  it("is deployed with routes that name this chain, none of zero, none twice", async () => {
    const deploy = (routes: typeof ROUTES): Promise<unknown> =>
      here.ethers.deployContract("HyperlaneAdapter", [here.gateway, routes]);
    const [own, other] = ROUTES as [(typeof ROUTES)[0], (typeof ROUTES)[0]];
    await expect(deploy([other]))
      .to.be.revertedWithCustomError(adapter.here, "UnknownChain")
      .withArgs(1001n);
    for (const bad of [
      { chainId: 0n, domain: 9n },
      { chainId: 9n, domain: 0n },
      { chainId: own.chainId, domain: 9n },
      { chainId: 9n, domain: own.domain },
    ])
      await expect(deploy([own, bad]))
        .to.be.revertedWithCustomError(adapter.here, "InvalidRoute")
        .withArgs(bad.chainId, bad.domain);
  });
});
