// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A rollup's end of a bridge to L1. It *reads* the Outbox: no message, and nobody's word, makes it say anything else.
interface IRollupBridge {
    /// @notice There is no such word: the lane or the anchor does not exist (yet).
    error NothingToSettle(bytes32 destination);

    /// @notice Sends the current word of the lane to `destination`, and this chain's time, to Settlement. Open to anyone,
    /// as often as anyone pays for it; the value pays the stack's fee. Reverts with `NothingToSettle`.
    function settleCurrent(bytes32 destination) external payable;

    /// @notice Sends an anchor of the lane to `destination` to Settlement; see `IOutbox.anchor`. Else as `settleCurrent`.
    function settleAnchor(bytes32 destination, uint256 page) external payable;
}
