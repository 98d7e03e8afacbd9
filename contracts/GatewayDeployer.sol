// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Create2} from "@openzeppelin/contracts/utils/Create2.sol";
import {Gateway} from "./Gateway.sol";
import {GatewayParameters, IGatewayDeployer} from "./interfaces/IGatewayDeployer.sol";

/// @title Deployer of Gateways
/// @notice Deployed at one address on every chain (same init code and admin through the deterministic deployment proxy), it
/// gives the Gateway of a Settlement one address too.
contract GatewayDeployer is IGatewayDeployer {
    /// @inheritdoc IGatewayDeployer
    address public immutable ADMIN;

    GatewayParameters private _parameters;

    /// @param admin Who may deploy.
    constructor(address admin) {
        require(admin != address(0), MissingParameter());
        ADMIN = admin;
    }

    /// @inheritdoc IGatewayDeployer
    function deploy(GatewayParameters calldata parameters_) external returns (address gateway) {
        require(msg.sender == ADMIN, NotAdmin(msg.sender));
        _parameters = parameters_;
        gateway = Create2.deploy(
            0,
            _salt(parameters_.settlementChainId, parameters_.settlement),
            type(Gateway).creationCode
        );
        delete _parameters;
        emit GatewayDeployed(gateway, parameters_.settlementChainId, parameters_.settlement);
    }

    /// @inheritdoc IGatewayDeployer
    function parameters() external view returns (GatewayParameters memory) {
        return _parameters;
    }

    /// @inheritdoc IGatewayDeployer
    function gatewayAddress(uint256 settlementChainId, address settlement) external view returns (address) {
        return Create2.computeAddress(_salt(settlementChainId, settlement), keccak256(type(Gateway).creationCode));
    }

    function _salt(uint256 settlementChainId, address settlement) private pure returns (bytes32) {
        return keccak256(abi.encode(settlementChainId, settlement));
    }
}
