// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITableFactory} from "./ITableFactory.sol";

/// @notice What a Gateway is wired to, for good.
/// @param owner Who governs the Gateway; may be handed over in two steps.
/// @param bridge The bridge that carries items from L1.
/// @param tableFactory Makes the operator tables.
/// @param settlementChainId Chain id of L1.
/// @param settlement Settlement on L1.
/// @param serviceManager ServiceManager on L1.
/// @param acceptAll Whether members on chain ids seen for the first time are accepted.
struct GatewayParameters {
    address owner;
    address bridge;
    ITableFactory tableFactory;
    uint256 settlementChainId;
    address settlement;
    address serviceManager;
    bool acceptAll;
}

/// @notice Deploys Gateways at addresses that depend only on this contract and the Settlement: the Gateway's init code has
/// no arguments, its constructor asks back for them. With the deployer at one address everywhere, so is the Gateway.
interface IGatewayDeployer {
    /// @notice A Gateway was deployed.
    event GatewayDeployed(address indexed gateway, uint256 indexed settlementChainId, address indexed settlement);

    /// @notice A Gateway's bridge was deployed.
    event BridgeDeployed(address indexed bridge, uint256 indexed settlementChainId, address indexed settlement);

    /// @notice Only `ADMIN` may deploy.
    error NotAdmin(address caller);

    /// @notice One of the parameters is zero.
    error MissingParameter();

    /// @notice The init code is not that of the Gateway for which this deployer was made.
    error WrongInitCode(bytes32 hash, bytes32 expected);

    /// @notice Deploys the Gateway of a Settlement on this chain; `ADMIN` alone, once a Settlement. Reverts with
    /// `NotAdmin`, `WrongInitCode`, `MissingParameter` (`OwnableInvalidOwner` for the owner), or OpenZeppelin's
    /// `FailedDeployment` if it is there already.
    /// @param initCode The Gateway's init code; its hash is `INIT_CODE_HASH`.
    /// @param parameters What the Gateway is wired to.
    function deploy(bytes calldata initCode, GatewayParameters calldata parameters) external returns (address gateway);

    /// @notice Deploys the bridge of a Settlement's Gateway at an address that does not depend on its code or arguments
    /// (CREATE3), so that its counterpart on L1 and the Gateway can be wired to it before it exists; `ADMIN` alone, once a
    /// Settlement. Reverts with `NotAdmin`, or OpenZeppelin's `FailedDeployment` if it is there already.
    /// @param initCode The bridge's init code with its arguments.
    function deployBridge(
        bytes calldata initCode,
        uint256 settlementChainId,
        address settlement
    ) external returns (address bridge);

    /// @notice Where the bridge of a Settlement's Gateway is, or will be.
    function bridgeAddress(uint256 settlementChainId, address settlement) external view returns (address);

    /// @notice Where the Gateway of a Settlement is, or will be.
    function gatewayAddress(uint256 settlementChainId, address settlement) external view returns (address);

    /// @notice Parameters of the Gateway that is being deployed; zeros otherwise.
    function parameters() external view returns (GatewayParameters memory);

    /// @notice Who may deploy.
    function ADMIN() external view returns (address);

    /// @notice Hash of the init code of the Gateways that it deploys.
    function INIT_CODE_HASH() external view returns (bytes32);
}
