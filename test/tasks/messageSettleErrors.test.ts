/** message:settle where chains, nodes or accounts do not do as they should. */
import { expect } from "chai";
import { z } from "zod";

import type { ChainProvider } from "../../src/testing/eigenlayer.ts";
import { IGateway__factory } from "../../types/ethers-contracts/factories/interfaces/IGateway__factory.ts";
import { IRollupBridge__factory } from "../../types/ethers-contracts/factories/interfaces/IRollupBridge__factory.ts";
import { Flaky__factory } from "../../types/ethers-contracts/factories/test/recipients/Flaky__factory.ts";
import { codeOf, runTask, useServed, type Run } from "./served.ts";

const Result = z.object({ stage: z.string(), sent: z.array(z.object({ stage: z.string() })) });
const Sent = z.object({ messages: z.array(z.object({ id: z.string() })) });

type Request = Parameters<ChainProvider["request"]>[0];

describe("message:settle, where something is wrong", function () {
  this.timeout(60_000);

  const world = useServed();
  const repairs: (() => void)[] = [];
  let flaky: Awaited<ReturnType<Flaky__factory["deploy"]>>;

  beforeEach(async () => {
    flaky = await new Flaky__factory(world.beta.signer).deploy();
    await flaky.setMended(true);
  });

  afterEach(() => {
    for (const repair of repairs.splice(0)) repair();
  });

  const settle = (id: string): Promise<Run> => runTask("message:settle", { addresses: world.file, id });
  const send = async (text = "x"): Promise<string> => {
    const order = { from: "alpha", to: "beta", text, recipient: await flaky.getAddress() };
    const { result } = await runTask("message:send", { addresses: world.file, ...order });
    return Sent.parse(result).messages[0]!.id;
  };
  /** Settles as far as it goes without a bridge, and has the bridges carry. */
  const settleOneStep = async (id: string): Promise<void> => {
    expect((await settle(id)).error).to.equal("");
    await world.fabric.derive();
  };
  /** Puts something before a chain's node until the test is over. */
  const intercept = (
    { provider }: { readonly provider: ChainProvider },
    by: (request: Request, forward: (request: Request) => Promise<unknown>) => Promise<unknown>,
  ): void => {
    const forward = provider.request.bind(provider);
    Object.assign(provider, { request: (request: Request) => by(request, forward) });
    repairs.push(() => Object.assign(provider, { request: forward }));
  };

  it("does not build on a branch of the source that L1 did not settle: settle/contradiction", async () => {
    const { provider } = world.alpha;
    const before = await provider.request({ method: "evm_snapshot", params: [] });
    await settleOneStep(await send("settled"));
    await provider.request({ method: "evm_revert", params: [before] });
    const other = await settle(await send("of another branch"));
    expect(codeOf(other)).to.equal("settle/contradiction");
    expect(other.error).to.contain("(1 messages) for the lane to").and.to.contain("the node of alpha");
  });

  it("carries nothing to a destination that would ignore it: settle/not-accepted", async () => {
    const id = await send();
    const gateway = IGateway__factory.createInterface();
    const { selector } = gateway.getFunction("member");
    intercept(world.beta, async (request, forward) => {
      const answer = await forward(request);
      const [call] = (request.params ?? []) as readonly { readonly data?: string }[];
      if (request.method !== "eth_call" || call?.data?.startsWith(selector) !== true) return answer;
      const member = gateway.decodeFunctionResult("member", String(answer)).toObject();
      return gateway.encodeFunctionResult("member", Object.values({ ...member, accepted: false }) as never);
    });
    const { error } = await settle(id);
    expect(codeOf({ error })).to.equal("settle/not-accepted");
    expect(error).to.contain("beta takes no settled words of alpha").and.to.contain("table:publish");
  });

  it("sends nothing that the chain would refuse, and says why: settle/refused", async () => {
    const id = await send();
    const bridge = IRollupBridge__factory.createInterface();
    const data = bridge.encodeErrorResult("NothingToSettle", [world.beta.id]);
    let sent = 0;
    intercept(world.alpha, async (request, forward) => {
      if (request.method === "eth_sendTransaction") sent++;
      if (request.method !== "eth_estimateGas") return await forward(request);
      throw Object.assign(new Error("execution reverted"), { code: 3, data });
    });
    const { error } = await settle(id);
    expect(codeOf({ error })).to.equal("settle/refused");
    expect(error).to.contain("On alpha").and.to.contain("NothingToSettle(destination: ");
    expect(sent).to.equal(0);
  });

  it("says which transaction failed, and goes on with it in the next run: settle/not-sent", async () => {
    const id = await send();
    const number = await world.alpha.provider.request({ method: "eth_blockNumber", params: [] });
    world.broken.set("eth_sendTransaction", "the pool is full");
    const { error } = await settle(id);
    expect(codeOf({ error })).to.equal("settle/not-sent");
    expect(error).to.contain("settle the lane to beta").and.to.contain("the pool is full");
    expect(await world.alpha.provider.request({ method: "eth_blockNumber", params: [] })).to.equal(number);
    world.broken.clear();
    expect(Result.parse((await settle(id)).result)).to.deep.include({ stage: "rising", sent: [{ stage: "settle" }] });
  });

  it("tells a delivery that was not even tried from one that a recipient refused: settle/not-delivered", async () => {
    const id = await send();
    await settleOneStep(id);
    await settleOneStep(id);
    world.broken.set("eth_sendTransaction", "the pool is full");
    const { error } = await settle(id);
    expect(codeOf({ error })).to.equal("settle/not-delivered");
    expect(error).to.contain("Gateway on beta was not called").and.to.contain("the pool is full");
    expect(await flaky.received()).to.equal(0n);
    world.broken.clear();
    expect((await settle(id)).exitCode).to.equal(0);
    expect(await flaky.received()).to.equal(1n);
  });

  it("sends nothing twice where a node lags behind what was just sent", async () => {
    const id = await send();
    const { alpha } = world;
    const seen = await alpha.provider.request({ method: "eth_blockNumber", params: [] });
    let sent = 0;
    intercept(alpha, async (request, forward) => {
      if (request.method === "eth_sendTransaction" && ++sent > 1) throw new Error("sent twice");
      const [call, block] = (request.params ?? []) as readonly [{ readonly to?: string }?, unknown?];
      const isOld = request.method === "eth_call" && call?.to?.toLowerCase() === alpha.contracts.bridge.toLowerCase();
      return await forward(isOld && block === "latest" ? { ...request, params: [call, seen] } : request);
    });
    const lagging = await settle(id);
    expect(lagging.error).to.equal("");
    expect(Result.parse(lagging.result)).to.deep.include({ stage: "settle", sent: [{ stage: "settle" }] });
    expect(sent).to.equal(1);
    for (const repair of repairs.splice(0)) repair();
    expect(Result.parse((await settle(id)).result)).to.deep.include({ stage: "rising", sent: [] });
  });
});
