import { expect } from "chai";

import { ParleyError } from "../../../src/errors.ts";
import { decideStack, type StackChoice } from "../../../src/stacks/decideStack.ts";
import { maxSettleAgeOf } from "../../../src/stacks/stackTimes.ts";
import { PARENT_CONTRACTS, STACKS } from "../../../src/stacks/stack.ts";
import { wellKnownRollup } from "../../../src/stacks/wellKnown.ts";
import { PlayedNode } from "./playedNode.ts";

const MESSENGER = "0x25ace71c97B33Cc4729CF772ae268934F7ab5fA1";
const INBOX = "0x4Dbd4fc535Ac27206064B68FfCf827b0A60BAB3f";
const BRIDGEHUB = "0x303a465B659cBB0ab36eE643eA362c509EEb5213";
const L2_MESSENGER = "0x4200000000000000000000000000000000000007";
const ARB_SYS = "0x0000000000000000000000000000000000000064";
const L1_MESSENGER = "0x0000000000000000000000000000000000008008";
const DEPLOYER = "0x0000000000000000000000000000000000008006";
const ETHER = "0x0000000000000000000000000000000000000001";
const SOME = `0x${"11".repeat(20)}`;
const OTHER = `0x${"22".repeat(20)}`;

const NOTHING: StackChoice = { stack: undefined, contracts: {} };
const OTHER_MESSENGER = "function otherMessenger() view returns (address)";

