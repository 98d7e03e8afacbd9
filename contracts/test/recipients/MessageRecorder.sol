// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {IInbox} from "../../interfaces/IInbox.sol";

/// @title A recipient for tests: says what it got, and what the Inbox says of the delivery meanwhile
contract MessageRecorder is IERC7786Recipient {
    /// @notice How often each message arrived.
    mapping(bytes32 id => uint256 times) public executions;

    event Received(address caller, bytes32 indexed id, bytes sender, bytes payload, bytes data);
    event Delivering(bytes32 source, uint40 nonce, uint8 level, bool isDelivered);

    /// @inheritdoc IERC7786Recipient
    function receiveMessage(
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) external payable returns (bytes4) {
        ++executions[receiveId];
        emit Received(msg.sender, receiveId, sender, payload, msg.data);
        (bytes32 source, uint40 nonce, uint8 level) = IInbox(msg.sender).delivering();
        emit Delivering(source, nonce, level, IInbox(msg.sender).isDelivered(source, nonce));
        return IERC7786Recipient.receiveMessage.selector;
    }
}
