// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL1Messenger} from "../../interfaces/zksync/IL1Messenger.sol";
import {IZksyncChildEnd} from "../../interfaces/zksync/IZksyncChildEnd.sol";
import {aliasOf} from "../addressAlias.sol";
import {ChildEnd} from "../ChildEnd.sol";

/// @title ZK Stack: the rollup's end
/// @notice Down: a transaction that L1's end requested calls `fromZksyncParent`, from its alias. Up: the system contract L1Messenger;
/// whoever likes proves the message on L1, once its batch is executed there.
///
/// TRUST: the chain's proofs and ZK Stack's governance, which may replace them. Nothing else.
/// LIVENESS: a transaction that fails here is spent, and what it brought is lost with it; Settlement and ServiceManager send the
/// same items again for whoever asks.
abstract contract ZksyncChildEnd is IZksyncChildEnd, ChildEnd {
    /// @dev A system contract of every ZK Stack chain.
    IL1Messenger private constant _L1_MESSENGER = IL1Messenger(0x0000000000000000000000000000000000008008);

    /// @inheritdoc IZksyncChildEnd
    address public immutable ZKSYNC_PARENT;

    /// @param parentEnd The other end, on L1.
    constructor(address parentEnd) {
        ZKSYNC_PARENT = parentEnd;
    }

    /// @inheritdoc IZksyncChildEnd
    function fromZksyncParent(bytes[] calldata items) external {
        require(msg.sender == aliasOf(ZKSYNC_PARENT), NotZksyncParent(msg.sender));
        _receiveFromParent(items);
    }

    function _sendToParent(bytes[] memory items) internal override {
        _refuseValue();
        // The addressee: no other contract on L1 that believes this one takes it for its own.
        _L1_MESSENGER.sendToL1(abi.encode(ZKSYNC_PARENT, items));
    }
}