describe("Stacks: how a rollup is joined to L1", () => {
  let parent: PlayedNode;

  const node = (chainId: bigint): PlayedNode => new PlayedNode({ name: "alpha", chainId });

  const opMainnet = (): PlayedNode => node(10n).place(L2_MESSENGER, { [OTHER_MESSENGER]: MESSENGER });

  async function expectRefused(
    rollup: PlayedNode,
    choice: StackChoice,
    code: string,
    ...values: string[]
  ): Promise<void> {
    const error: unknown = await decideStack({ parent, rollup }, choice).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ParleyError).with.property("code", code);
    const { message, hint } = error as ParleyError;
    for (const value of values) expect(`${message} ${hint}`).to.contain(value);
  }

  beforeEach(() => {
    parent = new PlayedNode({ name: "l1", chainId: 1n })
      .place(MESSENGER, { [OTHER_MESSENGER]: L2_MESSENGER, "function portal() view returns (address)": SOME })
      .place(SOME, { "function systemConfig() view returns (address)": OTHER })
      .place(OTHER, { "function l2ChainId() view returns (uint256)": 10n })
      .place(INBOX, { "function bridge() view returns (address)": ARB_SYS })
      .place(ARB_SYS, { "function rollup() view returns (address)": DEPLOYER })
      .place(DEPLOYER, { "function chainId() view returns (uint256)": 42_161n })
      .place(BRIDGEHUB, { "function baseToken(uint256) view returns (address)": ETHER });
  });

  it("finds out each stack, and knows the contracts of well-known rollups", async () => {
    expect(await decideStack({ parent, rollup: opMainnet() }, NOTHING)).to.deep.equal({
      name: "optimism",
      parentContract: MESSENGER,
    });
    expect(await decideStack({ parent, rollup: node(42_161n).place(ARB_SYS) }, NOTHING)).to.deep.equal({
      name: "arbitrum",
      parentContract: INBOX,
    });
    expect(await decideStack({ parent, rollup: node(324n).place(L1_MESSENGER) }, NOTHING)).to.deep.equal({
      name: "zksync",
      parentContract: BRIDGEHUB,
    });
    const byMethod = new PlayedNode({ name: "alpha", chainId: 324n }, { zks_L1ChainId: "0x1" });
    expect((await decideStack({ parent, rollup: byMethod }, NOTHING)).name).to.equal("zksync");
  });

  it("takes the contract that the config names", async () => {
    parent.place(`0x${"33".repeat(20)}`, { [OTHER_MESSENGER]: L2_MESSENGER });
    const choice = { stack: "optimism", contracts: { l1CrossDomainMessenger: `0x${"33".repeat(20)}` } } as const;
    expect(await decideStack({ parent, rollup: node(77n).place(L2_MESSENGER) }, choice)).to.deep.equal({
      name: "optimism",
      parentContract: `0x${"33".repeat(20)}`,
    });
  });

  it("refuses a stack that the chain does not bear out: stack/mismatch", async () => {
    await expectRefused(opMainnet(), { stack: "arbitrum", contracts: {} }, "stack/mismatch", "optimism", ARB_SYS);
    await expectRefused(node(10n), { stack: "optimism", contracts: {} }, "stack/mismatch", "none");
  });

  it("refuses what it cannot tell: stack/unknown, stack/ambiguous, stack/contracts-unknown", async () => {
    await expectRefused(node(10n), NOTHING, "stack/unknown", "alpha", "10");
    await expectRefused(opMainnet().place(ARB_SYS), NOTHING, "stack/ambiguous", "optimism, arbitrum");
    const unlisted = node(77n).place(L2_MESSENGER, { [OTHER_MESSENGER]: OTHER });
    await expectRefused(unlisted, NOTHING, "stack/contracts-unknown", "l1CrossDomainMessenger", OTHER);
    const elsewhere = new PlayedNode({ name: "l1", chainId: 11_155_111n });
    const error: unknown = await decideStack({ parent: elsewhere, rollup: opMainnet() }, NOTHING).catch(
      (caught: unknown) => caught,
    );
    expect(error, "well-known on Ethereum alone").to.have.property("code", "stack/contracts-unknown");
  });

  it("refuses a contract on L1 that is not there, or another's: stack/no-parent-contract, stack/wrong-parent-contract", async () => {
    const named = (contract: string): StackChoice => ({
      stack: "optimism",
      contracts: { l1CrossDomainMessenger: contract },
    });
    await expectRefused(
      opMainnet(),
      named(`0x${"44".repeat(20)}`),
      "stack/no-parent-contract",
      "l1CrossDomainMessenger",
    );
    await expectRefused(opMainnet(), named(INBOX), "stack/wrong-parent-contract");
    parent.place(SOME, { [OTHER_MESSENGER]: L2_MESSENGER });
    await expectRefused(opMainnet(), named(SOME), "stack/wrong-parent-contract", "believes", MESSENGER);
    parent.place(OTHER, { "function l2ChainId() view returns (uint256)": 8_453n });
    parent.place(SOME, { "function systemConfig() view returns (address)": OTHER });
    await expectRefused(opMainnet(), named(MESSENGER), "stack/wrong-parent-contract", "8453");

    const nova = node(42_170n).place(ARB_SYS);
    await expectRefused(
      nova,
      { stack: "arbitrum", contracts: { inbox: INBOX } },
      "stack/wrong-parent-contract",
      "42161",
    );
    await expectRefused(nova, { stack: "arbitrum", contracts: { inbox: MESSENGER } }, "stack/wrong-parent-contract");
    parent.place(ARB_SYS);
    await expectRefused(
      nova,
      { stack: "arbitrum", contracts: { inbox: INBOX } },
      "stack/wrong-parent-contract",
      "rollup",
    );

    const era = node(324n).place(L1_MESSENGER);
    parent.place(BRIDGEHUB, { "function baseToken(uint256) view returns (address)": `0x${"00".repeat(20)}` });
    await expectRefused(era, NOTHING, "stack/wrong-parent-contract", "324");
    await expectRefused(era, { ...NOTHING, contracts: { bridgehub: INBOX } }, "stack/wrong-parent-contract");
  });

  it("refuses chains whose gas is paid in a token, and those that run EraVM alone: stack/custom-gas-token, stack/no-evm", async () => {
    parent.place(ARB_SYS, { "function nativeToken() view returns (address)": OTHER });
    await expectRefused(node(42_161n).place(ARB_SYS), NOTHING, "stack/custom-gas-token", OTHER);
    parent.place(BRIDGEHUB, { "function baseToken(uint256) view returns (address)": OTHER });
    await expectRefused(node(324n).place(L1_MESSENGER), NOTHING, "stack/custom-gas-token", OTHER);
    const allowing = (types: bigint): PlayedNode =>
      node(324n)
        .place(L1_MESSENGER)
        .place(DEPLOYER, { "function allowedBytecodeTypesToDeploy() view returns (uint8)": types });
    await expectRefused(allowing(0n), NOTHING, "stack/no-evm", "EraVM", "324");
    parent.place(BRIDGEHUB, { "function baseToken(uint256) view returns (address)": ETHER });
    expect((await decideStack({ parent, rollup: allowing(1n) }, NOTHING)).name).to.equal("zksync");
  });

  it("uses the stand-in between development nodes that have no bridge, and wherever it is asked for", async () => {
    const development = new PlayedNode({ name: "l1", chainId: 1n, isDevelopment: true });
    const rollup = (chainId: bigint): PlayedNode =>
      new PlayedNode({ name: "alpha", chainId, isDevelopment: true }).place(L2_MESSENGER, {
        [OTHER_MESSENGER]: MESSENGER,
      });
    const devnet = { name: "devnet" };
    expect(await decideStack({ parent: development, rollup: rollup(10n) }, NOTHING)).to.deep.equal(devnet);
    expect(await decideStack({ parent: development, rollup: rollup(77n) }, NOTHING)).to.deep.equal(devnet);
    const blank = new PlayedNode({ name: "alpha", chainId: 77n, isDevelopment: true });
    expect(await decideStack({ parent: development, rollup: blank }, NOTHING)).to.deep.equal(devnet);
    development.place(MESSENGER, { [OTHER_MESSENGER]: L2_MESSENGER });
    expect((await decideStack({ parent: development, rollup: rollup(10n) }, NOTHING)).name).to.equal("optimism");
    expect(await decideStack({ parent, rollup: opMainnet() }, { stack: "devnet", contracts: {} })).to.deep.equal(
      devnet,
    );
  });

  it("passes on that a node does not answer, and takes that for no mark of a stack", async () => {
    const broken = node(10n);
    broken.reader.getCode = () => Promise.reject(new Error("gone"));
    const error: unknown = await decideStack({ parent, rollup: broken }, NOTHING).catch((caught: unknown) => caught);
    expect(error).to.have.property("message", "gone");
  });

  it("knows each well-known rollup by one address, on Ethereum alone", () => {
    const ids = [10n, 130n, 324n, 8_453n, 42_161n, 42_170n, 57_073n];
    const known = ids.map((chainId) => wellKnownRollup(chainId, 1n)!);
    expect(new Set(known.map(({ parentContract }) => parentContract)).size).to.equal(ids.length);
    expect(known.every(({ stack }) => stack in PARENT_CONTRACTS)).to.equal(true);
    expect(ids.map((chainId) => wellKnownRollup(chainId, 11_155_111n))).to.deep.equal(ids.map(() => undefined));
  });

  it("lets settled words be older the longer a dispute takes: three days beyond it", () => {
    expect(STACKS.map((stack) => maxSettleAgeOf(stack) / 86_400n)).to.deep.equal([23n, 18n, 11n, 3n]);
    expect(maxSettleAgeOf("arbitrum", "optimism") / 86_400n, "an L3's, over both").to.equal(38n);
  });
});
