// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IGateway} from "./interfaces/IGateway.sol";
import {GatewayParameters, IGatewayDeployer} from "./interfaces/IGatewayDeployer.sol";
import {ITableFactory} from "./interfaces/ITableFactory.sol";
import {certificateDomain} from "./types/Checkpoint.sol";
import {memberId} from "./types/Member.sol";

/// @title Wiring
/// @notice What a Gateway is wired to: read once from the contract that deploys it, fixed for good, so that there is nothing
/// to initialise and nothing to upgrade. Only the owner can change, in two steps.
abstract contract Wiring is IGateway, Ownable2Step {
    /// @inheritdoc IGateway
    bytes32 public immutable MEMBER_ID;
    /// @inheritdoc IGateway
    uint256 public immutable CHAIN_ID = block.chainid;
    /// @inheritdoc IGateway
    uint256 public immutable SETTLEMENT_CHAIN_ID;
    /// @inheritdoc IGateway
    address public immutable SETTLEMENT;
    /// @inheritdoc IGateway
    bytes32 public immutable CERTIFICATE_DOMAIN;
    /// @inheritdoc IGateway
    address public immutable BRIDGE;
    /// @inheritdoc IGateway
    ITableFactory public immutable TABLE_FACTORY;

    constructor() Ownable(IGatewayDeployer(msg.sender).parameters().owner) {
        GatewayParameters memory wired = IGatewayDeployer(msg.sender).parameters();
        require(
            wired.bridge != address(0) &&
                address(wired.tableFactory) != address(0) &&
                wired.settlementChainId != 0 &&
                wired.settlement != address(0) &&
                wired.serviceManager != address(0),
            IGatewayDeployer.MissingParameter()
        );
        SETTLEMENT_CHAIN_ID = wired.settlementChainId;
        SETTLEMENT = wired.settlement;
        MEMBER_ID = memberId(wired.settlementChainId, wired.settlement, block.chainid, address(this));
        CERTIFICATE_DOMAIN = certificateDomain(wired.settlementChainId, wired.serviceManager);
        BRIDGE = wired.bridge;
        TABLE_FACTORY = wired.tableFactory;
    }
}
