// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefusesValue} from "../RefusesValue.sol";

/// @title Derivation
/// @notice What a rollup's node does for its bridge, played for simulated chains: items that one end emits are brought to the
/// other end by one account, which says truthfully who sent them.
abstract contract Derivation is RefusesValue {
    /// @notice The other end of the bridge, on the other chain.
    address public immutable COUNTERPART;

    /// @notice The account that carries items.
    address public immutable DERIVATION;

    /// @notice How many times items were sent from here.
    uint256 public sent;

    /// @notice How many times items were brought here.
    uint256 public received;

    /// @notice Items for the other end; `index` counts from 0.
    event ItemsSent(uint256 indexed index, bytes[] items);

    /// @notice Only the derivation account may bring items.
    error NotDerivation(address caller);

    /// @notice The items were sent by another contract than the other end.
    error NotCounterpart(address sender);

    /// @notice Items must come in the order in which they were sent, each once.
    error WrongIndex(uint256 index, uint256 expected);

    constructor(address counterpart, address derivation) {
        COUNTERPART = counterpart;
        DERIVATION = derivation;
    }

    /// @notice Brings items from the other end; the derivation account alone. Reverts with `NotDerivation`,
    /// `NotCounterpart`, `WrongIndex`.
    /// @param sender Contract that emitted `ItemsSent` on the other chain.
    /// @param index The event's index.
    /// @param items The event's items.
    function derive(address sender, uint256 index, bytes[] calldata items) external {
        require(msg.sender == DERIVATION, NotDerivation(msg.sender));
        require(sender == COUNTERPART, NotCounterpart(sender));
        require(index == received, WrongIndex(index, received));
        received = index + 1;
        _receiveFromCounterpart(items);
    }

    function _sendToCounterpart(bytes[] memory items) internal {
        _refuseValue();
        emit ItemsSent(sent++, items);
    }

    /// @dev Hands items to whom this end serves.
    function _receiveFromCounterpart(bytes[] calldata items) internal virtual;
}
