// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrumBridge} from "./IArbitrumBridge.sol";

/// @notice What is used of a Nitro chain's delayed Inbox on its parent chain (`Inbox` of nitro-contracts 3.2.0, the same since
/// 1.0). A chain whose gas is paid in a token of its own has another one (`ERC20Inbox`), which these functions do not fit.
interface IArbitrumInbox {
    /// @notice Queues a call on the rollup, by the caller's alias (`aliasOf`). The value pays for the submission and the first
    /// attempt; if that is not made or fails, anyone may make others, for 7 days. Refund addresses that are contracts on the
    /// parent chain are replaced by their aliases.
    /// @param to Whom it calls.
    /// @param l2CallValue The call's value, wei.
    /// @param maxSubmissionCost Wei for keeping the ticket, at least `calculateRetryableSubmissionFee`; the rest goes to
    /// `excessFeeRefundAddress`.
    /// @param excessFeeRefundAddress Who gets on the rollup what submission and first attempt do not use.
    /// @param callValueRefundAddress Who may cancel the ticket, and gets its call's value then or when it expires.
    /// @param gasLimit Gas of the first attempt.
    /// @param maxFeePerGas What that gas may cost, wei.
    /// @param data What it calls with.
    /// @return The message's number in the Bridge's queue.
    function createRetryableTicket(
        address to,
        uint256 l2CallValue,
        uint256 maxSubmissionCost,
        address excessFeeRefundAddress,
        address callValueRefundAddress,
        uint256 gasLimit,
        uint256 maxFeePerGas,
        bytes calldata data
    ) external payable returns (uint256);

    /// @notice Wei that a ticket with so many bytes of data costs at a base fee of the parent chain; at 0 the block's is taken.
    function calculateRetryableSubmissionFee(uint256 dataLength, uint256 baseFee) external view returns (uint256);

    /// @notice The chain's Bridge, on the parent chain.
    function bridge() external view returns (IArbitrumBridge);
}
