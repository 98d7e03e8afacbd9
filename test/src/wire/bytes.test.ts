import { expect } from "chai";

import { address, bytes32, hex, uint } from "../../../src/wire/bytes.ts";
import { expectRefusal } from "../../support/refusal.ts";

describe("wire/bytes", () => {
  it("takes whole bytes in hex and writes them in lower case", () => {
    expect(hex("0xABcd", "value")).to.equal("0xabcd");
    expect(hex("0x", "value")).to.equal("0x");
  });

  for (const value of ["", "abcd", "0xabc", "0xzz", " 0xab", "0xab\n", "0Xab"]) {
    it(`refuses ${JSON.stringify(value)} as bytes`, () => {
      expect(expectRefusal(() => hex(value, "payload"), "wire/hex").message).to.contain("payload");
    });
  }

  it("refuses bytes of another size, and says which", () => {
    expect(expectRefusal(() => bytes32("0xabcd", "source"), "wire/length").message).to.contain("2 bytes instead of 32");
  });

  it("writes addresses with their checksum, and refuses a wrong one", () => {
    const checksummed = "0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045";
    expect(address(checksummed.toLowerCase(), "gateway")).to.equal(checksummed);
    expect(address(checksummed, "gateway")).to.equal(checksummed);
    for (const wrong of [
      checksummed.replace("dA6", "DA6"),
      checksummed.slice(0, -2),
      "XE7338O073KYGTWWZN0F2WZ0R8PX5ZPPZS",
    ]) {
      expectRefusal(() => address(wrong, "gateway"), "wire/address");
    }
  });

  it("writes integers big-endian in their size, and refuses what does not fit", () => {
    expect(uint(258n, 4, "count")).to.equal("0x00000102");
    expect(uint(255n, 1, "count")).to.equal("0xff");
    expectRefusal(() => uint(256n, 1, "count"), "wire/range");
    expectRefusal(() => uint(-1n, 1, "count"), "wire/range");
  });

  it("does not put long bytes into messages whole", () => {
    const { message } = expectRefusal(() => bytes32(`0x${"ab".repeat(10_000)}`, "source"), "wire/length");
    expect(message.length).to.be.lessThan(300);
  });
});
