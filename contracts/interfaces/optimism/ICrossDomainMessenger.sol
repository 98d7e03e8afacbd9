// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice What is used of the OP Stack's messengers: `L1CrossDomainMessenger` on the parent chain, `L2CrossDomainMessenger` on
/// the child chain (`CrossDomainMessenger` of contracts-bedrock 0.17.3, the same since Bedrock).
interface ICrossDomainMessenger {
    /// @notice Sends a call to the other chain. Down, its gas is bought by burning gas here; up, it costs nothing here.
    /// @param target Whom the other messenger calls.
    /// @param message What it calls with.
    /// @param minGasLimit Gas that the call gets at least; else it fails, and stays to be retried.
    function sendMessage(address target, bytes calldata message, uint32 minGasLimit) external payable;

    /// @notice Who sent, on the other chain, the call that is being made. Reverts outside of one.
    function xDomainMessageSender() external view returns (address);
}
