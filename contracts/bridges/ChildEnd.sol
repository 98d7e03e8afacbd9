// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RefusesValue} from "./RefusesValue.sol";

/// @title The child chain's end of a bridge
/// @notice The other end of a `ParentEnd`: on the rollup whose bridge it is.
abstract contract ChildEnd is RefusesValue {
    /// @dev Carries items to the parent chain's end; the call's value pays for it.
    function _sendToParent(bytes[] memory items) internal virtual;

    /// @dev Takes what the parent chain's end sent, and nobody else.
    function _receiveFromParent(bytes[] calldata items) internal virtual;
}
