import path from "node:path";

import { expect } from "chai";
import { parseEther, ZeroHash } from "ethers";
import type { HardhatUserConfig } from "hardhat/types/config";
import { z } from "zod";

import { BridgeableToken__factory } from "../../types/ethers-contracts/factories/examples/tokens/BridgeableToken__factory.ts";
import { TokenVault__factory } from "../../types/ethers-contracts/factories/examples/tokens/TokenVault__factory.ts";
import { DenyListToken__factory } from "../../types/ethers-contracts/factories/test/tokens/DenyListToken__factory.ts";
import { writeAddresses } from "../../src/deployments/addressesFile.ts";
import type { FabricMember } from "../../src/testing/fabric.ts";
import { encodeInteroperableAddress } from "../../src/wire/index.ts";
import { codeOf, NOBODY, runTask, useServed, type Run } from "./served.ts";

const decimal = z.string().regex(/^\d+$/);
const hash = z.string().regex(/^0x[0-9a-f]{64}$/);
const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/);

/** What scripts rely on. */
const Deployed = z.strictObject({
  kind: z.enum(["erc20", "erc7802"]),
  symbol: z.string(),
  home: z.string(),
  dryRun: z.boolean(),
  ends: z.array(
    z.strictObject({ name: z.string(), chainId: decimal, token: address, bridge: address, owner: address }),
  ),
  steps: z.array(
    z.strictObject({
      at: z.string(),
      title: z.string(),
      status: z.enum(["done", "due", "sent"]),
      txHash: hash.nullable(),
    }),
  ),
});
const Transferred = z.strictObject({
  from: z.string(),
  to: z.string(),
  account: address,
  recipient: address,
  bridge: address,
  token: address,
  symbol: z.string(),
  tokens: z.string(),
  amount: decimal,
  dryRun: z.boolean(),
  approval: z.strictObject({ needed: z.boolean(), txHash: hash.nullable() }),
  message: z
    .strictObject({
      id: hash,
      nonce: decimal,
      txHash: hash,
      blockNumber: z.number(),
      gasUsed: decimal,
      status: z.enum(["sent", "final", "failed", "delivered"]),
    })
    .nullable(),
});

const GOLD = { name: "Gold", symbol: "GLD", supply: "1000" };

