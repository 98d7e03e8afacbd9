// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A rollup's end of a bridge to L1. It *reads* the Outbox: no message, and nobody's word, makes it say anything else.
interface IRollupBridge {
    /// @notice There is no such word: no anchor (yet), or the lane is closed and its last word is an anchor, see `settleAnchor`.
    error NothingToSettle(bytes32 destination);

    /// @notice Sends the current word of the lane to `destination`, and this chain's time, to Settlement. Of a lane without a
    /// message, one that was never opened too, that is its genesis word: it shows that there was none. Open to anyone, as often as
    /// anyone pays for it; the value pays the stack's fee. Reverts with `NothingToSettle`.
    function settleCurrent(bytes32 destination) external payable;

    /// @notice Sends an anchor of the lane to `destination` to Settlement; see `IOutbox.anchor`. The last one of a lane that was
    /// closed is sent as the current word that it is for ever. Else as `settleCurrent`.
    function settleAnchor(bytes32 destination, uint256 page) external payable;
}
