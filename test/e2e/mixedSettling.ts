/** message:settle over real stacks' bridges, with nobody to help: tests that share the mixed fabric (mixedFabric.test.ts). */
import { expect } from "chai";
import { id, ZeroHash } from "ethers";

import { pushAtHops } from "../../src/agents/relaying/pushAtHops.ts";
import { readerOf } from "../../src/chain/readerOf.ts";
import { readTableInForce } from "../../src/chain/readTableInForce.ts";
import { readPurse } from "../../src/checking/readFunding.ts";
import { hopOf } from "../../src/messages/relayMessages.ts";
import { readSentTime } from "../../src/stacks/readSentTime.ts";
import { type NextOfJourney } from "../../src/stacks/index.ts";
import { carryUp } from "../../src/settling/index.ts";
import { serve } from "../../src/testing/exchange.ts";
import type { Hex } from "../../src/wire/index.ts";
import { call } from "../support/stacks/arbitrum/contracts.ts";
import type { PlayedNode } from "../support/stacks/playedNodes.ts";

import { handsOn, type MixedWorld } from "./mixedHands.ts";

const WITHDRAWAL = [
  "a proposal that covers it",
  "prove the withdrawal from optimism at its portal",
  "to mature",
  "resolve the claim of the proposal that it was proven against (resolveClaim)",
  "end the game over the proposal that it was proven against (resolve)",
  "to mature",
  "finalize the withdrawal from optimism at its portal",
];
const sendOf = (name: string): string[] => ["to be confirmed", `execute from the Outbox what ${name} sent`];

/** What is sent and waited for between a member's bridge and Settlement. */
const WAYS_UP: Readonly<Record<string, readonly string[]>> = {
  optimism: WITHDRAWAL,
  arbitrum: sendOf("arbitrum"),
  zksync: ["executed on L1", "have L1's end take what zksync sent (takeMessage)"],
  l3: [...sendOf("l3"), ...WITHDRAWAL],
};

/** And between Settlement and a member's Gateway. */
const WAYS_DOWN: Readonly<Record<string, readonly string[]>> = {
  optimism: ["the bridge from"],
  arbitrum: ["the bridge from"],
  zksync: ["the bridge from"],
  l3: ["the bridge from", "push it on to l3 from the hop", "the bridge from"],
};

