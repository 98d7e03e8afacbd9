import { expect } from "chai";
import {
  AbiCoder,
  getAddress,
  getCreate2Address,
  Interface,
  keccak256,
  toBigInt,
  TypedDataEncoder,
  ZeroAddress,
  ZeroHash,
} from "ethers";

import { certificateDomain, encodeInteroperableAddress, Level, memberId, type Hex } from "../../src/wire/index.ts";
import type { GatewayParametersStruct } from "../../types/ethers-contracts/GatewayDeployer.js";
import { DOMAIN, SETTLEMENT } from "../fixtures/constants.ts";
import { bringItems, createChains, settle, type Chain } from "../fixtures/gateways.ts";
import { SourceLane, sourceOn } from "../fixtures/lane.ts";
import { certify, deliver, heldProof } from "../fixtures/messages.ts";
import { makeOperators } from "../fixtures/operators.ts";
import { install } from "../fixtures/recipients.ts";

describe("GatewayDeployer, and the wiring of a Gateway", () => {
  const otherSettlement = getAddress(`0x${"07".repeat(20)}`);
  let chain: Chain;
  let other: Chain;
  let initCode: Hex;
  let parameters: GatewayParametersStruct;

  before(async () => {
    [chain, other] = await createChains([1001n, 1002n]);
    initCode = (await chain.ethers.getContractFactory("Gateway")).bytecode;
  });

  beforeEach(async () => {
    await chain.reset();
    await other.reset();
    parameters = {
      owner: chain.owner.address,
      bridge: chain.bridge.address,
      tableFactory: await chain.tableFactory.getAddress(),
      settlementChainId: SETTLEMENT.chainId,
      settlement: otherSettlement,
      serviceManager: DOMAIN.serviceManager,
      acceptAll: true,
    };
  });

  const failed = { interface: new Interface(["error FailedDeployment()"]) };
  const unset = ["owner", "bridge", "tableFactory", "settlement", "serviceManager"] as const;

  describe("deploys", () => {
    it("a Gateway wired to what it was given, and nothing else", async () => {
      await expect(chain.deployer.deploy(initCode, parameters))
        .to.emit(chain.deployer, "GatewayDeployed")
        .withArgs(await addressOf(chain), SETTLEMENT.chainId, otherSettlement);
      const gateway = await chain.ethers.getContractAt("Gateway", await addressOf(chain));
      expect(await gateway.owner()).to.equal(parameters.owner);
      expect(await gateway.BRIDGE()).to.equal(parameters.bridge);
      expect(await gateway.TABLE_FACTORY()).to.equal(parameters.tableFactory);
      expect(await gateway.SETTLEMENT_CHAIN_ID()).to.equal(SETTLEMENT.chainId);
      expect(await gateway.SETTLEMENT()).to.equal(otherSettlement);
      expect(await gateway.CHAIN_ID()).to.equal(chain.chainId);
      expect(await gateway.MEMBER_ID()).to.equal(
        memberId(
          { chainId: SETTLEMENT.chainId, settlement: otherSettlement },
          { chainId: chain.chainId, gateway: await addressOf(chain) },
        ),
      );
      expect(await gateway.CERTIFICATE_DOMAIN()).to.equal(TypedDataEncoder.hashDomain(certificateDomain(DOMAIN)));
      expect(await gateway.acceptAll()).to.equal(true);
    });

    it("with `acceptAll` off, if it is told so", async () => {
      await chain.deployer.deploy(initCode, { ...parameters, acceptAll: false });
      const gateway = await chain.ethers.getContractAt("Gateway", await addressOf(chain));
      expect(await gateway.acceptAll()).to.equal(false);
    });

    it("at one address on every chain, whatever owner and bridge, and at another for another Settlement", async () => {
      expect(await chain.deployer.getAddress()).to.equal(await other.deployer.getAddress());
      await chain.deployer.deploy(initCode, parameters);
      await other.deployer.deploy(initCode, {
        ...parameters,
        owner: other.user.address,
        bridge: other.user.address,
        acceptAll: false,
      });
      const address = await addressOf(chain);
      expect(await addressOf(other)).to.equal(address);
      for (const { ethers } of [chain, other]) expect(await ethers.provider.getCode(address)).to.not.equal("0x");
      expect(address).to.not.equal(chain.gateway);
      const salt = keccak256(
        AbiCoder.defaultAbiCoder().encode(["uint256", "address"], [SETTLEMENT.chainId, otherSettlement]),
      );
      expect(address).to.equal(getCreate2Address(await chain.deployer.getAddress(), salt, keccak256(initCode)));
      expect(await chain.deployer.gatewayAddress(SETTLEMENT.chainId + 1n, otherSettlement)).to.not.equal(address);
    });

    it("keeps no parameters, neither after success nor after failure", async () => {
      await chain.deployer.deploy(initCode, parameters);
      await expect(
        chain.deployer.deploy(initCode, { ...parameters, settlement: chain.user.address, bridge: ZeroAddress }),
      ).to.be.revert(chain.ethers);
      expect(await chain.deployer.parameters()).to.deep.equal([
        ZeroAddress,
        ZeroAddress,
        ZeroAddress,
        0n,
        ZeroAddress,
        ZeroAddress,
        false,
      ]);
    });

    const addressOf = (on: Chain): Promise<string> => on.deployer.gatewayAddress(SETTLEMENT.chainId, otherSettlement);
  });

  describe("refuses", () => {
    it("a deployer without admin or code hash: MissingParameter", async () => {
      for (const [admin, hash] of [
        [ZeroAddress, keccak256(initCode)],
        [chain.admin.address, ZeroHash],
      ] as const) {
        await expect(chain.ethers.deployContract("GatewayDeployer", [admin, hash])).to.be.revertedWithCustomError(
          chain.deployer,
          "MissingParameter",
        );
      }
    });

    it("anyone but its admin, the owner of a Gateway too: NotAdmin", async () => {
      for (const caller of [chain.owner, chain.bridge, chain.user]) {
        await expect(chain.deployer.connect(caller).deploy(initCode, parameters))
          .to.be.revertedWithCustomError(chain.deployer, "NotAdmin")
          .withArgs(caller.address);
      }
      expect(await chain.deployer.ADMIN()).to.equal(chain.admin.address);
    });

    it("other init code, shortened, lengthened or changed: WrongInitCode", async () => {
      const expected = keccak256(initCode);
      expect(await chain.deployer.INIT_CODE_HASH()).to.equal(expected);
      for (const code of ["0x", initCode.slice(0, -2), `${initCode}00`, "0x6001600c60003960016000f300"]) {
        await expect(chain.deployer.deploy(code, parameters))
          .to.be.revertedWithCustomError(chain.deployer, "WrongInitCode")
          .withArgs(keccak256(code), expected);
      }
    });

    for (const name of unset) {
      it(`incident: Ronin 2024: a Gateway whose ${name} is zero`, async () => {
        const error = name === "owner" ? "OwnableInvalidOwner" : "MissingParameter";
        await expect(
          chain.deployer.deploy(initCode, { ...parameters, [name]: ZeroAddress }),
        ).to.be.revertedWithCustomError(name === "owner" ? chain.contract : chain.deployer, error);
      });
    }

    it("incident: Ronin 2024: a Gateway whose settlement chain id is zero", async () => {
      await expect(
        chain.deployer.deploy(initCode, { ...parameters, settlementChainId: 0n }),
      ).to.be.revertedWithCustomError(chain.deployer, "MissingParameter");
    });

    it("incident: Arbitrum inbox 2022: a second Gateway of a Settlement, with the same parameters or others", async () => {
      for (const again of [parameters, { ...parameters, owner: chain.user.address, bridge: chain.user.address }]) {
        await expect(
          chain.deployer.deploy(initCode, { ...again, settlement: SETTLEMENT.settlement }),
        ).to.be.revertedWithCustomError(failed, "FailedDeployment");
      }
      expect(await chain.contract.owner()).to.equal(chain.owner.address);
      expect(await chain.contract.BRIDGE()).to.equal(chain.bridge.address);
    });
  });

  describe("a Gateway cannot be made otherwise", () => {
    it("by an account", async () => {
      await expect(chain.user.sendTransaction({ data: initCode, gasLimit: 10_000_000n })).to.be.revertedWithoutReason(
        chain.ethers,
      );
    });

    it("by a contract that is no deployer", async () => {
      // Creates what it is called with, and returns the address: zero if that failed.
      const creator = await install(chain, "0x365f5f37365f5ff05f5260205ff3");
      const created = await chain.user.call({ to: creator, data: initCode, gasLimit: 16_000_000n });
      expect(toBigInt(created)).to.equal(0n);
      const works = await chain.user.call({ to: creator, data: "0x60016000f3" });
      expect(toBigInt(works)).to.not.equal(0n);
    });

    it("at its address by another's deployer", async () => {
      const foreign = await chain.ethers.deployContract(
        "GatewayDeployer",
        [chain.user, keccak256(initCode)],
        chain.user,
      );
      const address = await foreign.gatewayAddress(SETTLEMENT.chainId, SETTLEMENT.settlement);
      expect(address).to.not.equal(chain.gateway);
      await foreign.deploy(initCode, { ...parameters, settlement: SETTLEMENT.settlement });
      const impostor = await chain.ethers.getContractAt("Gateway", address);
      expect(await impostor.MEMBER_ID()).to.not.equal(chain.id);
    });
  });

  it("incident: Ronin 2024: a Gateway that L1 never spoke to refuses everything", async () => {
    const source = sourceOn(1003n);
    const lane = new SourceLane(source, chain);
    const sent = lane.send({ recipient: chain.user.address });
    expect(await chain.contract.tableInForce()).to.deep.equal([ZeroAddress, 0n, false]);
    const certificate = await certify(lane, chain, lane.word, makeOperators(4));
    await expect(deliver(chain, source, sent.before, [sent.item], certificate)).to.be.revertedWithCustomError(
      chain.contract,
      "NoTable",
    );
    await expect(settle(chain, lane.id, lane.word)).to.emit(chain.contract, "ItemIgnored");
    for (const level of Object.values(Level)) {
      await expect(deliver(chain, source, sent.before, [sent.item], heldProof(level))).to.be.revertedWithCustomError(
        chain.contract,
        "WordNotHeld",
      );
    }
    const to = encodeInteroperableAddress({ chainId: source.chainId, address: source.gateway });
    await expect(chain.contract.sendMessage(to, "0x", [])).to.be.revertedWithCustomError(
      chain.contract,
      "UnknownDestination",
    );
    await bringItems(chain, []);
    expect(await chain.contract.tableInForce()).to.deep.equal([ZeroAddress, 0n, false]);
  });
});
