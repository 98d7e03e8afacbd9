import { expect } from "chai";
import { AbiCoder, Contract, type ContractTransactionReceipt } from "ethers";

import { deployPingPong, type PingPong, serve } from "../../src/testing/exchange.ts";
import type { Fabric, FabricMember } from "../../src/testing/fabric.ts";
import {
  type BatchItem,
  encodeBatch,
  encodeProof,
  foldBatch,
  genesis,
  type LaneWord,
  Level,
} from "../../src/wire/index.ts";
import { createDevnet, type Devnet } from "../../testing/index.ts";

const BRIDGE = [
  "function settleCurrent(bytes32 destination) payable",
  "function settleAnchor(bytes32, uint256) payable",
];
const PAGE = 256;
const FOUR_DAYS = 4 * 24 * 60 * 60;

/** A lane of ping-pong balls, as anyone rebuilds it from the source's events. */
class Lane {
  readonly items: BatchItem[] = [];
  readonly from: PingPong;
  readonly to: PingPong;

  constructor(from: PingPong, to: PingPong) {
    this.from = from;
    this.to = to;
  }

  get genesis(): LaneWord {
    return genesis(this.from.member.id, this.to.member.id);
  }

  /** The lane's word behind its first `count` messages. */
  word(count = this.items.length): LaneWord {
    return foldBatch(this.#lane, this.genesis, this.items.slice(0, count)).word;
  }

  /** Of the first `count` messages, those that are not to be delivered as hashes alone. */
  batch(delivered: number, count = this.items.length): BatchItem[] {
    const { placed } = foldBatch(this.#lane, this.genesis, this.items.slice(0, count));
    return placed.map(({ item, messageHash }, nonce) => (nonce === delivered ? item : { kind: "skip", messageHash }));
  }

  async serve(hits = 0): Promise<void> {
    await serve(this.from, this.to, hits);
    this.items.push({
      kind: "message",
      sender: this.from.address,
      recipient: this.to.address,
      options: 0n,
      payload: AbiCoder.defaultAbiCoder().encode(["uint256"], [hits]),
    });
  }

  get #lane(): { source: string; destinationChainId: bigint } {
    return { source: this.from.member.id, destinationChainId: this.to.member.chainId };
  }
}

async function confirm(contract: Contract, method: string, ...args: unknown[]): Promise<ContractTransactionReceipt> {
  const response = await contract.getFunction(method).send(...args);
  const receipt = await response.wait();
  expect(receipt?.status).to.equal(1);
  return receipt!;
}

function bridgeOf({ contracts, signer }: FabricMember): Contract {
  return new Contract(contracts.bridge, BRIDGE, signer);
}

async function held(at: FabricMember, source: FabricMember, count: number): Promise<string> {
  return String(await at.gateway.getFunction("held").staticCall(source.id, Level.settled, count));
}

describe("The settled path: operators are gone, Ethereum delivers", () => {
  let devnet: Devnet;
  let fabric: Fabric;
  let onAlpha: PingPong;
  let onBeta: PingPong;
  let onL1: PingPong;

  // No operator runs here, and after four days nothing that operators signed before could count: the tables in force have
  // expired, and no source is certifiable.
  before(async () => {
    devnet = await createDevnet({ operators: 4 });
    ({ fabric } = devnet);
    [onL1, onAlpha, onBeta] = (await deployPingPong(fabric.members)) as [PingPong, PingPong, PingPong];
    await devnet.increaseTime(FOUR_DAYS);
  });

  after(() => devnet.close());

  /** From Settlement to the destination's Inbox. */
  async function forward({ from, to }: Lane, count: number): Promise<void> {
    await confirm(fabric.settlement, "forward", from.member.id, to.member.id, count, "0x");
    await fabric.derive();
  }

  async function deliver(lane: Lane, items: readonly BatchItem[]): Promise<ContractTransactionReceipt> {
    const { from, to } = lane;
    const proof = encodeProof({ kind: "held", level: Level.settled });
    return confirm(to.member.gateway, "deliver", from.member.ref, encodeBatch(items), proof, lane.genesis);
  }

  it("invariant 9: carries a message from rollup to rollup through L1, without a signature", async () => {
    const lane = new Lane(onAlpha, onBeta);
    await lane.serve(7);
    const { member: alpha } = onAlpha;
    const { member: beta } = onBeta;

    await confirm(bridgeOf(alpha), "settleCurrent", beta.id);
    expect(await fabric.derive()).to.equal(1);
    expect(await fabric.settlement.getFunction("settled").staticCall(alpha.id, beta.id, 1)).to.equal(lane.word());
    expect(await held(beta, alpha, 1)).to.equal(`0x${"00".repeat(32)}`);

    await forward(lane, 1);
    expect(await held(beta, alpha, 1)).to.equal(lane.word());

    await deliver(lane, lane.items);
    expect(await beta.gateway.getFunction("isDelivered").staticCall(alpha.id, 0)).to.equal(true);
    expect(await onBeta.contract.getFunction("received").staticCall()).to.equal(1n);
    // The answer is on its way back already, and nobody has delivered it.
    expect(await beta.gateway.queryFilter("MessageSent")).to.have.lengthOf(1);
    expect(await onAlpha.contract.getFunction("received").staticCall()).to.equal(0n);
  });

  it("invariant 9: delivers the oldest message of a full page in one transaction, by its anchor", async () => {
    const lane = new Lane(onBeta, onL1);
    for (let sent = 0; sent <= PAGE; sent++) await lane.serve();
    await confirm(bridgeOf(onBeta.member), "settleAnchor", onL1.member.id, 0);
    await fabric.derive();
    await forward(lane, PAGE);
    expect(await held(onL1.member, onBeta.member, PAGE)).to.equal(lane.word(PAGE));

    await deliver(lane, lane.batch(0, PAGE));
    expect(await onL1.contract.getFunction("received").staticCall()).to.equal(1n);
    expect(await onL1.member.gateway.getFunction("isDelivered").staticCall(onBeta.member.id, 1)).to.equal(false);
  });

  it("settles L1's own lanes over the local bridge, in the transaction itself", async () => {
    const lane = new Lane(onL1, onAlpha);
    await lane.serve();
    await confirm(bridgeOf(onL1.member), "settleCurrent", onAlpha.member.id);
    const settled: unknown = await fabric.settlement
      .getFunction("settled")
      .staticCall(onL1.member.id, onAlpha.member.id, 1);
    expect(settled).to.equal(lane.word());
    await forward(lane, 1);
    await deliver(lane, lane.items);
    expect(await onAlpha.contract.getFunction("received").staticCall()).to.equal(1n);
  });

  it("keeps what is settled: the same word settled again faults nobody", async () => {
    const { member: alpha } = onAlpha;
    await confirm(bridgeOf(alpha), "settleCurrent", onBeta.member.id);
    await fabric.derive();
    const [, , , , , , , isFaulted] = (await fabric.settlement.getFunction("member").staticCall(alpha.id)) as unknown[];
    expect(isFaulted).to.equal(false);
  });
});
