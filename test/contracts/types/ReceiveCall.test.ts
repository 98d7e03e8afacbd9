import { expect } from "chai";
import { Interface } from "ethers";
import fc from "fast-check";
import { network } from "hardhat";

import { encodeInteroperableAddress } from "../../../src/wire/index.ts";
import { address, bytes, hash, uint } from "../../support/arbitraries.ts";
import { checkAsync } from "../../support/property.ts";

describe("types/ReceiveCall", () => {
  const recipientAbi = new Interface(["function receiveMessage(bytes32, bytes, bytes) payable returns (bytes4)"]);
  const message = fc.record({ id: hash, sender: address, payload: bytes(0, 100) });

  it("calls recipients exactly as abi.encodeCall would, message after message in one buffer", async () => {
    const { ethers } = await network.create();
    const solidity = await ethers.deployContract("WireHarness");
    const recorder = await ethers.deployContract("CallRecorder");
    const recipient = await recorder.getAddress();
    // 255 and 256, 65535 and 65536 …: the last id of a length, and the first of the next.
    const edge = fc.tuple(fc.integer({ min: 1, max: 31 }), fc.boolean());
    const chainId = fc.oneof(
      uint(8, 1n),
      uint(64, 1n),
      uint(256, 1n),
      edge.map(([length, isLast]) => (1n << BigInt(8 * length)) - BigInt(isLast)),
    );
    await checkAsync(
      fc.asyncProperty(chainId, fc.array(message, { minLength: 1, maxLength: 5 }), async (sourceChainId, messages) => {
        const sending = await solidity.handOver(sourceChainId, recipient, messages);
        const receipt = await sending.wait();
        expect(receipt!.logs.map((log) => recorder.interface.parseLog(log)!.args[0] as string)).to.deep.equal(
          messages.map(({ id, sender, payload }) =>
            recipientAbi.encodeFunctionData("receiveMessage", [
              id,
              encodeInteroperableAddress({ chainId: sourceChainId, address: sender }),
              payload,
            ]),
          ),
        );
      }),
      100,
    );
  });

  it("hands over the longest payload, and a short one after it", async () => {
    const { ethers } = await network.create();
    const solidity = await ethers.deployContract("WireHarness");
    const recorder = await ethers.deployContract("CallRecorder");
    const messages = [`0x${"ab".repeat(16_384)}`, "0xcd", "0x"].map((payload, index) => ({
      id: ethers.toBeHex(index, 32),
      sender: `0x${"11".repeat(20)}`,
      payload,
    }));
    const receipt = await (await solidity.handOver(10n, await recorder.getAddress(), messages)).wait();
    const payloads = receipt!.logs.map((log) => {
      const data = recorder.interface.parseLog(log)!.args[0] as string;
      return recipientAbi.decodeFunctionData("receiveMessage", data)[2] as string;
    });
    expect(payloads).to.deep.equal(messages.map(({ payload }) => payload));
  });
});
