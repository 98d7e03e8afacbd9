import { expect } from "chai";
import { concat, toBeHex, ZeroAddress } from "ethers";

import {
  encodeAttributes,
  encodeInteroperableAddress,
  GAS_LIMIT_SELECTOR,
  laneWord,
  Level,
  MAX_PAYLOAD,
  MIN_FINALITY_SELECTOR,
  type Hex,
} from "../../src/wire/index.ts";
import { adoptTable, createChains, type Chain } from "../fixtures/gateways.ts";
import { place, send } from "../fixtures/messages.ts";
import { makeOperators } from "../fixtures/operators.ts";
import { eventsOf } from "../fixtures/recipients.ts";

const OTHER_CHAIN = 0x0a0b0cn;

describe("Outbox: what may be sent", () => {
  const recipient = "0x00000000000000000000000000000000000ca11e";
  let a: Chain;
  let to: Hex;

  before(async () => {
    [a] = await createChains([1001n]);
    const members = [a, { chainId: OTHER_CHAIN, gateway: a.gateway }];
    await adoptTable(a, { members, operators: makeOperators(1) });
    to = encodeInteroperableAddress({ chainId: OTHER_CHAIN, address: recipient });
  });

  const attempt = (address: Hex, payload: Hex = "0x", attributes: Hex[] = []) =>
    a.contract.sendMessage.staticCall(address, payload, attributes);

  it("emits MessageSent with all that was sent, and returns the id that src/wire computes", async () => {
    const payload = "0x00ff1234";
    const attributes = encodeAttributes({ gasLimit: 1n, minFinality: Level.settled });
    const sent = place(a.id, OTHER_CHAIN, laneWord(await a.contract.laneTo(OTHER_CHAIN)), {
      sender: a.user.address,
      recipient,
      payload,
      options: { gasLimit: 1n, minFinality: Level.settled },
    });
    const asUser = a.contract.connect(a.user);
    expect(await asUser.sendMessage.staticCall(to, payload, attributes)).to.equal(sent.id);
    const [event] = await eventsOf(asUser.sendMessage(to, payload, attributes), a.contract, "MessageSent");
    expect(event!.toArray(true)).to.deep.equal([
      sent.id,
      encodeInteroperableAddress({ chainId: 1001n, address: a.user.address }),
      to,
      payload,
      0n,
      attributes,
    ]);
  });

  for (const chainId of [0xffn, 0x100n, 2n ** 53n - 1n]) {
    it(`names the sender on a chain whose id is ${chainId}`, async () => {
      const [chain] = await createChains([chainId]);
      const members = [chain, { chainId: OTHER_CHAIN, gateway: chain.gateway }];
      await adoptTable(chain, { members, operators: makeOperators(1) });
      const sending = chain.contract.connect(chain.user).sendMessage(to, "0x01", []);
      const [event] = await eventsOf(sending, chain.contract, "MessageSent");
      expect(event!.sender).to.equal(encodeInteroperableAddress({ chainId, address: chain.user.address }));
    });
  }

  describe("R6 the recipient is a canonical ERC-7930 address", () => {
    const address = "000000000000000000000000000000000000ca11";
    const refused: Record<string, Hex> = {
      "no bytes": "0x",
      "version 0": `0x00000000030a0b0c14${address}`,
      "version 2": `0x00020000030a0b0c14${address}`,
      "version 256": `0x01000000030a0b0c14${address}`,
      "chain type 1": `0x00010001030a0b0c14${address}`,
      "chain type 256": `0x00010100030a0b0c14${address}`,
      "no chain reference": `0x000100000014${address}`,
      "chain reference 00": `0x00010000010014${address}`,
      "a leading zero in the chain reference": `0x0001000004000a0b0c14${address}`,
      "a chain reference that claims a byte too few": `0x00010000020a0b0c14${address}`,
      "a chain reference that claims a byte too many": `0x00010000040a0b0c14${address}`,
      "a chain reference of 33 bytes": `0x0001000021${"01".repeat(33)}14${address}`,
      "no address": "0x00010000030a0b0c00",
      "an address length of 0 before 20 bytes": `0x00010000030a0b0c00${address}`,
      "an address of 19 bytes": `0x00010000030a0b0c13${address.slice(2)}`,
      "an address of 21 bytes": `0x00010000030a0b0c15${address}00`,
      "an address of 32 bytes": `0x00010000030a0b0c20${"00".repeat(12)}${address}`,
      "a byte behind the address": `0x00010000030a0b0c14${address}00`,
      "a byte before the version": `0x0000010000030a0b0c14${address}`,
    };
    for (const [what, bytes] of Object.entries(refused)) {
      it(`refuses ${what}`, async () => {
        await expect(attempt(bytes))
          .to.be.revertedWithCustomError(a.contract, "InvalidInteroperableAddress")
          .withArgs(bytes);
      });
    }

    it("refuses every truncation of a good one", async () => {
      for (let end = 2; end < to.length; end += 2) {
        await expect(attempt(to.slice(0, end))).to.be.revertedWithCustomError(
          a.contract,
          "InvalidInteroperableAddress",
        );
      }
    });

    it("refuses every change of a byte of structure, and takes each byte of the address as another recipient", async () => {
      const good = await attempt(to);
      for (let at = 2; at < to.length; at += 2) {
        const changed = `${to.slice(0, at)}${to.slice(at, at + 2) === "ff" ? "00" : "ff"}${to.slice(at + 2)}`;
        const place = at / 2 - 1;
        const attempted = attempt(changed);
        if (place >= 5 && place < 8) {
          await expect(attempted).to.be.revertedWithCustomError(a.contract, "UnknownDestination");
        } else if (place >= 9) {
          expect(await attempted).to.not.equal(good);
        } else {
          await expect(attempted).to.be.revertedWithCustomError(a.contract, "InvalidInteroperableAddress");
        }
      }
    });

    it("reads chain ids of 1 to 32 bytes, and names the unknown one", async () => {
      for (let size = 1n; size <= 32n; ++size) {
        for (const chainId of [1n << (8n * (size - 1n)), (1n << (8n * size)) - 1n]) {
          await expect(attempt(encodeInteroperableAddress({ chainId, address: recipient })))
            .to.be.revertedWithCustomError(a.contract, "UnknownDestination")
            .withArgs(chainId);
        }
      }
    });

    it("takes the zero address: it has 20 bytes", async () => {
      expect(await attempt(encodeInteroperableAddress({ chainId: OTHER_CHAIN, address: ZeroAddress }))).to.match(/^0x/);
    });
  });

  it("refuses a destination that was never listed, and its own chain", async () => {
    for (const chainId of [OTHER_CHAIN + 1n, 1001n, OTHER_CHAIN + (1n << 64n)]) {
      await expect(attempt(encodeInteroperableAddress({ chainId, address: recipient })))
        .to.be.revertedWithCustomError(a.contract, "UnknownDestination")
        .withArgs(chainId);
    }
  });

  describe("R7 attributes are known, exact, strictly ascending", () => {
    const word = (value: bigint): Hex => toBeHex(value, 32);
    const gasLimit = (value: bigint): Hex => concat([GAS_LIMIT_SELECTOR, word(value)]);
    const minFinality = (value: bigint): Hex => concat([MIN_FINALITY_SELECTOR, word(value)]);
    const ascending = [gasLimit(5n), minFinality(2n)].sort() as [Hex, Hex];

    it("supports gasLimit and minFinality alone", async () => {
      expect(await a.contract.supportsAttribute(GAS_LIMIT_SELECTOR)).to.equal(true);
      expect(await a.contract.supportsAttribute(MIN_FINALITY_SELECTOR)).to.equal(true);
      for (const selector of ["0x00000000", "0xffffffff", "0x12345678"]) {
        expect(await a.contract.supportsAttribute(selector)).to.equal(false);
      }
    });

    it("gives every choice of attributes within its bounds its own id", async () => {
      const choices = [
        [],
        [gasLimit(1n)],
        [gasLimit(8_000_000n)],
        [minFinality(1n)],
        [minFinality(2n)],
        [minFinality(3n)],
        ascending,
      ];
      const ids = await Promise.all(choices.map((attributes) => attempt(to, "0x", attributes)));
      expect(new Set(ids).size).to.equal(choices.length);
    });

    for (const [what, attribute, selector] of [
      ["an unknown attribute", concat(["0x12345678", word(1n)]), "0x12345678"],
      ["an empty attribute", "0x", "0x00000000"],
      ["an attribute cut within its selector", GAS_LIMIT_SELECTOR.slice(0, 8), `${GAS_LIMIT_SELECTOR.slice(0, 8)}00`],
    ] as const) {
      it(`refuses ${what}`, async () => {
        await expect(attempt(to, "0x", [attribute]))
          .to.be.revertedWithCustomError(a.contract, "UnsupportedAttribute")
          .withArgs(selector);
      });
    }

    it("refuses lengths other than 36 bytes", async () => {
      for (const selector of [GAS_LIMIT_SELECTOR, MIN_FINALITY_SELECTOR]) {
        for (const rest of ["0x", "0x01", `0x${"00".repeat(30)}01`, `0x${"00".repeat(31)}0100`]) {
          const attribute = concat([selector, rest]);
          await expect(attempt(to, "0x", [attribute]))
            .to.be.revertedWithCustomError(a.contract, "InvalidAttributeLength")
            .withArgs(attribute);
        }
      }
    });

    it("refuses one attribute twice, and two in descending order", async () => {
      for (const [first, second] of [
        [ascending[1], ascending[0]],
        [ascending[0], ascending[0]],
        [gasLimit(1n), gasLimit(2n)],
        [minFinality(1n), minFinality(2n)],
      ] as const) {
        await expect(attempt(to, "0x", [first, second]))
          .to.be.revertedWithCustomError(a.contract, "AttributesNotAscending")
          .withArgs(first.slice(0, 10), second.slice(0, 10));
      }
    });

    it("refuses gas limits of 0 and above 8,000,000", async () => {
      for (const value of [0n, 8_000_001n, 1n << 56n, (1n << 56n) + 1n, (1n << 64n) + 1n, (1n << 256n) - 1n]) {
        await expect(attempt(to, "0x", [gasLimit(value)]))
          .to.be.revertedWithCustomError(a.contract, "InvalidGasLimit")
          .withArgs(value, 8_000_000n);
      }
    });

    it("refuses minimum finalities other than 1, 2, 3", async () => {
      for (const value of [0n, 4n, 255n, 257n, (1n << 248n) + 1n]) {
        await expect(attempt(to, "0x", [minFinality(value)]))
          .to.be.revertedWithCustomError(a.contract, "InvalidMinFinality")
          .withArgs(value);
      }
    });
  });

  it("R7 takes a payload of 16,384 bytes, and none longer", async () => {
    const longest: Hex = `0x${"ab".repeat(MAX_PAYLOAD)}`;
    const sent = await send(a, { chainId: OTHER_CHAIN }, { recipient, payload: longest });
    expect(await a.contract.laneTo(OTHER_CHAIN)).to.equal(sent.after);
    await expect(attempt(to, `${longest}00`))
      .to.be.revertedWithCustomError(a.contract, "PayloadTooLong")
      .withArgs(16_385n, 16_384n);
  });

  it("R8 refuses native value with a message, and without", async () => {
    const word = await a.contract.laneTo(OTHER_CHAIN);
    await expect(a.contract.sendMessage(to, "0x", [], { value: 1n }))
      .to.be.revertedWithCustomError(a.contract, "ValueRefused")
      .withArgs(1n);
    await expect(a.user.sendTransaction({ to: a.gateway, value: 1n })).to.be.revertedWithoutReason(a.ethers);
    expect(await a.contract.laneTo(OTHER_CHAIN)).to.equal(word);
    expect(await a.ethers.provider.getBalance(a.gateway)).to.equal(0n);
  });
});

describe("Outbox on a fork", () => {
  it("R5 a Gateway on a chain whose id changed sends nothing", async () => {
    const [chain] = await createChains([1001n]);
    const [fork] = await createChains([1002n]);
    const members = [chain, fork, { chainId: OTHER_CHAIN, gateway: chain.gateway }];
    await adoptTable(fork, { members, operators: makeOperators(1) });
    const to = encodeInteroperableAddress({ chainId: OTHER_CHAIN, address: chain.user.address });
    expect(await fork.contract.sendMessage.staticCall(to, "0x", [])).to.match(/^0x/);

    // The lanes stay, the code is that of the Gateway of chain 1001: what a fork under a new id inherits.
    await fork.helpers.setCode(fork.gateway, await chain.ethers.provider.getCode(chain.gateway));
    await expect(fork.contract.sendMessage.staticCall(to, "0x", []))
      .to.be.revertedWithCustomError(fork.contract, "WrongChain")
      .withArgs(1002n, 1001n);
    expect(await fork.contract.CHAIN_ID()).to.equal(1001n);
  });
});
