// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {IArbitrumBridge} from "../../interfaces/arbitrum/IArbitrumBridge.sol";
import {IArbitrumChildEnd} from "../../interfaces/arbitrum/IArbitrumChildEnd.sol";
import {IArbitrumInbox} from "../../interfaces/arbitrum/IArbitrumInbox.sol";
import {IArbitrumParentEnd} from "../../interfaces/arbitrum/IArbitrumParentEnd.sol";
import {ParentEnd} from "../ParentEnd.sol";
import {arrivalGas} from "../arrivalGas.sol";

/// @title Arbitrum: the parent chain's end
/// @notice Items go down in retryable tickets, and come up as calls that the Bridge makes for an Outbox.
///
/// STACK PARAMETERS: none, for the defaults, or `abi.encode(uint256 gasLimit, uint256 maxFeePerGas)`: of the ticket's first
/// attempt, each of at most 64 bits. With a gas limit below 21,000 there is none, and somebody has to redeem the ticket.
/// FEE: the submission's cost at the gas price of the transaction that sends, which is the base fee or more, and
/// `gasLimit * maxFeePerGas`. What is sent above goes back at once, here; what submission and attempt do not use goes to `refund`
/// on the rollup (to its alias, if it has code here, an EIP-7702 delegation too).
/// A node answers `quote` at a gas price of zero unless the call names one: name the transaction's highest.
/// RETRY: a ticket whose attempt fails, or is not made because gas is dearer than `maxFeePerGas`, can be redeemed by anyone for 7
/// days. Nobody can cancel it: its beneficiary is this contract's alias, which does nothing but bring items. What expired is
/// sent again: the items are Settlement's and the ServiceManager's to repeat, and stale ones change nothing.
/// UP: only the Inbox is wired. It says which Bridge is the chain's, as Arbitrum's own token bridge asks it, and the Bridge which
/// Outbox is at work: the chain's owner, who may upgrade all three, can replace both.
abstract contract ArbitrumParentEnd is IArbitrumParentEnd, ParentEnd {
    /// @notice What the gas of a ticket's first attempt may cost by default, wei: 25 times the least price on Arbitrum One, five times
    /// the one with which other Nitro chains begin. What is not used comes back.
    uint256 public constant ARBITRUM_MAX_FEE_PER_GAS = 0.5 gwei;

    /// @notice Takes tickets, and names the chain's Bridge.
    IArbitrumInbox public immutable ARBITRUM_INBOX;

    /// @notice The other end, on the rollup.
    address public immutable ARBITRUM_CHILD;

    constructor(IArbitrumInbox inbox, address child) {
        ARBITRUM_INBOX = inbox;
        ARBITRUM_CHILD = child;
    }

    /// @inheritdoc IArbitrumParentEnd
    function fromArbitrumChild(bytes[] calldata items) external {
        IArbitrumBridge bridge = ARBITRUM_INBOX.bridge();
        require(msg.sender == address(bridge), NotArbitrumBridge(msg.sender));
        address sender = bridge.activeOutbox().l2ToL1Sender();
        require(sender == ARBITRUM_CHILD, NotArbitrumChild(sender));
        _receiveFromChild(items);
    }

    function _sendToChild(bytes[] calldata items, address refund, bytes calldata stackParams) internal override {
        bytes memory data = abi.encodeCall(IArbitrumChildEnd.fromArbitrumParent, (items));
        (uint256 gasLimit, uint256 maxFeePerGas) = _firstAttempt(items, stackParams);
        uint256 submission = _submissionCost(data);
        uint256 fee = submission + gasLimit * maxFeePerGas;
        require(msg.value >= fee, ValueBelowFee(msg.value, fee));
        uint256 excess = msg.value - fee;
        // Who refuses it gets it on the rollup, as what the submission did not use: nothing stays here.
        if (excess != 0 && LowLevelCall.callNoReturn(refund, excess, "")) excess = 0;
        ARBITRUM_INBOX.createRetryableTicket{value: fee + excess}({
            to: ARBITRUM_CHILD,
            l2CallValue: 0,
            maxSubmissionCost: submission + excess,
            excessFeeRefundAddress: refund,
            callValueRefundAddress: address(this),
            gasLimit: gasLimit,
            maxFeePerGas: maxFeePerGas,
            data: data
        });
    }

    function _quoteToChild(
        bytes[] calldata items,
        bytes calldata stackParams
    ) internal view override returns (uint256) {
        (uint256 gasLimit, uint256 maxFeePerGas) = _firstAttempt(items, stackParams);
        return _submissionCost(abi.encodeCall(IArbitrumChildEnd.fromArbitrumParent, (items))) + gasLimit * maxFeePerGas;
    }

    function _submissionCost(bytes memory data) private view returns (uint256) {
        return ARBITRUM_INBOX.calculateRetryableSubmissionFee(data.length, tx.gasprice);
    }

    function _firstAttempt(
        bytes[] calldata items,
        bytes calldata stackParams
    ) private pure returns (uint256 gasLimit, uint256 maxFeePerGas) {
        if (stackParams.length == 0) return (arrivalGas(items), ARBITRUM_MAX_FEE_PER_GAS);
        bool isValid = stackParams.length == 64;
        if (isValid) {
            (gasLimit, maxFeePerGas) = abi.decode(stackParams, (uint256, uint256));
            isValid = gasLimit <= type(uint64).max && maxFeePerGas <= type(uint64).max;
        }
        require(
            isValid,
            MalformedStackParams(stackParams, "abi.encode(uint256 gasLimit, uint256 maxFeePerGas), each below 2^64")
        );
    }
}
