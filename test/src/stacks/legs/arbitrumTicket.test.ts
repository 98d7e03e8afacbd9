import { readFileSync } from "node:fs";

import { expect } from "chai";
import { dataSlice } from "ethers";
import { z } from "zod";

import { ticketCall, ticketId } from "../../../../src/stacks/legs/arbitrumTicket.ts";

const text = z.string();
const Vector = z.object({
  ...{ chainId: text, number: text, sender: text, l1BaseFee: text, packed: text, to: text },
});
const path = new URL("./ticketOfArbitrumOne.json", import.meta.url);

const TICKET_ID = "0x8ba13904639c7444d8578cc582a230b8501c9f0f7903f5069d276fdd3a7dea44"; // not a secret: the id of a ticket on Arbitrum One

describe("Retryable tickets", () => {
  const vector = Vector.parse(JSON.parse(readFileSync(path, "utf8")));
  const { sender, packed } = vector;
  const [chainId, number, l1BaseFee] = [BigInt(vector.chainId), BigInt(vector.number), BigInt(vector.l1BaseFee)];
  const submission = { chainId, number, sender, l1BaseFee, packed };

  it("has the id that Arbitrum One gave it, by what Ethereum's contracts tell of it", () => {
    expect(ticketId(submission)).to.equal(TICKET_ID);
    expect(ticketCall(packed).to).to.equal(vector.to);
    expect(dataSlice(ticketCall(packed).data, 0, 4)).to.equal("0x2e567b36");
  });

  it("has another id if anything is another", () => {
    const others = [
      { ...submission, chainId: chainId + 1n },
      { ...submission, number: number + 1n },
      { ...submission, sender: vector.to },
      { ...submission, l1BaseFee: 0n },
      ...[0, 1, 2, 3, 4, 5, 6, 7].map((word) => ({ ...submission, packed: flipped(packed, 32 * word + 31) })),
      { ...submission, packed: flipped(packed, 9 * 32 + 323) },
    ];
    const ids = others.map(ticketId);
    expect(new Set([...ids, TICKET_ID]).size).to.equal(others.length + 1);
  });
});

function flipped(data: string, index: number): string {
  const bytes = Buffer.from(data.slice(2), "hex");
  bytes[index]! ^= 1;
  return `0x${bytes.toString("hex")}`;
}
