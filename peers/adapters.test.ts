// `npm run test:peers`: the peers' own example applications, as their packages bring them compiled, behind Parley's adapters, unchanged.
import { expect } from "chai";
import { concat, id, toBeHex, toUtf8Bytes, zeroPadValue, ZeroAddress, type Contract } from "ethers";

import type { Hex } from "../src/wire/index.ts";
import { deployAdapters, deliverSent, redeliver, sentBy } from "../test/fixtures/adapters.ts";
import { adoptTable, createChains, type Chain } from "../test/fixtures/gateways.ts";
import type { Sent } from "../test/fixtures/messages.ts";
import { makeOperators } from "../test/fixtures/operators.ts";
import { eventsOf } from "../test/fixtures/recipients.ts";
import { addressOf, artifact, call, deploy, hyperlane, view } from "./contracts.ts";

const ROUTES = [
  { chainId: 1001n, domain: 501n },
  { chainId: 1002n, domain: 502n },
];
const word = (contract: Contract): Hex => zeroPadValue(addressOf(contract), 32);

describe("The peers' own applications behind the adapters, unchanged", () => {
  let here: Chain;
  let there: Chain;
  let mailbox: string;
  let endpoint: string;

  before(async () => {
    [here, there] = await createChains([1001n, 1002n]);
    const table = { members: [here, there], operators: makeOperators(4) };
    for (const chain of [here, there]) await adoptTable(chain, table);
    mailbox = await deployAdapters("HyperlaneAdapter", [here, there], ROUTES);
    endpoint = await deployAdapters("LayerZeroAdapter", [here, there], ROUTES);
  });

  /** Whether the message was executed, and if not, why: what its Gateway says. */
  async function reasonOf(sent: Sent, running = deliverSent(here, there, sent)): Promise<Hex | null> {
    const [failed] = await eventsOf(running, there.contract, "DeliveryFailed");
    expect(await there.contract.isDelivered(here.id, sent.nonce)).to.equal(failed === undefined);
    return failed === undefined ? null : String(failed.reason);
  }
  const because = (text: string): Hex => concat([id("Error(string)").slice(0, 10), textArgument(text)]);
  const textArgument = (text: string): Hex => {
    const bytes = toUtf8Bytes(text);
    const padded = `0x${Buffer.from(bytes)
      .toString("hex")
      .padEnd(64 * Math.ceil(bytes.length / 32), "0")}`;
    return concat([toBeHex(32, 32), toBeHex(bytes.length, 32), padded]);
  };

  describe("Hyperlane (@hyperlane-xyz/core)", () => {
    it("TestRecipient handles what is dispatched", async () => {
      const recipient = await deploy(await hyperlane("contracts/test/TestRecipient", "TestRecipient"), there.relayer);
      const adapter = await here.ethers.getContractAt("HyperlaneAdapter", mailbox, here.user);
      const text = "0x68656c6c6f";
      const dispatching = adapter["dispatch(uint32,bytes32,bytes)"](502n, word(recipient), text);
      const sent = await sentBy(dispatching, here, there);
      expect(await reasonOf(sent)).to.equal(null);
      expect(await view<string>(recipient, "lastData")).to.equal(text);
      expect(await view<string>(recipient, "lastSender")).to.equal(zeroPadValue(here.user.address, 32).toLowerCase());

      // Its owner asks for a module of its own: nothing more arrives until that is taken back.
      await call(recipient, "setInterchainSecurityModule", there.user.address);
      const again = await sentBy(adapter["dispatch(uint32,bytes32,bytes)"](502n, word(recipient), "0x01"), here, there);
      expect(await reasonOf(again)).to.equal(
        adapter.interface.encodeErrorResult("OwnModule", [addressOf(recipient), there.user.address]),
      );
      await call(recipient, "setInterchainSecurityModule", ZeroAddress);
      expect(await reasonOf(again, redeliver(here, there, again))).to.equal(null);
      expect(await view<string>(recipient, "lastData")).to.equal("0x01");
    });

    it("Router, sender and recipient: takes the enrolled router's messages, refuses others' with its own words", async () => {
      const code = await hyperlane("contracts/test/TestRouter", "TestRouter");
      const routers = {
        here: await deploy(code, here.user, mailbox),
        there: await deploy(code, there.relayer, mailbox),
      };
      for (const router of Object.values(routers)) await call(router, "initialize", ZeroAddress, ZeroAddress);
      expect(await view<bigint>(routers.there, "localDomain")).to.equal(502n);
      await call(routers.here, "enrollRemoteRouter", 502n, word(routers.there));
      const speak = (): Promise<Sent> => sentBy(call(routers.here, "dispatch", 502n, "0xc0ffee"), here, there);

      const early = await speak();
      expect(await reasonOf(early)).to.equal(because("No router enrolled for domain: 501"));
      await call(routers.there, "enrollRemoteRouter", 501n, zeroPadValue(here.user.address, 32));
      expect(await reasonOf(early, redeliver(here, there, early))).to.equal(
        because("Enrolled router does not match sender"),
      );
      await call(routers.there, "enrollRemoteRouter", 501n, word(routers.here));
      expect(await reasonOf(early, redeliver(here, there, early))).to.equal(null);
      expect(await reasonOf(await speak())).to.equal(null);
      // The recipient's own check holds against everyone else.
      await expect(call(routers.there, "handle", 501n, word(routers.here), "0x")).to.be.revertedWith(
        "MailboxClient: sender not mailbox",
      );
    });
  });

  describe("LayerZero V2 (@layerzerolabs/oapp-evm)", () => {
    it("OAppMock sends and receives; its peers are its peers", async () => {
      const code = artifact("@layerzerolabs/oapp-evm/artifacts/OAppMock.sol/OAppMock.json");
      const oapp = {
        here: await deploy(code, here.user, endpoint, here.user),
        there: await deploy(code, there.relayer, endpoint, there.relayer),
      };
      await call(oapp.here, "setPeer", 502n, word(oapp.there));
      const options = concat(["0x0003", "0x01", toBeHex(17, 2), "0x01", toBeHex(150_000, 16)]);
      const fee = await view<[bigint, bigint]>(oapp.here, "quote", 502n, "over Parley", options, false);
      expect([...fee]).to.deep.equal([0n, 0n]);
      const speak = (text: string): Promise<Sent> =>
        sentBy(call(oapp.here, "send", 502n, text, options, 0n), here, there);

      const first = await speak("over Parley");
      const adapter = await there.ethers.getContractAt("LayerZeroAdapter", endpoint);
      const refused = adapter.interface.encodeErrorResult("PathNotAllowed", [
        addressOf(oapp.there),
        { srcEid: 501n, sender: word(oapp.here), nonce: 1n },
      ]);
      expect(await reasonOf(first)).to.equal(refused);
      await call(oapp.there, "setPeer", 501n, word(oapp.here));
      expect(await reasonOf(first, redeliver(here, there, first))).to.equal(null);
      expect(await view<string>(oapp.there, "data")).to.equal("over Parley");
      expect(await reasonOf(await speak("again"))).to.equal(null);
      expect(await view<string>(oapp.there, "data")).to.equal("again");
      expect(await adapter.outboundNonce(addressOf(oapp.here), 502n, word(oapp.there))).to.equal(0n);

      const origin = { srcEid: 501n, sender: word(oapp.here), nonce: 3n };
      const forging = call(oapp.there, "lzReceive", origin, id("a message"), "0x", ZeroAddress, "0x");
      await expect(forging).to.be.revertedWithCustomError(oapp.there, "OnlyEndpoint");
    });
  });
});
