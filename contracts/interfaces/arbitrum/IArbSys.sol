// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is used of ArbSys, the precompiled contract of Nitro at 0x64 (nitro-contracts 3.2.0).
interface IArbSys {
    /// @notice Sends a call up, with the caller as its sender; the value goes along.
    /// @param destination Whom it calls on the parent chain: a contract, if there is data.
    /// @param data What it calls with.
    /// @return Hash of what was sent.
    function sendTxToL1(address destination, bytes calldata data) external payable returns (uint256);
}
