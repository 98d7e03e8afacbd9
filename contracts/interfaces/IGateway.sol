// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInbox} from "./IInbox.sol";
import {IOutbox} from "./IOutbox.sol";
import {ITableFactory} from "./ITableFactory.sol";

/// @notice A member: Outbox and Inbox at one address, because ERC-7786 applications keep one gateway for both directions.
interface IGateway is IOutbox, IInbox {
    /// @notice Id of this member.
    function MEMBER_ID() external view returns (bytes32);

    /// @notice Chain id for which this Gateway was made.
    function CHAIN_ID() external view returns (uint256);

    /// @notice Chain id of L1.
    function SETTLEMENT_CHAIN_ID() external view returns (uint256);

    /// @notice The Settlement on L1 at which this member is registered.
    function SETTLEMENT() external view returns (address);

    /// @notice EIP-712 domain separator of the certificates that count here.
    function CERTIFICATE_DOMAIN() external view returns (bytes32);

    /// @notice The bridge that carries items from L1.
    function BRIDGE() external view returns (address);

    /// @notice The factory of this Gateway's operator tables.
    function TABLE_FACTORY() external view returns (ITableFactory);
}
