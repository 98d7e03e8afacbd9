import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { getAddress, toBeHex, ZeroAddress } from "ethers";
import { network } from "hardhat";
import type { NetworkConnection } from "hardhat/types/network";

import { encodeTable, memberId, SCHEME_ECDSA } from "../../../../src/wire/index.ts";
import type { EraGatewayDeployer } from "../../../../types/ethers-contracts/index.js";
import type { GatewayParametersStruct } from "../../../../types/ethers-contracts/bridges/zksync/EraGatewayDeployer.js";
import { DOMAIN, SETTLEMENT } from "../../../fixtures/constants.ts";
import { makeOperators } from "../../../fixtures/operators.ts";
import { outcomeOf } from "../../../support/solidity.ts";

const OFFSET = 0x1111000000000000000000000000000000001111n;
const L1_BRIDGE = getAddress(toBeHex(0xb41d9e, 20));
const SOMEWHERE = getAddress(toBeHex(0x50e, 20));

describe("EraGatewayDeployer: a Gateway and its bridge without passed init code", () => {
  let connection: NetworkConnection;
  let admin: HardhatEthersSigner;
  let stranger: HardhatEthersSigner;
  let deployer: EraGatewayDeployer;
  let parameters: GatewayParametersStruct;

  beforeEach(async () => {
    connection = await network.create();
    const { ethers } = connection;
    [admin, stranger] = (await ethers.getSigners()) as [HardhatEthersSigner, HardhatEthersSigner];
    deployer = await ethers.deployContract("EraGatewayDeployer", [admin]);
    parameters = {
      owner: stranger.address,
      bridge: SOMEWHERE,
      tableFactory: await (await ethers.deployContract("StoredTableFactory")).getAddress(),
      settlementChainId: SETTLEMENT.chainId,
      settlement: SETTLEMENT.settlement,
      serviceManager: DOMAIN.serviceManager,
      acceptAll: true,
    };
  });

  /** Where the bridge will be, as the deployer says it: whatever the parameters are. */
  async function bridgeAddress(): Promise<string> {
    const outcome = await outcomeOf(deployer, deployer.deploy.staticCall(parameters, SOMEWHERE));
    expect(outcome).to.include({ accepted: false, error: "WrongBridge" });
    const [expected, bridge] = outcome.accepted ? [] : (outcome.args as unknown as [string, string]);
    expect(expected).to.equal(SOMEWHERE);
    return bridge!;
  }

  it("deploys both where it said, wired to one another, and forgets what it was told", async () => {
    const { ethers, networkHelpers } = connection;
    parameters = { ...parameters, bridge: await bridgeAddress() };
    const [gatewayAddress, address] = await deployer.deploy.staticCall(parameters, L1_BRIDGE);
    await expect(deployer.deploy(parameters, L1_BRIDGE))
      .to.emit(deployer, "GatewayDeployed")
      .withArgs(gatewayAddress, address, L1_BRIDGE);
    expect(address).to.equal(parameters.bridge);
    const gateway = await ethers.getContractAt("Gateway", gatewayAddress);
    expect(await gateway.BRIDGE()).to.equal(address);
    expect(await gateway.TABLE_FACTORY()).to.equal(parameters.tableFactory);
    expect(await gateway.owner()).to.equal(stranger.address);
    const { chainId } = await ethers.provider.getNetwork();
    expect(await gateway.MEMBER_ID()).to.equal(memberId(SETTLEMENT, { chainId, gateway: gatewayAddress }));
    const bridge = await ethers.getContractAt("ZksyncRollupBridge", address);
    expect(await bridge.GATEWAY()).to.equal(gatewayAddress);
    expect(await bridge.ZKSYNC_PARENT()).to.equal(L1_BRIDGE);
    expect((await deployer.parameters()).settlement).to.equal(ZeroAddress);

    // What L1's end sends arrives: a table, kept in storage.
    const parent = toBeHex(BigInt(L1_BRIDGE) + OFFSET, 20);
    await networkHelpers.impersonateAccount(parent);
    await networkHelpers.setBalance(parent, 10n ** 20n);
    const now = BigInt(await networkHelpers.time.latest());
    const item = encodeTable(
      {
        scheme: SCHEME_ECDSA,
        snapshot: now,
        expiry: now + 3_600n,
        weightFloor: 1n,
        members: [{ chainId, gateway: gatewayAddress, certifiableUntil: now, flags: 0 }],
        operators: makeOperators(3),
      },
      SETTLEMENT,
    );
    await expect(bridge.connect(await ethers.getSigner(parent)).fromZksyncParent([item])).to.emit(
      gateway,
      "TableAdopted",
    );
  });

  it("a second one is elsewhere", async () => {
    const first = { ...parameters, bridge: await bridgeAddress() };
    await deployer.deploy(first, L1_BRIDGE);
    expect(await bridgeAddress()).to.not.equal(first.bridge);
    await expect(deployer.deploy(first, L1_BRIDGE)).to.be.revertedWithCustomError(deployer, "WrongBridge");
  });

  it("deploys for its admin alone, and nothing that lacks a part", async () => {
    const { ethers } = connection;
    expect(await deployer.ADMIN()).to.equal(admin.address);
    await expect(deployer.connect(stranger).deploy(parameters, L1_BRIDGE))
      .to.be.revertedWithCustomError(deployer, "NotAdmin")
      .withArgs(stranger.address);
    await expect(ethers.deployContract("EraGatewayDeployer", [ZeroAddress])).to.be.revertedWithCustomError(
      deployer,
      "MissingAdmin",
    );
    const elsewhere = await ethers.getContractAt("IGatewayDeployer", deployer);
    for (const part of ["bridge", "tableFactory", "settlement", "serviceManager"] as const) {
      await expect(deployer.deploy({ ...parameters, [part]: ZeroAddress }, L1_BRIDGE)).to.be.revertedWithCustomError(
        elsewhere,
        "MissingParameter",
      );
    }
  });
});
