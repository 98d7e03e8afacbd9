// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is used of a Nitro chain's Outbox on its parent chain (`Outbox` of nitro-contracts 3.2.0). Anyone executes what
/// the rollup sent, once, when the state that it is in is confirmed; a call that reverts is not spent.
interface IArbitrumOutbox {
    /// @notice Who sent on the rollup what is being executed; zero outside of calls.
    function l2ToL1Sender() external view returns (address);
}
