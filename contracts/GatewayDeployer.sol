// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Create3} from "@openzeppelin/contracts/utils/Create3.sol";
import {GatewayParameters, IGatewayDeployer} from "./interfaces/IGatewayDeployer.sol";

/// @title Deployer of Gateways
/// @notice Deployed at one address on every chain (same admin and Gateway code, through the deterministic deployment proxy), it
/// gives the Gateway of a Settlement, and the Gateway's bridge, one address too.
contract GatewayDeployer is IGatewayDeployer {
    /// @inheritdoc IGatewayDeployer
    address public immutable ADMIN;
    /// @inheritdoc IGatewayDeployer
    bytes32 public immutable INIT_CODE_HASH;

    GatewayParameters private _parameters;

    /// @param admin Who may deploy.
    /// @param initCodeHash Hash of the Gateway's init code.
    constructor(address admin, bytes32 initCodeHash) {
        require(admin != address(0) && initCodeHash != 0, MissingParameter());
        ADMIN = admin;
        INIT_CODE_HASH = initCodeHash;
    }

    /// @inheritdoc IGatewayDeployer
    function deploy(
        bytes calldata initCode,
        GatewayParameters calldata parameters_
    ) external returns (address gateway) {
        require(msg.sender == ADMIN, NotAdmin(msg.sender));
        require(keccak256(initCode) == INIT_CODE_HASH, WrongInitCode(keccak256(initCode), INIT_CODE_HASH));
        _parameters = parameters_;
        gateway = Create2.deploy(0, _salt(parameters_.settlementChainId, parameters_.settlement), initCode);
        delete _parameters;
        emit GatewayDeployed(gateway, parameters_.settlementChainId, parameters_.settlement);
    }

    /// @inheritdoc IGatewayDeployer
    function deployBridge(
        bytes calldata initCode,
        uint256 settlementChainId,
        address settlement
    ) external returns (address bridge) {
        require(msg.sender == ADMIN, NotAdmin(msg.sender));
        bridge = Create3.deploy(0, _salt(settlementChainId, settlement), initCode);
        emit BridgeDeployed(bridge, settlementChainId, settlement);
    }

    /// @inheritdoc IGatewayDeployer
    function parameters() external view returns (GatewayParameters memory) {
        return _parameters;
    }

    /// @inheritdoc IGatewayDeployer
    function gatewayAddress(uint256 settlementChainId, address settlement) external view returns (address) {
        return Create2.computeAddress(_salt(settlementChainId, settlement), INIT_CODE_HASH);
    }

    /// @inheritdoc IGatewayDeployer
    function bridgeAddress(uint256 settlementChainId, address settlement) external view returns (address) {
        return Create3.computeAddress(_salt(settlementChainId, settlement));
    }

    function _salt(uint256 settlementChainId, address settlement) private pure returns (bytes32) {
        return keccak256(abi.encode(settlementChainId, settlement));
    }
}
