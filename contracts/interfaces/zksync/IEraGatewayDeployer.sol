// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../IGateway.sol";
import {GatewayParameters} from "../IGatewayDeployer.sol";
import {IRollupBridge} from "../IRollupBridge.sol";

/// @notice Deploys a Gateway and its bridge on EraVM, which deploys codes that are known before alone: the Gateway asks this contract
/// for its parameters, as it asks `IGatewayDeployer` elsewhere. Addresses are not those of other chains.
interface IEraGatewayDeployer {
    /// @notice A Gateway was deployed, and its bridge.
    event GatewayDeployed(IGateway indexed gateway, IRollupBridge indexed bridge, address l1Bridge);

    /// @notice Only `ADMIN` may deploy.
    error NotAdmin(address caller);

    /// @notice The admin is zero.
    error MissingAdmin();

    /// @notice The bridge is not where the Gateway expects it; it would be at `bridge`.
    error WrongBridge(address expected, address bridge);

    /// @notice Deploys a Gateway and the bridge that it is wired to; `ADMIN` alone. Both addresses follow from this contract's
    /// and the number of its deployments, from nothing else: a call with any bridge tells the right one by its `WrongBridge`,
    /// and L1's end can be deployed before. Reverts with `NotAdmin`, `WrongBridge`, or as the Gateway does
    /// (`IGatewayDeployer.MissingParameter`, `OwnableInvalidOwner`).
    /// @param parameters What the Gateway is wired to.
    /// @param l1Bridge L1's end of the bridge.
    function deploy(
        GatewayParameters calldata parameters,
        address l1Bridge
    ) external returns (IGateway gateway, IRollupBridge bridge);

    /// @notice Parameters of the Gateway that is being deployed; zeros otherwise.
    function parameters() external view returns (GatewayParameters memory);

    /// @notice Who may deploy.
    function ADMIN() external view returns (address);
}
