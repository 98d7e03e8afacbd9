import { expect } from "chai";
import { computeAddress } from "ethers";
import { artifacts, network } from "hardhat";

import {
  DEALLOCATION_DELAY,
  EIGENLAYER,
  EIGENLAYER_INTERFACE,
  type EigenLayerContract,
} from "../../../src/chain/eigenlayer.ts";
import { ParleyError } from "../../../src/errors.ts";
import {
  createOperator,
  genesisDate,
  mineToRealisticHeight,
  REALISTIC_HEIGHT,
} from "../../../src/testing/eigenlayer.ts";
import { placeEigenLayer } from "../../../src/testing/placeEigenLayer.ts";
import { deployEigenLayer, signingKey, STAKE, WAD } from "../../contracts/devnet/eigenlayer/fixture.ts";

/** The stand-in for a contract of EigenLayer, as it was built. */
const standIn = (contract: EigenLayerContract) =>
  artifacts.readArtifact(`Devnet${contract.charAt(0).toUpperCase()}${contract.slice(1)}`);

const CONTRACTS = Object.keys(EIGENLAYER) as EigenLayerContract[];

describe("EigenLayer on a simulated chain", () => {
  describe("placeEigenLayer", () => {
    it("puts each stand-in's code at its mainnet address, and does so again without harm", async () => {
      const { provider } = await network.create();
      await placeEigenLayer(provider);
      await placeEigenLayer(provider);
      for (const contract of CONTRACTS) {
        const code: unknown = await provider.request({
          method: "eth_getCode",
          params: [EIGENLAYER[contract], "latest"],
        });
        expect(code).to.equal((await standIn(contract)).deployedBytecode);
      }
    });

    it("places only code that needs no constructor: no immutable, no library to link", async () => {
      for (const contract of CONTRACTS) {
        const { immutableReferences, deployedLinkReferences } = await standIn(contract);
        expect({ immutableReferences, deployedLinkReferences }).to.deep.equal({
          immutableReferences: {},
          deployedLinkReferences: {},
        });
      }
    });

    it("covers no other code, and then places nothing", async () => {
      const { provider } = await network.create();
      const occupied = EIGENLAYER.strategyManager;
      await provider.request({ method: "hardhat_setCode", params: [occupied, "0x00"] });
      const failure: unknown = await placeEigenLayer(provider).catch((error: unknown) => error);
      expect(failure).to.be.instanceOf(ParleyError);
      expect((failure as ParleyError).code).to.equal("eigenlayer/occupied");
      expect((failure as ParleyError).message).to.include(occupied);
      for (const contract of CONTRACTS) {
        const code: unknown = await provider.request({
          method: "eth_getCode",
          params: [EIGENLAYER[contract], "latest"],
        });
        expect(code).to.equal(EIGENLAYER[contract] === occupied ? "0x00" : "0x");
      }
    });
  });

  describe("mineToRealisticHeight", () => {
    it("trap 6: ends above the deallocation delay, one block every 12 seconds", async () => {
      const { ethers, provider } = await network.create();
      await mineToRealisticHeight(provider);
      const [first, last] = [await ethers.provider.getBlock(1), await ethers.provider.getBlock("latest")];
      expect(BigInt(last!.number)).to.equal(REALISTIC_HEIGHT);
      expect(BigInt(last!.number) - DEALLOCATION_DELAY).to.equal(1n);
      expect(last!.timestamp - first!.timestamp).to.equal(100_800 * 12);
    });

    it("starts so far back that it ends at the present", () => {
      const now = new Date("2026-11-21T00:00:00Z");
      expect((now.getTime() - genesisDate(now).getTime()) / 1000).to.equal(100_801 * 12);
    });

    it("mines only what is missing", async () => {
      const { ethers, provider, networkHelpers } = await network.create();
      await networkHelpers.mine(REALISTIC_HEIGHT - 3n);
      await mineToRealisticHeight(provider);
      expect(BigInt(await ethers.provider.getBlockNumber())).to.equal(REALISTIC_HEIGHT);
      await networkHelpers.mine(5);
      await mineToRealisticHeight(provider);
      expect(BigInt(await ethers.provider.getBlockNumber())).to.equal(REALISTIC_HEIGHT + 5n);
    });
  });

  describe("createOperator", () => {
    it("ends with a member whose stake is slashable at once and whose key is known", async () => {
      const { allocations, keys, registrar, alice, token, strategy, set, ethers } = await deployEigenLayer();
      const key = signingKey(1);
      await createOperator({
        ...{ operator: alice, key, operatorSet: set, strategy, stake: STAKE, data: "0xc0de" },
        token: await token.getAddress(),
      });
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMembers(set)).to.deep.equal([alice.address]);
      expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
        [STAKE],
      ]);
      expect(await keys.getECDSAAddress(set, alice.address)).to.equal(computeAddress(key.publicKey));
      const [told] = await registrar.queryFilter(registrar.filters.OperatorRegistered());
      expect(told!.args.data).to.equal("0xc0de");
    });

    it("lets the set slash no more than is wanted", async () => {
      const { allocations, alice, token, strategy, set, ethers } = await deployEigenLayer();
      await createOperator({
        ...{ operator: alice, key: signingKey(1), operatorSet: set, strategy, stake: STAKE, magnitude: WAD / 2n },
        token: await token.getAddress(),
      });
      const now = await ethers.provider.getBlockNumber();
      expect(await allocations.getMinimumSlashableStake(set, [alice.address], [strategy], now)).to.deep.equal([
        [STAKE / 2n],
      ]);
    });

    it("fails by EigenLayer's own name for it", async () => {
      const { alice, token, strategy, set } = await deployEigenLayer();
      const plan = { operator: alice, key: signingKey(1), operatorSet: set, strategy, stake: STAKE };
      const address = await token.getAddress();
      await createOperator({ ...plan, token: address });
      const failure: unknown = await createOperator({ ...plan, token: address }).catch((error: unknown) => error);
      expect(String(failure)).to.include("ActivelyDelegated");
      expect(EIGENLAYER_INTERFACE.delegationManager.getError("ActivelyDelegated")).to.not.equal(null);
    });
  });
});
