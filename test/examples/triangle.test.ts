import { expect } from "chai";
import { Contract, MaxUint256, type Signer, ZeroAddress } from "ethers";

import type { Relayer } from "../../src/agents/index.ts";
import { chance, integer } from "../../src/testing/faults/chance.ts";
import { type FaultyFabric, SOME_FAULTS, withFaults } from "../../src/testing/faults/index.ts";
import { createAgents, relayAll } from "../../src/testing/fabricAgents.ts";
import { errorOf } from "../fixtures/recipients.ts";
import {
  decide,
  deployGovernance,
  deployLockedToken,
  deployMintedToken,
  deployMultiToken,
  deployNft,
  type Ends,
  type Governance,
  IDS,
  mined,
  SUPPLY,
} from "./applications.ts";
import { addressOn, startTriangle, type TriangleWorld } from "./triangle.ts";

/** The way round. */
const ROUND = [
  [0, 1],
  [1, 2],
  [2, 0],
] as const;
/** Gas of a call that names no limit. */
const DEFAULT_GAS = 200_000n;
const ROUNDS = 5;
const SEED = 13;

describe("OpenZeppelin's cross-chain applications on three rollups", function () {
  this.timeout(300_000);

  let world: TriangleWorld;
  let relayer: Relayer;
  let snapshots: unknown[];
  let locked: Ends;
  let minted: Ends;
  let nft: Ends;
  let multi: Ends;
  let governance: Governance;
  let owner: string;

  const signer = (place: number): Signer => world.rollups[place]!.member.signer;
  const read = async <Value = bigint>(contract: Contract, method: string, ...args: unknown[]): Promise<Value> =>
    (await contract.getFunction(method).staticCall(...args)) as Value;
  const gatewayOf = (place: number): Contract => world.rollups[place]!.member.gateway;
  const save = async (): Promise<void> => {
    snapshots = [];
    for (const { provider } of world.fabric.members)
      snapshots.push(await provider.request({ method: "evm_snapshot", params: [] }));
  };

  before(async () => {
    world = await startTriangle();
    locked = await deployLockedToken(world);
    minted = await deployMintedToken(world);
    nft = await deployNft(world);
    multi = await deployMultiToken(world);
    governance = await deployGovernance(world);
    owner = await signer(0).getAddress();
    await world.fabric.finalize();
    await save();
  });
  beforeEach(async () => {
    for (const [place, { provider }] of world.fabric.members.entries())
      await provider.request({ method: "evm_revert", params: [snapshots[place]] });
    await save();
    ({ relayer } = createAgents(world.fabric));
  });
  after(() => world.close());

  /** Gives the home's tokens to an account, and lets the vaults take them. */
  async function equip(who: Signer): Promise<void> {
    const account = await who.getAddress();
    await mined(locked[0].token, signer(0), "mint", account, SUPPLY);
    await mined(minted[0].token, signer(0), "transfer", account, SUPPLY);
    for (const id of IDS) await mined(nft[0].token, signer(0), "mint", account, id);
    await mined(
      multi[0].token,
      signer(0),
      "mint",
      account,
      [...IDS],
      IDS.map(() => SUPPLY),
    );
    await mined(locked[0].token, who, "approve", locked[0].end.target, MaxUint256);
    for (const { token, end } of [nft[0], multi[0]]) await mined(token, who, "setApprovalForAll", end.target, true);
  }

  /** Has the relayer work; answers ids and reasons of what failed, and the most gas that a delivery of one message took. */
  async function relay(): Promise<{ failed: string[]; mostGas: bigint }> {
    const reports = await relayAll(world.fabric, relayer);
    const failed = reports.flatMap((report) => report.failed.map(({ reason }) => reason));
    const gas = reports.flatMap((report) => report.delivered.filter(({ batchSize }) => batchSize === 1));
    return { failed, mostGas: gas.reduce((most, { gasUsed }) => (gasUsed > most ? gasUsed : most), 0n) };
  }

  for (const [name, ends] of [
    ["ERC-20 lock/mint (BridgeERC20, ERC20Crosschain)", (): Ends => locked],
    ["ERC-7802 burn/mint (BridgeERC7802)", (): Ends => minted],
  ] as const) {
    it(`${name}: goes round the triangle, within the default gas`, async () => {
      await equip(signer(0));
      for (const [from, to] of ROUND) {
        const { end, token } = ends()[from];
        expect(await read(token, "balanceOf", owner)).to.equal(SUPPLY);
        await mined(end, signer(from), "crosschainTransfer", addressOn(world.rollups[to], owner), SUPPLY);
        expect(await read(token, "balanceOf", owner)).to.equal(0n);
        const { failed, mostGas } = await relay();
        expect(failed).to.deep.equal([]);
        expect(mostGas > 0n && mostGas < DEFAULT_GAS, `${mostGas} gas`).to.equal(true);
      }
      expect(await read(ends()[0].token, "balanceOf", owner)).to.equal(SUPPLY);
      for (const { token } of ends().slice(1)) expect(await read(token, "totalSupply")).to.equal(0n);
    });
  }

  it("ERC-721 (BridgeERC721, ERC721Crosschain): goes round the triangle, within the default gas", async () => {
    await equip(signer(0));
    for (const [from, to] of ROUND) {
      const { end, token } = nft[from];
      expect(await read<string>(token, "ownerOf", 3n)).to.equal(owner);
      await mined(end, signer(from), "crosschainTransferFrom", owner, addressOn(world.rollups[to], owner), 3n);
      const { failed, mostGas } = await relay();
      expect(failed).to.deep.equal([]);
      expect(mostGas > 0n && mostGas < DEFAULT_GAS, `${mostGas} gas`).to.equal(true);
    }
    expect(await read<string>(nft[0].token, "ownerOf", 3n)).to.equal(owner);
  });

  it("ERC-1155 (BridgeERC1155, ERC1155Crosschain): a hundred kinds go round the triangle, with the gas that they name", async () => {
    const kinds = Array.from({ length: 100 }, (_, place) => BigInt(place));
    const values = kinds.map((kind) => kind + 1n);
    await mined(multi[0].token, signer(0), "mint", owner, kinds, values);
    await mined(multi[0].token, signer(0), "setApprovalForAll", multi[0].end.target, true);
    for (const [from, to] of ROUND) {
      const method = "crosschainTransferFrom(address,bytes,uint256[],uint256[])";
      await mined(multi[from].end, signer(from), method, owner, addressOn(world.rollups[to], owner), kinds, values);
      expect((await relay()).failed).to.deep.equal([]);
    }
    const accounts = kinds.map(() => owner);
    expect(await read<bigint[]>(multi[0].token, "balanceOfBatch", accounts, kinds)).to.deep.equal(values);
  });

  it("GovernorCrosschain, CrosschainRemoteExecutor: a vote takes effect abroad, once; a call that failed is made when it can be; a stranger's never", async () => {
    const [{ charter, executor, rollup }] = governance.abroad as [Governance["abroad"][number]];
    await mined(charter, signer(1), "setClosed", true);
    await decide(governance, 0, 7n);
    expect((await relay()).failed).to.have.length(1);
    expect(await read(charter, "enacted")).to.equal(0n);

    await mined(charter, signer(1), "setClosed", false);
    await mined(gatewayOf(0), signer(0), "sendMessage", addressOn(rollup, executor.target as string), "0x", []);
    const { failed } = await relay();
    expect(failed.join()).to.contain("ERC7786RecipientUnauthorizedGateway");
    expect([await read(charter, "timesEnacted", 7n), await read(charter, "enacted")]).to.deep.equal([1n, 1n]);
    await relay();
    expect(await read(charter, "enacted")).to.equal(1n);
  });

  it("an end takes no link twice, and none from a stranger", async () => {
    const { end } = locked[1];
    const again = addressOn(world.rollups[0], ZeroAddress);
    const stranger = (await world.rollups[1].connection.ethers.getSigners())[3]!;
    const link = (from: Signer): Promise<unknown> =>
      new Contract(end.target, end.interface, from).getFunction("link").staticCall([again]);
    expect((await errorOf(link(signer(1)), end))?.name).to.equal("LinkAlreadyRegistered");
    expect((await errorOf(link(stranger), end))?.name).to.equal("OwnableUnauthorizedAccount");
  });

  it("invariant 13: nothing is doubled or lost under faults of every kind: reorganisations, lying nodes, outages, equivocation, kills, messages late, twice and out of order", async () => {
    const faults = await withFaults(world.fabric, { seed: SEED, ...SOME_FAULTS, rounds: ROUNDS });
    const hands = world.rollups.map(({ member }) => faults.members.find(({ name }) => name === member.name)!);
    const account = await hands[0]!.signer.getAddress();
    await equip(hands[0]!.signer);
    // What is there now is not taken back.
    for (const { provider, confirmations } of hands)
      await (provider as unknown as { send: (method: string, params: unknown[]) => Promise<unknown> }).send(
        "hardhat_mine",
        [`0x${confirmations.toString(16)}`],
      );
    await faults.run(async () => {
      let moves = 0;
      for (let round = 0; round < ROUNDS; round++) {
        for (const ends of [locked, minted, nft, multi]) moves += await moveSome(faults, hands, account, ends, round);
        await faults.round();
      }
      await faults.end();
      await faults.deliverAll();
      expect(moves).to.be.greaterThan(ROUNDS);
      await expectConserved(account);
    });
  });

  /** Moves of an application that the seed chooses, from wherever the account has something; answers how many. */
  async function moveSome(
    { schedule: { seed } }: FaultyFabric,
    hands: readonly { readonly signer: Signer }[],
    account: string,
    ends: Ends,
    round: number,
  ): Promise<number> {
    let moves = 0;
    for (const from of [0, 1, 2]) {
      const { end, token } = ends[from]!;
      const place = [locked, minted, nft, multi].indexOf(ends);
      const to = (from + 1 + Math.floor(chance(seed, "to", place, from, round) * 2)) % 3;
      const who = hands[from]!.signer;
      const target = addressOn(world.rollups[to]!, account);
      if (ends === nft) {
        const id = IDS[Math.floor(chance(seed, "id", from, round) * IDS.length)]!;
        const holder = await read<string>(token, "ownerOf", id).catch(() => ZeroAddress);
        if (holder !== account) continue;
        await mined(end, who, "crosschainTransferFrom", account, target, id);
      } else {
        const held = await (ends === multi
          ? read(token, "balanceOf", account, IDS[1])
          : read(token, "balanceOf", account));
        const amount = (held * BigInt(integer(1, 100, seed, "amount", place, from, round))) / 100n;
        if (amount === 0n) continue;
        if (ends === multi) {
          const method = "crosschainTransferFrom(address,bytes,uint256,uint256)";
          await mined(end, who, method, account, target, IDS[1], amount);
        } else await mined(end, who, "crosschainTransfer", target, amount);
      }
      moves++;
    }
    return moves;
  }

  /** All that was sent has arrived: what is abroad is locked at home, once, and the account has all of it. */
  async function expectConserved(account: string): Promise<void> {
    const sum = async (ends: Ends, from: number, ...args: unknown[]): Promise<bigint> => {
      let total = 0n;
      for (const { token } of ends.slice(from)) total += await read(token, "balanceOf", account, ...args);
      return total;
    };
    expect(await sum(minted, 0)).to.equal(SUPPLY);
    expect(await sum(locked, 0)).to.equal(SUPPLY);
    expect(await read(locked[0].token, "balanceOf", locked[0].end.target)).to.equal(await sum(locked, 1));
    expect(await sum(multi, 0, IDS[1])).to.equal(SUPPLY);
    expect(await read(multi[0].token, "balanceOf", multi[0].end.target, IDS[1])).to.equal(await sum(multi, 1, IDS[1]));
    for (const id of IDS) {
      const holders: string[] = [];
      for (const { token } of nft) holders.push(await read<string>(token, "ownerOf", id).catch(() => ZeroAddress));
      const isAbroad = holders[0] === nft[0].end.target;
      expect(holders.filter((holder) => holder === account)).to.have.length(1);
      expect(holders[0]).to.equal(isAbroad ? nft[0].end.target : account);
    }
  }
});
