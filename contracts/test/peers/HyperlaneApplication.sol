// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMailbox} from "../../interfaces/hyperlane/IMailbox.sol";
import {IMessageRecipient, ISpecifiesInterchainSecurityModule} from "../../interfaces/hyperlane/IMessageRecipient.sol";
import {Obedient} from "./Obedient.sol";

/// @title An application for tests, written for Hyperlane: takes messages of its mailbox alone, and of enrolled routers alone
/// @dev Checks and calls what its MailboxClient and Router do; knows nothing of Parley.
contract HyperlaneApplication is IMessageRecipient, ISpecifiesInterchainSecurityModule, Obedient {
    IMailbox public immutable MAILBOX;
    uint32 public immutable LOCAL_DOMAIN;

    address public interchainSecurityModule;
    mapping(uint32 domain => bytes32 router) public routers;

    event Handled(uint32 origin, bytes32 sender, bytes message, uint256 value, uint256 gas);

    error NoMailbox();
    error SenderNotMailbox(address caller);
    error NotEnrolled(uint32 origin, bytes32 sender);

    constructor(IMailbox mailbox) {
        if (address(mailbox).code.length == 0) revert NoMailbox();
        MAILBOX = mailbox;
        LOCAL_DOMAIN = mailbox.localDomain();
    }

    function enroll(uint32 domain, bytes32 router) external {
        routers[domain] = router;
    }

    function setModule(address module) external {
        interchainSecurityModule = module;
    }

    function say(uint32 domain, bytes calldata message) external payable returns (bytes32 id) {
        return MAILBOX.dispatch{value: msg.value}(domain, routers[domain], message);
    }

    function handle(uint32 origin, bytes32 sender, bytes calldata message) external payable {
        emit Handled(origin, sender, message, msg.value, gasleft());
        if (msg.sender != address(MAILBOX)) revert SenderNotMailbox(msg.sender);
        if (routers[origin] != sender) revert NotEnrolled(origin, sender);
        _obey(message);
    }
}
