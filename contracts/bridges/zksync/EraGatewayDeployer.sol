// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Gateway} from "../../Gateway.sol";
import {IGateway} from "../../interfaces/IGateway.sol";
import {GatewayParameters} from "../../interfaces/IGatewayDeployer.sol";
import {IRollupBridge} from "../../interfaces/IRollupBridge.sol";
import {IEraGatewayDeployer} from "../../interfaces/zksync/IEraGatewayDeployer.sol";
import {ZksyncRollupBridge} from "./ZksyncRollupBridge.sol";

/// @title Deployer of Gateways on EraVM
/// @notice What `GatewayDeployer` does elsewhere, by `new` alone. Where there is the EVM, use that: it gives a Gateway one address
/// everywhere.
contract EraGatewayDeployer is IEraGatewayDeployer {
    /// @inheritdoc IEraGatewayDeployer
    address public immutable ADMIN;

    GatewayParameters private _parameters;

    /// @param admin Who may deploy.
    constructor(address admin) {
        require(admin != address(0), MissingAdmin());
        ADMIN = admin;
    }

    /// @inheritdoc IEraGatewayDeployer
    function deploy(
        GatewayParameters calldata parameters_,
        address l1Bridge
    ) external returns (IGateway gateway, IRollupBridge bridge) {
        require(msg.sender == ADMIN, NotAdmin(msg.sender));
        _parameters = parameters_;
        gateway = new Gateway();
        bridge = new ZksyncRollupBridge(gateway, l1Bridge);
        require(address(bridge) == parameters_.bridge, WrongBridge(parameters_.bridge, address(bridge)));
        delete _parameters;
        emit GatewayDeployed(gateway, bridge, l1Bridge);
    }

    /// @inheritdoc IEraGatewayDeployer
    function parameters() external view returns (GatewayParameters memory) {
        return _parameters;
    }
}
