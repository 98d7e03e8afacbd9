import { expect } from "chai";
import fc from "fast-check";
import { getAddress, id, ZeroHash } from "ethers";

import { parseGatewayLog } from "../../../src/chain/gatewayLogs.ts";
import { IGateway__factory } from "../../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { check } from "../../support/property.ts";

const GATEWAY = IGateway__factory.createInterface();
const bytes = fc.uint8Array({ maxLength: 100 }).map((some) => `0x${Buffer.from(some).toString("hex")}`);
const word = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((some) => `0x${Buffer.from(some).toString("hex")}`);
const account = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((some) => `0x${Buffer.from(some).toString("hex")}`);

describe("Logs of a Gateway", () => {
  it("say what ethers reads in them: messages sent, delivered, failed", () => {
    const amount = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    check(
      fc.property(
        word,
        bytes,
        bytes,
        bytes,
        amount,
        fc.array(bytes, { maxLength: 4 }),
        (sendId, a, b, c, value, list) => {
          const log = GATEWAY.encodeEventLog("MessageSent", [sendId, a, b, c, value, list]);
          expect(parseGatewayLog(log)).to.deep.equal({ name: "MessageSent", args: [sendId, a, b, c, value, list] });
        },
      ),
    );
    check(
      fc.property(word, account, bytes, (message, relayer, reason) => {
        const delivered = parseGatewayLog(GATEWAY.encodeEventLog("MessageDelivered", [message, relayer]));
        expect(delivered).to.deep.equal({ name: "MessageDelivered", args: [message, relayer] });
        const failed = parseGatewayLog(GATEWAY.encodeEventLog("DeliveryFailed", [message, reason]));
        expect(failed).to.deep.equal({ name: "DeliveryFailed", args: [message, reason] });
      }),
    );
  });

  it("say all else as ethers reads it", () => {
    const [source, lane] = [id("source"), id("word")];
    const log = GATEWAY.encodeEventLog("WordHeld", [source, 3, lane]);
    expect(parseGatewayLog(log)).to.deep.equal({ name: "WordHeld", args: [source, 3n, lane] });
    const listed = GATEWAY.encodeEventLog("MemberListed", [source, 7, getAddress(`0x${"ab".repeat(20)}`)]);
    expect(parseGatewayLog(listed)?.args).to.deep.equal([source, 7n, getAddress(`0x${"ab".repeat(20)}`)]);
  });

  it("say nothing where they are foreign, cut off, or point beyond their end", () => {
    const { topics, data } = GATEWAY.encodeEventLog("MessageSent", [id("m"), "0x01", "0x02", "0x03", 0, ["0x04"]]);
    expect(parseGatewayLog({ topics: [], data })).to.equal(undefined);
    expect(parseGatewayLog({ topics: [ZeroHash], data })).to.equal(undefined);
    expect(parseGatewayLog({ topics: topics.slice(0, 1), data })).to.equal(undefined);
    for (let length = 2; length < data.length - 64; length += 64) {
      expect(parseGatewayLog({ topics, data: data.slice(0, length) }), String(length)).to.equal(undefined);
    }
    for (const place of [0, 1, 2, 4]) {
      const at = 2 + 64 * place;
      const wild = `${data.slice(0, at)}${"f".repeat(64)}${data.slice(at + 64)}`;
      expect(parseGatewayLog({ topics, data: wild }), String(place)).to.equal(undefined);
    }
    const held = GATEWAY.encodeEventLog("WordHeld", [id("source"), 3, id("word")]);
    expect(parseGatewayLog({ ...held, data: "0x" })).to.equal(undefined);
  });
});
