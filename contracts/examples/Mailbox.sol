// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ERC7786Recipient} from "@openzeppelin/contracts/crosschain/ERC7786Recipient.sol";

/// @title Mailbox
/// @notice The smallest recipient: it takes letters from anyone on any chain that the gateway serves, and keeps the last one.
/// Anyone may close it, and then no letter can be delivered until it is opened again: so one sees what becomes of a message
/// whose recipient fails. Made for devnets; a real recipient decides whose messages it takes.
contract Mailbox is ERC7786Recipient {
    /// @notice The ERC-7786 gateway from which it takes letters.
    address public immutable GATEWAY;

    /// @notice Whether letters are refused now.
    bool public isClosed;

    /// @notice Letters that arrived here.
    uint256 public received;

    /// @notice Who sent the last letter: an ERC-7930 address.
    bytes public lastSender;

    /// @notice What the last letter said: the message's payload, which should be UTF-8.
    string public lastText;

    /// @notice A letter arrived.
    event LetterReceived(bytes32 indexed receiveId, bytes sender, string text);

    /// @notice The mailbox takes letters no more.
    event MailboxClosed();

    /// @notice The mailbox takes letters again.
    event MailboxOpened();

    /// @notice The mailbox is closed: `open()` it, and the letter can be delivered.
    error MailboxIsClosed();

    constructor(address gateway) {
        GATEWAY = gateway;
    }

    /// @notice Refuses letters from now on. Open to anyone.
    function close() external {
        isClosed = true;
        emit MailboxClosed();
    }

    /// @notice Takes letters again. Open to anyone.
    function open() external {
        isClosed = false;
        emit MailboxOpened();
    }

    function _processMessage(
        address,
        bytes32 receiveId,
        bytes calldata sender,
        bytes calldata payload
    ) internal override {
        require(!isClosed, MailboxIsClosed());
        ++received;
        lastSender = sender;
        lastText = string(payload);
        emit LetterReceived(receiveId, sender, string(payload));
    }

    function _isAuthorizedGateway(address gateway, bytes calldata) internal view override returns (bool) {
        return gateway == GATEWAY;
    }
}