export function settlesByItself(getWorld: () => Promise<MixedWorld>): void {
  let world: MixedWorld;
  const hands = handsOn(() => world);
  const { defects, connect, passUntil, drive, bridge, memberOf, settle, send, titleOf } = hands;
  const { expectRefused, breakContract, mineOn } = hands;

  beforeEach(async () => {
    world = await getWorld();
    defects.clear();
  });

  it("invariant 9: drives a message of each stack from sent to delivered, killed before each transaction", async () => {
    const rollups = world.tables.filter(({ member }) => member.stack !== undefined);
    const lanes = rollups.map((from, index) => ({ from, to: rollups[(index + 1) % rollups.length]! }));
    for (const { from, to } of lanes) {
      const message = await serve(from, to);
      const [way, back] = [WAYS_UP[from.member.name]!, WAYS_DOWN[to.member.name]!];
      expect(await drive(message.id), `${from.member.name} → ${to.member.name}`).to.deep.equal([
        `settle the lane to ${to.member.name} as it is now (at 3)`,
        ...way,
        `send the settled word (at 3) to ${to.member.name}`,
        ...back,
        "deliver",
      ]);
      expect(await to.contract.getFunction("received").staticCall()).to.equal(6n);
    }
  });

  it("OP Stack: proves under true proposals alone, proves anew when one is set aside, and has the messenger try again", async () => {
    const { optimism: pair } = world.chains.pairs;
    const { portal } = pair.parent;
    const next = await settle("optimism");
    defects.set("optimism eth_getTransactionReceipt", () => Promise.resolve(null));
    await expectRefused(next(), "settle/node-behind", "caught up");
    defects.clear();
    await pair.propose(id("a lie"));
    expect(titleOf(await next())).to.contain("a proposal that covers it");

    await mineOn("optimism");
    const { game } = await pair.propose();
    const refusal = (message: string, code: number) => (): Promise<never> =>
      Promise.reject(Object.assign(new Error(message), { code }));
    defects.set("optimism eth_getProof", refusal("the method eth_getProof does not exist/is not available", -32_601));
    await expectRefused(next(), "settle/no-method", "a node of optimism does not answer eth_getProof");
    defects.set("optimism eth_getProof", refusal("missing trie node 12 (path ) state 0x12 is not available", -32_000));
    await expectRefused(next(), "settle/pruned-node", "archive");
    defects.clear();
    await send(await next());
    expect(await next()).to.have.property("kind", "waits");

    await (await portal.getFunction("blacklistDisputeGame").send(game)).wait();
    expect(titleOf(await next()), "no proof counts").to.contain("a proposal that covers it");
    await mineOn("optimism");
    await pair.propose();
    expect(titleOf(await next())).to.contain("prove the withdrawal");
    await send(await next());
    for (const title of ["resolveClaim", "resolve)", "finalize"]) {
      const waiting = await next();
      if (waiting?.kind === "waits") await passUntil(waiting.until!);
      expect(titleOf(await next())).to.contain(title);
      if (title !== "finalize") await send(await next());
    }

    const finalize = await next();
    if (finalize?.kind !== "due") throw new Error("it can be finalized");
    const [l1] = world.fabric.members;
    const mend = await breakContract(l1, memberOf("optimism").l1Bridge);
    await expectRefused(send(finalize), "settle/refused", "finalize the withdrawal");
    const { to, data } = finalize.call;
    await (await l1.signer.sendTransaction({ to, data, gasLimit: 5_000_000n })).wait();
    await mend();
    expect(titleOf(await next())).to.contain("relayMessage");
    await send(await next());
    expect(await next()).to.equal(undefined);
  });

  it("Arbitrum: executes what was confirmed, and says what its node lacks", async () => {
    const { arbitrum: pair } = world.chains.pairs;
    const next = await settle("arbitrum");
    expect(titleOf(await next())).to.contain("an assertion with it");
    await pair.confirm();
    const block: PlayedNode = async (request, node) => ({
      ...((await node.request(request)) as object),
      sendCount: undefined,
    });
    defects.set("arbitrum eth_getBlockByHash", block);
    await expectRefused(next(), "settle/no-method", "sendCount");
    defects.set("arbitrum eth_getBlockByHash", () => Promise.resolve(null));
    await expectRefused(next(), "settle/node-behind", "which L1 confirmed");
    defects.clear();
    defects.set("arbitrum eth_call", () => Promise.resolve("0x"));
    await expectRefused(next(), "settle/no-method", "NodeInterface.constructOutboxProof");
    defects.clear();
    defects.set("l1 eth_call", () => Promise.resolve("0x"));
    await expectRefused(next(), "settle/no-contract", "ARBITRUM_INBOX");
    defects.clear();
    await send(await next());
    expect(await next()).to.equal(undefined);
  });

  it("R20 brings up by itself whatever can be: heartbeats need nobody who looks after them", async () => {
    const next = await settle("arbitrum");
    await world.chains.pairs.arbitrum.confirm();
    defects.set("zksync eth_blockNumber", () => Promise.reject(new Error("gone")));
    const { sent, problems } = await carryUp(await connect());
    expect(sent.map(({ member, at, title }) => [member, at, title])).to.deep.equal([
      ["arbitrum", "l1", "execute from the Outbox what arbitrum sent"],
    ]);
    expect(problems.map(({ subject, code }) => [subject, code])).to.deep.equal([["zksync", "settle/unread"]]);
    defects.clear();
    expect(await next()).to.equal(undefined);
    const { provider } = memberOf("arbitrum");
    const { timestamp } = (await provider.request({ method: "eth_getBlockByNumber", params: ["latest", false] })) as {
      timestamp: string;
    };
    expect(await readSentTime(await bridge("arbitrum")), "arrived or not").to.equal(BigInt(timestamp));
    expect(await carryUp(await connect()), "nothing twice").to.deep.equal({ sent: [], problems: [] });
  });

  it("ZK Stack: waits until a batch is executed, has its message taken, and says what its node lacks", async () => {
    const { zksync: pair } = world.chains.pairs;
    const next = await settle("zksync");
    expect(titleOf(await next()), "in no batch yet").to.contain("executed on L1");
    const [message] = await pair.sealBatch();
    expect(titleOf(await next()), "not executed yet").to.contain("executed on L1");
    await pair.execute(message!.batch);
    const receipt: PlayedNode = async (request, node) => ({
      ...((await node.request(request)) as object),
      l2ToL1Logs: undefined,
    });
    defects.set("zksync eth_getTransactionReceipt", receipt);
    await expectRefused(next(), "settle/no-method", "l2ToL1Logs");
    defects.clear();
    const noMethod = Object.assign(new Error("Method not found"), { code: -32_601 });
    defects.set("zksync zks_getL2ToL1LogProof", () => Promise.reject(noMethod));
    await expectRefused(next(), "settle/no-method", "zks_getL2ToL1LogProof");
    defects.set("zksync zks_getL2ToL1LogProof", async (request, node) => {
      const answer = (await node.request(request)) as { proof: Hex[] };
      return { ...answer, proof: [...answer.proof.slice(0, -1), ZeroHash.replace(/0$/, "1")] };
    });
    await expectRefused(next(), "settle/not-proven", "proves another message");
    defects.clear();
    await send(await next());
    expect(await next()).to.equal(undefined);
  });

  it("rollup:check reckons what a table costs on each stack's bridge and at a hop, and sees Inboxes that are closed to us", async () => {
    const { arbitrum, l3 } = world.chains.pairs;
    const connected = await connect();
    const purse = await readPurse(connected, connected.members, undefined);
    expect([purse.closed, purse.unknown.size]).to.deep.equal([[], 0]);
    const purposes = purse.fundings.map(({ chain, purpose }) => [chain, purpose]);
    expect(purposes).to.deep.equal([
      ["l1", "a delivery, and a table, sent to every member"],
      ["optimism", "a delivery, and a table, pushed on to l3"],
      ...["arbitrum", "zksync", "l3"].map((name) => [name, "a delivery"]),
    ]);
    const [onL1, onParent, elsewhere] = purse.fundings;
    const price = async (name: string): Promise<bigint> =>
      (await (await bridge(name)).price([`0x01${"00".repeat(400)}`])).value;
    expect(onL1!.needed > (await price("arbitrum")) + (await price("zksync"))).to.equal(true);
    expect(onParent!.needed > elsewhere!.needed).to.equal(true);

    const { inbox, prover } = arbitrum.parent;
    await call(inbox, prover, "setAllowListEnabled", true);
    await call(l3.parent.inbox, l3.parent.prover, "setAllowListEnabled", true);
    const { account } = onL1!;
    const { closed } = await readPurse(connected, connected.members, undefined);
    expect(closed.map(({ member, at, origin }) => [member, at, origin])).to.deep.equal([
      ["arbitrum", "l1", account],
      ["l3", "optimism", account],
    ]);
    await call(inbox, prover, "setAllowList", [account], [true]);
    await call(l3.parent.inbox, l3.parent.prover, "setAllowListEnabled", false);
    expect((await readPurse(connected, connected.members, undefined)).closed).to.deep.equal([]);
    await call(inbox, prover, "setAllowListEnabled", false);
  });

  it("brings a table down where the first try failed, and has a relayer push it on to an L3, once for each arrival", async () => {
    const { optimism, arbitrum, zksync, l3 } = world.chains.pairs;
    const [l1] = world.fabric.members;
    const { serviceManager } = world.fabric;
    await (await serviceManager.getFunction("snapshot").send()).wait();
    const { tableId } = (await serviceManager.getFunction("latestTable").staticCall()) as { tableId: Hex };
    const item = String(await serviceManager.getFunction("tableItem").staticCall(tableId));
    const rollups = ["optimism", "arbitrum", "zksync", "l3"];
    const next = async (name: string): Promise<NextOfJourney | undefined> =>
      (await (await bridge(name)).downward({ table: (table) => table === tableId }))[0]?.next;
    for (const name of rollups) {
      const { value, stackParams } = await (await bridge(name)).price([item]);
      await (
        await serviceManager.getFunction("publish").send(tableId, memberOf(name).id, stackParams, { value })
      ).wait();
      expect(await next(name), name).to.have.property("kind", "waits");
    }

    const end = l1.contracts.bridge;
    const mends = [await breakContract(memberOf("optimism"), end), await breakContract(memberOf("zksync"), end)];
    const [arbitrumFee, l3Fee] = [arbitrum.tickets.baseFee, l3.tickets.baseFee];
    [arbitrum.tickets.baseFee, l3.tickets.baseFee] = [10n ** 9n, 10n ** 9n]; // more than tickets pay
    for (const pair of [optimism, arbitrum, zksync]) await pair.down();
    for (const mend of mends) await mend();
    expect(await next("zksync"), "it is lost, and to be sent anew").to.equal(undefined);
    expect(titleOf(await next("optimism"))).to.contain("relayMessage");
    expect(titleOf(await next("arbitrum"))).to.contain("redeem");
    for (const name of ["optimism", "arbitrum"]) {
      await send(await next(name));
      expect(await next(name), name).to.equal(undefined);
    }

    expect(titleOf(await next("l3"))).to.contain("push it on");
    const connected = await connect();
    const child = connected.members.find(({ name }) => name === "l3")!;
    const hop = (await hopOf(connected, child))!;
    const relayed = { ...child, signer: await child.signer(), hop };
    const at = { chainId: l1.chainId, settlement: world.fabric.contracts.settlement };
    const { pushed, problems } = await pushAtHops([relayed], at);
    expect(problems).to.deep.equal([]);
    expect(pushed.map(({ member, items }) => [member, items.at(0)])).to.deep.equal([["l3", item]]);
    expect((await pushAtHops([relayed], at)).pushed, "not twice").to.deep.equal([]);
    expect(await next("l3")).to.have.property("kind", "waits");
    await l3.down();
    expect(titleOf(await next("l3"))).to.contain("redeem");
    await child.provider.send("evm_increaseTime", [8 * 86_400]);
    await child.provider.send("hardhat_mine", []);
    expect(titleOf(await next("l3")), "the ticket expired").to.contain("push it on");
    [arbitrum.tickets.baseFee, l3.tickets.baseFee] = [arbitrumFee, l3Fee];
    await send(await next("l3"));
    await l3.down();
    expect(await next("l3")).to.equal(undefined);
    for (const name of ["optimism", "arbitrum", "l3"]) {
      const member = connected.members.find((one) => one.name === name)!;
      expect((await readTableInForce(member)).id, name).to.equal(tableId);
    }
    expect(await readerOf(memberOf("optimism").signer).getBalance(hop.address), "left at the hop").to.equal(0n);
  });
}
