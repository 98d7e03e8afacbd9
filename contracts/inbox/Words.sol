// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Wiring} from "../Wiring.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {Lane} from "../types/Lane.sol";
import {Level} from "../types/Level.sol";

/// @title Words
/// @notice What the Inbox keeps of the world: the operator table in force and the words it holds. No policy; storage only.
///
/// CERTIFIED WORDS: one a source and level, under an epoch; revoking a table begins a new epoch and so deletes them all.
/// SETTLED WORDS: one a source and count, never deleted. One that arrives while the owner delays its source waits apart.
abstract contract Words is Wiring {
    /// @dev One slot. `snapshot` (seconds) of the newest table that was adopted or revoked; `epoch` counts revocations.
    /// `hasOverrides`: some source has to be looked up in `_members`: not accepted, paused, or with settings of its own.
    struct InForce {
        ICertificateVerifier table;
        uint40 snapshot;
        uint40 epoch;
        bool hasOverrides;
    }

    /// @dev A settled word that counts only from a time (seconds) on.
    struct DelayedWord {
        Lane word;
        uint64 usableFrom;
    }

    InForce internal _inForce;
    mapping(uint256 epoch => mapping(bytes32 source => mapping(uint8 level => Lane))) private _certified;
    mapping(bytes32 source => mapping(uint256 count => Lane)) private _settled;
    mapping(bytes32 source => mapping(uint256 count => DelayedWord)) private _delayed;

    /// @inheritdoc IInbox
    function held(bytes32 source, uint8 level, uint40 count) external view returns (Lane) {
        if (level == Level.SETTLED) return _settledWord(source, count);
        Lane word = heldCertified(source, level);
        return word.count() == count ? word : Lane.wrap(0);
    }

    /// @inheritdoc IInbox
    function tableInForce() external view returns (ICertificateVerifier table, uint64 snapshot, bool hasOverrides) {
        return (_inForce.table, _inForce.snapshot, _inForce.hasOverrides);
    }

    /// @inheritdoc IInbox
    function heldCertified(bytes32 source, uint8 level) public view returns (Lane) {
        return _certified[_inForce.epoch][source][level];
    }

    /// @dev Holds a certified word: fast replaces fast, final only rises.
    function _holdCertified(bytes32 source, uint8 level, Lane word) internal {
        Lane before = heldCertified(source, level);
        if (level == Level.FINAL && word.count() <= before.count()) return;
        _certified[_inForce.epoch][source][level] = word;
        emit WordHeld(source, level, word);
    }

    /// @dev Deletes both certified words of a source.
    function _dropCertified(bytes32 source) internal {
        _dropCertified(source, Level.FAST);
        _dropCertified(source, Level.FINAL);
    }

    /// @dev Deletes a certified word of a source, if there is one.
    function _dropCertified(bytes32 source, uint8 level) internal {
        Lane word = heldCertified(source, level);
        if (word.isZero()) return;
        _certified[_inForce.epoch][source][level] = Lane.wrap(0);
        emit WordDropped(source, level, word);
    }

    /// @dev Ends the table in force and deletes every certified word; tables up to `snapshot` are refused from now on.
    function _revoke(uint40 snapshot) internal {
        emit TableRevoked(_inForce.table, snapshot);
        _inForce.table = ICertificateVerifier(address(0));
        _inForce.snapshot = snapshot;
        ++_inForce.epoch;
    }

    /// @notice Holds a settled word at a count at which none is known.
    /// @param usableFrom Seconds; not later than now if it is not delayed.
    function _holdSettled(bytes32 source, Lane word, uint256 usableFrom) internal {
        if (usableFrom <= block.timestamp) {
            _settled[source][word.count()] = word;
            emit WordHeld(source, Level.SETTLED, word);
        } else {
            // A time at most 14 days ahead.
            _delayed[source][word.count()] = DelayedWord(word, uint64(usableFrom));
            emit WordDelayed(source, word, usableFrom);
        }
    }

    /// @dev The settled word at a count, delayed or not; zero if none arrived.
    function _knownSettled(bytes32 source, uint256 count) internal view returns (Lane word) {
        word = _settled[source][count];
        if (word.isZero()) word = _delayed[source][count].word;
    }

    /// @dev The settled word at a count that can be used now; zero if there is none.
    function _settledWord(bytes32 source, uint256 count) internal view returns (Lane word) {
        word = _settled[source][count];
        if (word.isZero()) {
            DelayedWord storage delayed = _delayed[source][count];
            if (block.timestamp >= delayed.usableFrom) word = delayed.word;
        }
    }
}