describe("token:deploy and token:send", function () {
  this.timeout(60_000);

  const world = useServed();
  const deploy = (args: Readonly<Record<string, unknown>> = {}): Promise<Run> =>
    runTask("token:deploy", { addresses: world.file, ...GOLD, ...args });
  const deployed = async (args: Readonly<Record<string, unknown>> = {}): Promise<z.infer<typeof Deployed>> => {
    const { result, error } = await deploy(args);
    expect(error).to.equal("");
    return Deployed.parse(result);
  };
  const send = (args: Readonly<Record<string, unknown>>): Promise<Run> =>
    runTask("token:send", { addresses: world.file, from: "alpha", to: "beta", amount: "1", ...args });
  const balance = (member: FabricMember, token: string, of: string): Promise<bigint> =>
    BridgeableToken__factory.connect(token, member.signer).balanceOf(of);

  /** Sends and relays until the command has seen it arrive. */
  async function sendAndRelay(args: Readonly<Record<string, unknown>>): Promise<z.infer<typeof Transferred>> {
    const sending = send({ wait: true, ...args });
    const waiting = new Set([sending]);
    void sending.finally(() => waiting.clear());
    while (waiting.size > 0) await world.relayer.step();
    const { result, error } = await sending;
    expect(error).to.equal("");
    return Transferred.parse(result);
  }

  it("deploys a token that is locked at home and minted elsewhere; what is done already stays; and moves it there and back", async () => {
    const { ends, steps, home, dryRun } = await deployed();
    expect({ home, dryRun }).to.deep.equal({ home: "alpha", dryRun: false });
    expect(new Set(steps.map(({ status }) => status))).to.deep.equal(new Set(["sent"]));
    const [alpha, beta] = ends as [(typeof ends)[number], (typeof ends)[number]];
    expect(beta.bridge).to.equal(beta.token);
    const again = await deployed();
    expect(again.ends).to.deep.equal(ends);
    expect(new Set(again.steps.map(({ status }) => status))).to.deep.equal(new Set(["done"]));

    const there = await sendAndRelay({ bridge: alpha.bridge, amount: "2.5" });
    expect(there).to.deep.include({ symbol: "GLD", tokens: "2.5", amount: parseEther("2.5").toString() });
    expect(there.approval.needed && there.approval.txHash !== null).to.equal(true);
    expect(there.message?.status).to.equal("delivered");
    expect(await balance(world.beta, beta.token, alpha.owner)).to.equal(parseEther("2.5"));
    expect(await balance(world.alpha, alpha.token, alpha.bridge)).to.equal(parseEther("2.5"));

    const back = { from: "beta", to: "alpha", bridge: beta.bridge, amount: "1.5", recipient: NOBODY };
    expect((await sendAndRelay(back)).approval).to.deep.equal({ needed: false, txHash: null });
    expect(await balance(world.alpha, alpha.token, NOBODY)).to.equal(parseEther("1.5"));
    expect(await balance(world.alpha, alpha.token, alpha.bridge)).to.equal(parseEther("1"));
  });

  it("deploys an ERC-7802 token at one address, and burns and mints it", async () => {
    const { ends } = await deployed({ kind: "erc7802", home: "beta" });
    expect(new Set(ends.map(({ token }) => token)).size).to.equal(1);
    expect(new Set(ends.map(({ bridge }) => bridge)).size).to.equal(1);
    const { token, bridge, owner } = ends[0]!;
    expect(await balance(world.alpha, token, owner)).to.equal(0n);
    const { approval } = await sendAndRelay({ from: "beta", to: "alpha", bridge, amount: "1000" });
    expect(approval.needed).to.equal(false);
    expect(await balance(world.alpha, token, owner)).to.equal(parseEther("1000"));
    expect(await balance(world.beta, token, owner)).to.equal(0n);
  });

  it("links what is missing only: a rollup can join later", async () => {
    const before = await deployed({ on: "alpha,beta" });
    const { steps, ends } = await deployed({ on: "alpha,beta,l1" });
    expect(ends.slice(0, 2)).to.deep.equal(before.ends);
    const sent = steps.filter(({ status }) => status === "sent").map(({ at, title }) => `${at}: ${title}`);
    expect(sent).to.deep.equal([
      "l1: deploy GLD, minted here",
      "alpha: link it with beta, l1",
      "beta: link it with alpha, l1",
      "l1: link it with alpha, beta",
    ]);
  });

  it("goes on where a node's failure stopped it", async () => {
    world.broken.set("eth_sendTransaction", "the disk is full");
    const { error, exitCode } = await deploy();
    expect(codeOf({ error }), error).to.equal("token/step-failed");
    expect(error).to.contain("the disk is full").and.to.contain("alpha");
    expect(exitCode).to.equal(1);
    world.broken.clear();
    expect((await deployed()).steps.every(({ status }) => status === "sent")).to.equal(true);
  });

  it("takes a token that is there, with its own name and decimals", async () => {
    const token = await (await new DenyListToken__factory(world.alpha.signer).deploy()).getAddress();
    const taken = { token, name: undefined, symbol: undefined, supply: undefined };
    const { ends, symbol } = await deployed(taken);
    expect(symbol).to.equal("DENY");
    expect(ends[0]!.token).to.equal(token);
    const { error } = await deploy({ ...taken, token: NOBODY });
    expect(codeOf({ error }), error).to.equal("token/no-token");
  });

  it("does nothing in a dry run", async () => {
    const { steps, ends, dryRun } = await deployed({ dryRun: true });
    expect(dryRun).to.equal(true);
    expect(steps.every(({ status, txHash }) => status === "due" && txHash === null)).to.equal(true);
    expect(await world.alpha.provider.request({ method: "eth_getCode", params: [ends[0]!.bridge, "latest"] })).to.equal(
      "0x",
    );
    const real = await deployed();
    expect(real.ends).to.deep.equal(ends);
    const before = await balance(world.alpha, real.ends[0]!.token, real.ends[0]!.owner);
    const { result } = await send({ bridge: real.ends[0]!.bridge, dryRun: true });
    expect(Transferred.parse(result)).to.deep.include({
      dryRun: true,
      message: null,
      approval: { needed: true, txHash: null },
    });
    expect(await balance(world.alpha, real.ends[0]!.token, real.ends[0]!.owner)).to.equal(before);
  });

  it("on networks it shows what it would send, and sends it with --yes alone where nobody can be asked: token/unconfirmed", async () => {
    const addresses = path.join(world.folder, "networks.json");
    const { settlement, rollups, version } = world.addresses;
    await writeAddresses(addresses, {
      ...{ version, chains: "networks", settlement: { ...settlement, network: "served_l1" } },
      rollups: rollups.map((rollup) => ({ ...rollup, network: `served_${rollup.name}` })),
    });
    const user: HardhatUserConfig = {
      networks: Object.fromEntries(
        Object.entries(world.urls).map(([name, url]) => [`served_${name}`, { type: "http", url }]),
      ),
    };
    const run = (args: Readonly<Record<string, unknown>>): Promise<Run> =>
      runTask("token:deploy", { ...GOLD, addresses, ...args }, user);

    const asked = await run({});
    expect(codeOf(asked), asked.error).to.equal("token/unconfirmed");
    expect(asked.error).to.match(/due +beta +deploy GLD, minted here\n/);
    expect(asked.error).to.contain("Send 5 transactions?").and.to.contain("--yes");
    expect([asked.exitCode, asked.stdout]).to.deep.equal([1, ""]);
    const { steps } = Deployed.parse((await run({ dryRun: true })).result);
    expect(steps.map(({ status }) => status)).to.deep.equal(Array(5).fill("due"));

    const sent = await run({ yes: true });
    expect(sent.error).to.equal("");
    expect(Deployed.parse(sent.result).steps.map(({ status }) => status)).to.deep.equal(Array(5).fill("sent"));
    const again = await run({}); // of nothing nobody is asked
    expect([again.error, again.exitCode]).to.deep.equal(["", 0]);
  });

  it("prints for a person without --json", async () => {
    const { stdout } = await deploy({ json: false });
    expect(stdout).to.match(/sent +alpha +deploy GLD\n/);
    const bridge = /--bridge (0x[0-9a-fA-F]{40}) --amount 1 --wait$/.exec(stdout)?.[1];
    expect((await send({ bridge, json: false, dryRun: true })).stdout).to.match(
      /^Would send 1.0 GLD from alpha to beta/,
    );
    expect((await send({ bridge, json: false })).stdout).to.match(/^1.0 GLD alpha → beta, for 0x.*: sent\n/);
    expect((await deploy({ json: false, dryRun: true, on: "alpha,l1" })).stdout).to.contain("Nothing was sent.");
  });

  it("ends with exit code 3 if a transfer that is waited for is refused, with 2 if time is up", async () => {
    const token = await new DenyListToken__factory(world.alpha.signer).deploy();
    const at = await token.getAddress();
    const { ends } = await deployed({ token: at, name: undefined, symbol: undefined, supply: undefined });
    await token.mint(ends[0]!.owner, parseEther("1"));
    await sendAndRelay({ bridge: ends[0]!.bridge });
    await token.deny(NOBODY, true);
    const back = { from: "beta", to: "alpha", bridge: ends[1]!.bridge, amount: "0.5", recipient: NOBODY };
    expect((await sendAndRelay(back)).message?.status).to.equal("failed");
    expect((await send({ ...back, wait: true, timeout: 0 })).exitCode).to.equal(2);
  });

  for (const [what, args, code] of [
    ["a kind that there is not", { kind: "erc404" }, "token/bad-kind"],
    ["a rollup that there is not", { on: "alpha,gamma" }, "member/unknown"],
    ["a home that there is not", { home: "gamma" }, "member/unknown"],
    ["one rollup", { on: "alpha" }, "token/too-few"],
    ["a rollup twice", { on: "alpha,beta,alpha" }, "token/twice"],
    ["a home that is none of the rollups", { home: "l1" }, "token/home-apart"],
    ["a token without a name", { name: undefined }, "token/unnamed"],
    ["a token without a symbol", { symbol: "" }, "token/unnamed"],
    ["a token without a supply", { supply: undefined }, "token/bad-supply"],
    ["a supply that is no number", { supply: "much" }, "token/bad-supply"],
    ["a supply of nothing", { supply: "0" }, "token/bad-supply"],
    ["a token that is there, and a name", { token: NOBODY }, "token/bad-token"],
    [
      "a token that is no address",
      { token: "0x12", name: undefined, symbol: undefined, supply: undefined },
      "token/bad-token",
    ],
    ["an ERC-7802 token that is there", { kind: "erc7802", token: NOBODY }, "token/bad-token"],
    ["an account of which nobody has the key", { account: NOBODY }, "account/unknown"],
  ] as const) {
    it(`token:deploy refuses ${what}: ${code}`, async () => {
      const { exitCode, error, stdout } = await deploy(args);
      expect(codeOf({ error }), error).to.equal(code);
      expect(exitCode).to.equal(1);
      expect(stdout).to.equal("");
    });
  }

  it("token:deploy refuses rollups between which no lane leads: token/no-lane", async () => {
    const { provider, gateway } = world.alpha;
    const request = provider.request.bind(provider);
    const selector = gateway.interface.getFunction("laneTo")!.selector;
    provider.request = async (args) =>
      args.method === "eth_call" && JSON.stringify(args.params).includes(selector) ? ZeroHash : request(args);
    try {
      const { error } = await deploy();
      expect(codeOf({ error }), error).to.equal("token/no-lane");
      expect(error).to.contain("from alpha to beta");
    } finally {
      provider.request = request;
    }
  });

  it("token:deploy refuses ends that are linked otherwise: token/linked-otherwise", async () => {
    const { ends } = await deployed({ on: "alpha,l1" });
    const vault = TokenVault__factory.connect(ends[0]!.bridge, world.alpha.signer);
    const [, toL1] = await vault.getLink(
      `0x0001000003${world.fabric.members[0].chainId.toString(16).padStart(6, "0")}00`,
    );
    // Somebody's on beta's chain.
    const chainId = world.beta.chainId.toString(16).padStart(6, "0");
    await vault.link([`0x0001000003${chainId}14${NOBODY.slice(2)}`]);
    expect(toL1).to.not.equal("0x");
    const { error } = await deploy({ on: "alpha,beta" });
    expect(codeOf({ error }), error).to.equal("token/linked-otherwise");
  });

  it("token:send refuses what cannot be sent, and says why", async () => {
    const { ends } = await deployed();
    const { bridge } = ends[0]!;
    for (const [args, code] of [
      [{ bridge: undefined }, "token/bad-bridge"],
      [{ bridge: "0x12" }, "token/bad-bridge"],
      [{ bridge: NOBODY }, "token/no-bridge"],
      [{ bridge: ends[0]!.token }, "token/no-bridge"],
      [{ bridge, to: "l1" }, "token/not-linked"],
      [{ bridge, to: "gamma" }, "member/unknown"],
      [{ bridge, amount: "all" }, "token/bad-amount"],
      [{ bridge, amount: undefined }, "token/bad-amount"],
      [{ bridge, amount: "0.0000000000000000001" }, "token/bad-amount"],
      [{ bridge, amount: "1001" }, "token/no-funds"],
      [{ bridge, recipient: "bob" }, "token/bad-recipient"],
      [{ bridge, recipient: `0x${"00".repeat(20)}` }, "token/bad-recipient"],
      [{ bridge, account: NOBODY }, "account/unknown"],
    ] as const) {
      const { error, exitCode, stdout } = await send(args);
      expect(codeOf({ error }), error).to.equal(code);
      expect({ exitCode, stdout }).to.deep.equal({ exitCode: 1, stdout: "" });
    }
  });

  it("token:send refuses a bridge that is linked by another gateway: token/not-linked", async () => {
    const { signer, gateway, provider } = world.alpha;
    // Answers a word to whatever it is asked: that is all that a link asks of a gateway.
    const sent = await signer.sendTransaction({ data: "0x600a600c600039600a6000f3600160005260206000f3" });
    const other = (await sent.wait())?.contractAddress;
    const token = await new DenyListToken__factory(signer).deploy();
    const bridge = await new TokenVault__factory(signer).deploy(token, other ?? NOBODY, await signer.getAddress());
    await bridge.link([encodeInteroperableAddress({ chainId: world.beta.chainId, address: NOBODY })]);
    const before: unknown = await provider.request({ method: "eth_blockNumber", params: [] });
    const { error, exitCode } = await send({ bridge: await bridge.getAddress() });
    expect([codeOf({ error }), exitCode], error).to.deep.equal(["token/not-linked", 1]);
    expect(error)
      .to.contain(`another gateway, ${other}`)
      .and.to.contain(await gateway.getAddress());
    expect(error).to.not.contain("token:deploy"); // cannot help: links are for good
    expect(await provider.request({ method: "eth_blockNumber", params: [] })).to.equal(before);
  });

  it("token:send says what the bridge would refuse, and what was not sent", async () => {
    const { ends } = await deployed({ kind: "erc7802" });
    const { token, bridge } = ends[0]!;
    const contract = BridgeableToken__factory.connect(token, world.alpha.signer);
    await contract.approve(bridge, parseEther("1"));
    await contract.revokeRole(await contract.BRIDGE_ROLE(), bridge);
    const { error } = await send({ bridge });
    expect(codeOf({ error }), error).to.equal("token/refused");
    expect(error).to.contain("AccessControlUnauthorizedAccount");
    await contract.grantRole(await contract.BRIDGE_ROLE(), bridge);
    world.broken.set("eth_sendTransaction", "the disk is full");
    const broken = await send({ bridge });
    expect(codeOf(broken), broken.error).to.equal("token/not-sent");
    expect(broken.error).to.contain("message:list --from alpha");
  });
});
