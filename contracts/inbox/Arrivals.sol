// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {Item} from "../types/Item.sol";
import {Lane} from "../types/Lane.sol";
import {Level} from "../types/Level.sol";
import {memberId} from "../types/Member.sol";
import {FAULTED, MAX_MEMBERS, TableHeader} from "../types/Table.sol";
import {Members} from "./Members.sol";

/// @title Arrivals
/// @notice What comes from L1 over the canonical bridge: tables with the member list, settled words, revocations.
///
/// LIVENESS: one bad item never holds up another, nor the bridge's message: it is ignored with an event. What can be repeated
/// loses nothing by that: Settlement forwards and publishes as often as anyone asks.
abstract contract Arrivals is Members {
    /// @inheritdoc IInbox
    function fromSettlement(bytes[] calldata items) external {
        if (msg.sender != BRIDGE) revert NotBridge(msg.sender);
        for (uint256 i = 0; i < items.length; ++i) {
            bytes calldata item = items[i];
            uint8 kind = item.length == 0 ? 0 : uint8(item[0]);
            bool changed;
            Ignored reason = Ignored.UnknownKind;
            if (kind == Item.TABLE) (changed, reason) = _adoptTable(item);
            else if (kind == Item.SETTLED) (changed, reason) = _takeSettled(item);
            else if (kind == Item.REVOKED) (changed, reason) = _takeRevoked(item);
            if (!changed) emit ItemIgnored(i, reason);
        }
    }

    /// @dev Puts a table in force if it is newer than any before, and notes the members that it lists.
    function _adoptTable(bytes calldata item) private returns (bool changed, Ignored reason) {
        uint256 length = item.length;
        if (length < Item.TABLE_HEADER_LENGTH) return (false, Ignored.Malformed);
        uint256 members = uint8(item[30]);
        uint256 operatorsAt = Item.TABLE_HEADER_LENGTH + members * Item.MEMBER_LENGTH;
        uint64 snapshot = uint64(bytes8(item[2:10]));
        if (
            uint8(item[1]) != TABLE_FACTORY.scheme() ||
            members == 0 ||
            members > MAX_MEMBERS ||
            length < operatorsAt ||
            snapshot > type(uint40).max
        ) return (false, Ignored.Malformed);
        if (snapshot <= _inForce.snapshot) return (false, Ignored.StaleTable);

        bytes calldata list = item[Item.TABLE_HEADER_LENGTH:operatorsAt];
        (bool valid, bytes32[] memory sources) = _sourcesOf(list);
        if (!valid) return (false, Ignored.Malformed);
        TableHeader memory header = TableHeader({
            id: keccak256(item),
            snapshot: snapshot,
            expiry: uint64(bytes8(item[10:18])),
            weightFloor: uint96(bytes12(item[18:30]))
        });
        ICertificateVerifier table = TABLE_FACTORY.deploy(header, sources, item[operatorsAt:]);
        if (address(table) == address(0)) return (false, Ignored.Malformed);

        _inForce.table = table;
        // Checked above to fit.
        _inForce.snapshot = uint40(snapshot);
        _inForce.hasOverrides = _listMembers(list, sources);
        emit TableAdopted(header.id, table, snapshot, header.expiry);
        return (true, reason);
    }

    /// @dev Holds a settled word of a lane to here. What arrived first at a count stays.
    function _takeSettled(bytes calldata item) private returns (bool changed, Ignored reason) {
        if (item.length != Item.SETTLED_LENGTH) return (false, Ignored.Malformed);
        bytes32 source = bytes32(item[1:33]);
        Lane word = Lane.wrap(bytes32(item[65:97]));
        if (word.count() == 0) return (false, Ignored.Malformed);
        if (bytes32(item[33:65]) != MEMBER_ID) return (false, Ignored.WrongDestination);
        Record storage record = _members[source];
        if (!record.accepted) return (false, Ignored.NotAccepted);
        Lane known = _knownSettled(source, word.count());
        if (known == word) return (false, Ignored.AlreadySettled);
        if (!known.isZero()) return (false, Ignored.ContradictsSettled);

        _holdSettled(source, word, record.delayedUntil);
        _dropIfContradicted(source, Level.FAST, word);
        _dropIfContradicted(source, Level.FINAL, word);
        return (true, reason);
    }

    /// @dev Revokes all tables up to a snapshot, unless a later one is in force.
    function _takeRevoked(bytes calldata item) private returns (bool changed, Ignored reason) {
        if (item.length != Item.REVOKED_LENGTH) return (false, Ignored.Malformed);
        uint64 snapshot = uint64(bytes8(item[1:9]));
        if (snapshot > type(uint40).max) return (false, Ignored.Malformed);
        uint256 newest = _inForce.snapshot;
        if (snapshot < newest || (snapshot == newest && address(_inForce.table) == address(0))) {
            return (false, Ignored.NothingToRevoke);
        }
        // Checked above to fit.
        _revoke(uint40(snapshot));
        return (true, reason);
    }

    /// @dev Deletes a certified word that has the settled word's count and is another.
    function _dropIfContradicted(bytes32 source, uint8 level, Lane settled) private {
        Lane certified = heldCertified(source, level);
        if (certified.count() == settled.count() && certified != settled) _dropCertified(source, level);
    }

    /// @notice Notes every other member of the list, and deletes the certified words of those that are faulted.
    /// @param list The members.
    /// @param sources What `_sourcesOf` made of them.
    /// @return hasOverrides Whether certificates of one of them are not treated by the defaults.
    function _listMembers(bytes calldata list, bytes32[] memory sources) private returns (bool hasOverrides) {
        uint256 next = 0;
        for (uint256 offset = 0; offset < list.length; offset += Item.MEMBER_LENGTH) {
            (uint64 chainId, address gateway, uint256 status) = _memberAt(list, offset);
            if (_isSelf(chainId, gateway)) continue;
            bytes32 id = sources[next];
            next += 2;
            if (_list(id, chainId, gateway)) hasOverrides = true;
            if (status & FAULTED != 0) _dropCertified(id);
        }
    }

    /// @notice What the table is to know of its sources: for every member but this one its id and status.
    /// @return valid Whether each has a chain id, and ids ascend strictly.
    function _sourcesOf(bytes calldata list) private view returns (bool valid, bytes32[] memory sources) {
        sources = new bytes32[]((list.length / Item.MEMBER_LENGTH) * 2);
        uint256 next = 0;
        bytes32 previous = 0;
        for (uint256 offset = 0; offset < list.length; offset += Item.MEMBER_LENGTH) {
            (uint64 chainId, address gateway, uint256 status) = _memberAt(list, offset);
            bytes32 id = memberId(SETTLEMENT_CHAIN_ID, SETTLEMENT, chainId, gateway);
            if (chainId == 0 || id <= previous) return (false, sources);
            previous = id;
            if (_isSelf(chainId, gateway)) continue;
            sources[next] = id;
            sources[next + 1] = bytes32(status);
            next += 2;
        }
        // Shortens the array to what was written: next <= sources.length.
        assembly ("memory-safe") {
            mstore(sources, next)
        }
        return (true, sources);
    }

    function _isSelf(uint256 chainId, address gateway) private view returns (bool) {
        return chainId == CHAIN_ID && gateway == address(this);
    }

    /// @dev A member of the list; `status` is `uint64 certifiableUntil ‖ uint8 flags` in the low 72 bits.
    function _memberAt(
        bytes calldata list,
        uint256 offset
    ) private pure returns (uint64 chainId, address gateway, uint256 status) {
        chainId = uint64(bytes8(list[offset:offset + 8]));
        gateway = address(bytes20(list[offset + 8:offset + 28]));
        status = uint72(bytes9(list[offset + 28:offset + 37]));
    }
}
