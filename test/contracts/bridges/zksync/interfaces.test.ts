import { expect } from "chai";
import { toBeHex } from "ethers";
import { network } from "hardhat";

const keysOf = <T extends object>(struct: T): (keyof T & string)[] => Object.keys(struct) as (keyof T & string)[];

describe("ZK Stack's interfaces", () => {
  it("ours and those of who plays it are the package's: selectors, and the order of the structs' fields", async () => {
    const { ethers } = await network.create();
    const interfaces = await ethers.deployContract("ZksyncInterfaces");
    const selectors = await interfaces.selectors();
    expect(selectors).to.have.lengthOf(5);
    for (const [theirs, ours, played] of selectors) expect([ours, played]).to.deep.equal([theirs, theirs]);

    const request = {
      chainId: 1n,
      mintValue: 2n,
      l2Contract: toBeHex(3, 20),
      l2Value: 4n,
      l2Calldata: "0x05",
      l2GasLimit: 6n,
      l2GasPerPubdataByteLimit: 7n,
      factoryDeps: ["0x08"],
      refundRecipient: toBeHex(9, 20),
    };
    const message = { txNumberInBatch: 1n, sender: toBeHex(2, 20), data: "0x03" };
    const [theirRequest, theirMessage] = await interfaces.asPackage(request, message);
    for (const field of keysOf(request)) expect(theirRequest[field], field).to.deep.equal(request[field]);
    for (const field of keysOf(message)) expect(theirMessage[field], field).to.equal(message[field]);
  });
});
