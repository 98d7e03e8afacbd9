// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IHop} from "../../interfaces/IHop.sol";
import {Item} from "../../types/Item.sol";
import {ChildEnd} from "../ChildEnd.sol";
import {ParentEnd} from "../ParentEnd.sol";

/// @title Hop
/// @notice Joins the bridge between L1 and a rollup to the bridge between that rollup and an L3. How bytes travel, and who is
/// believed, is the part of the two stacks whose ends a concrete hop inherits.
///
/// DOWN: items wait here, known by their hashes, until somebody pays for the L3's stack to carry them on. Nothing is forgotten,
/// so what the L3's stack lost (a ticket that expired, a transaction that failed) is pushed once more. A table of which a revocation
/// came is not: anyone could else put it in force on the L3 before the revocation is pushed (R22).
/// UP: what the L3's end sends goes on at once, in the same call: that costs nothing on any stack. If it fails, the L3's stack keeps
/// it to be tried again.
/// TRUST: the parent's stack and the L3's, each for its own way; nobody else has a say here, and nothing can be changed or taken.
abstract contract Hop is IHop, ChildEnd, ParentEnd {
    /// @inheritdoc IHop
    uint64 public revokedUntil;

    mapping(bytes32 itemHash => bool) private _hasArrived;

    /// @inheritdoc IHop
    function push(bytes[] calldata items, bytes calldata stackParams) external payable {
        for (uint256 i = 0; i < items.length; ++i) {
            bytes32 itemHash = keccak256(items[i]);
            require(_hasArrived[itemHash], NotArrived(itemHash));
            require(!_isRevoked(items[i]), RevokedTable(itemHash));
            emit ItemPushed(itemHash);
        }
        _sendToChild(items, msg.sender, stackParams);
    }

    /// @inheritdoc IHop
    function quote(bytes[] calldata items, bytes calldata stackParams) external view returns (uint256) {
        return _quoteToChild(items, stackParams);
    }

    /// @inheritdoc IHop
    function hasArrived(bytes32 itemHash) external view returns (bool) {
        return _hasArrived[itemHash];
    }

    function _receiveFromParent(bytes[] calldata items) internal override {
        for (uint256 i = 0; i < items.length; ++i) {
            bytes32 itemHash = keccak256(items[i]);
            _hasArrived[itemHash] = true;
            _noteRevocation(items[i]);
            emit ItemArrived(itemHash, items[i]);
        }
    }

    function _receiveFromChild(bytes[] calldata items) internal override {
        _sendToParent(items);
    }

    /// @dev Remembers up to which snapshot tables are revoked.
    function _noteRevocation(bytes calldata item) private {
        if (item.length != Item.REVOKED_LENGTH || uint8(item[0]) != Item.REVOKED) return;
        uint64 snapshot = uint64(bytes8(item[1:9]));
        if (snapshot > revokedUntil) revokedUntil = snapshot;
    }

    /// @dev Whether it is a table that is revoked, as far as this contract knows.
    function _isRevoked(bytes calldata item) private view returns (bool) {
        if (item.length < Item.TABLE_HEADER_LENGTH || uint8(item[0]) != Item.TABLE) return false;
        return uint64(bytes8(item[2:10])) <= revokedUntil;
    }
}
