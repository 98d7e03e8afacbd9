// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInbox} from "../interfaces/IInbox.sol";
import {Level} from "../types/Level.sol";
import {MAX_QUORUM_BPS, MIN_QUORUM_BPS} from "../types/Table.sol";
import {Words} from "./Words.sol";

/// @title Members
/// @notice Whom this Gateway listens to, and on what word. All of the owner's powers are here.
///
/// ACCEPTANCE: once and for good, and both ways: it opens the lane to the member and both of the member's paths. With
/// `acceptAll` it comes by itself to a member on a chain id that is seen for the first time; a Gateway that takes
/// another's place on its chain always needs the owner.
/// OWNER: decides source by source whether fast certificates count or final ones alone; can demand a higher quorum, or refuse
/// certificates; can delay words that are settled from now on, for a bounded time. Cannot forge, replay or delete a message, nor
/// close the settled path.
abstract contract Members is Words {
    /// @dev One slot. `chainId` is zero if the member was never listed; zero settings are the defaults; times in seconds.
    struct Record {
        uint64 chainId;
        bool accepted;
        uint8 minLevel;
        uint16 quorumBps;
        bool paused;
        uint40 delayedUntil;
        uint40 delayableFrom;
    }

    /// @dev Longest delay of settled words.
    uint256 private constant MAX_DELAY = 14 days;

    /// @dev Time between the beginnings of two delays of one source.
    uint256 private constant DELAY_INTERVAL = 60 days;

    /// @inheritdoc IInbox
    bool public acceptAll;

    mapping(bytes32 member => Record) internal _members;

    /// @dev The member that was listed last on a chain.
    mapping(uint256 chainId => bytes32 member) private _liveOn;

    /// @inheritdoc IInbox
    function acceptMember(bytes32 id) external onlyOwner {
        uint256 chainId = _record(id).chainId;
        if (_members[id].accepted) revert AlreadyAccepted(id);
        if (_liveOn[chainId] != id) revert NotLive(id, _liveOn[chainId]);
        _accept(id, chainId);
    }

    /// @inheritdoc IInbox
    function setAcceptAll(bool acceptAll_) external onlyOwner {
        _setAcceptAll(acceptAll_);
    }

    /// @inheritdoc IInbox
    function setSource(bytes32 source, uint8 minLevel, uint16 quorumBps, bool paused) external onlyOwner {
        Record storage record = _record(source);
        if (
            !(minLevel <= Level.SETTLED &&
                (quorumBps == 0 || (quorumBps >= MIN_QUORUM_BPS && quorumBps <= MAX_QUORUM_BPS)))
        ) revert InvalidSetting(minLevel, quorumBps);
        record.minLevel = minLevel;
        record.quorumBps = quorumBps;
        record.paused = paused;
        // The next table clears the flag if no source needs it any more.
        _inForce.hasOverrides = true;
        _dropCertified(source);
        emit SourceSet(source, minLevel, quorumBps, paused);
    }

    /// @inheritdoc IInbox
    function delaySettled(bytes32 source, uint32 delay) external onlyOwner {
        Record storage record = _record(source);
        if (!(delay <= MAX_DELAY && block.timestamp >= record.delayableFrom))
            revert DelayNotAllowed(delay, MAX_DELAY, record.delayableFrom);
        uint256 until = block.timestamp + delay;
        // Times of 40 bits last for 34,000 years.
        record.delayedUntil = uint40(until);
        record.delayableFrom = uint40(block.timestamp + DELAY_INTERVAL);
        emit SettledDelayed(source, until);
    }

    /// @inheritdoc IInbox
    function member(
        bytes32 id
    )
        external
        view
        returns (uint256 chainId, bool accepted, uint8 minLevel, uint16 quorumBps, bool paused, uint256 delayedUntil)
    {
        Record storage record = _members[id];
        chainId = record.chainId;
        accepted = record.accepted;
        if (chainId != 0) (minLevel, quorumBps) = _demands(record);
        paused = record.paused;
        delayedUntil = record.delayedUntil;
    }

    function _setAcceptAll(bool acceptAll_) internal {
        acceptAll = acceptAll_;
        emit AcceptAllSet(acceptAll_);
    }

    /// @notice Notes a member of the member list, and accepts it if that is for it to be.
    /// @return isOverridden Whether its certificates are not treated by the defaults.
    function _list(bytes32 id, uint64 chainId, address gateway) internal returns (bool isOverridden) {
        Record storage record = _members[id];
        if (record.chainId == 0) {
            record.chainId = chainId;
            // The first on this chain is this Gateway itself.
            bool isFirst = _liveOn[chainId] == 0 && chainId != CHAIN_ID;
            _liveOn[chainId] = id;
            emit MemberListed(id, chainId, gateway);
            if (isFirst && acceptAll) _accept(id, chainId);
        }
        return !record.accepted || record.paused || record.minLevel != 0 || record.quorumBps != 0;
    }

    /// @dev Opens the lane to a member; see `Outbox`.
    function _openLane(bytes32 destination, uint256 chainId) internal virtual;

    /// @dev Level and quorum that certificates about a source must reach; reverts if none counts.
    function _demandsOf(bytes32 source, bool hasOverrides) internal view returns (uint8 minLevel, uint16 quorumBps) {
        if (!hasOverrides) return (Level.FINAL, MIN_QUORUM_BPS);
        Record storage record = _members[source];
        if (!record.accepted) revert NotAccepted(source);
        if (record.paused) revert SourcePaused(source);
        return _demands(record);
    }

    function _accept(bytes32 id, uint256 chainId) private {
        _members[id].accepted = true;
        emit MemberAccepted(id);
        _openLane(id, chainId);
    }

    function _demands(Record storage record) private view returns (uint8 minLevel, uint16 quorumBps) {
        (minLevel, quorumBps) = (record.minLevel, record.quorumBps);
        if (minLevel == 0) minLevel = Level.FINAL;
        if (quorumBps == 0) quorumBps = MIN_QUORUM_BPS;
    }

    /// @dev The record of a listed member.
    function _record(bytes32 id) private view returns (Record storage record) {
        record = _members[id];
        if (record.chainId == 0) revert UnknownMember(id);
    }
}
