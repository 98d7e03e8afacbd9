// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Inbox} from "./Inbox.sol";
import {Outbox} from "./Outbox.sol";
import {IGatewayDeployer} from "./interfaces/IGatewayDeployer.sol";
import {Members} from "./inbox/Members.sol";

/// @title Gateway
/// @notice A member of Parley: Outbox and Inbox at one address. Immutable; see `Wiring` for what it is bound to.
contract Gateway is Outbox, Inbox {
    constructor() {
        if (IGatewayDeployer(msg.sender).parameters().acceptAll) _setAcceptAll(true);
    }

    function _openLane(bytes32 destination, uint256 chainId) internal override(Members, Outbox) {
        Outbox._openLane(destination, chainId);
    }
}
