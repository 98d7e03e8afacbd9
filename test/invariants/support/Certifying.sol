// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoint} from "../../../contracts/types/Checkpoint.sol";
import {Lane} from "../../../contracts/types/Lane.sol";
import {Dice} from "./Dice.sol";
import {Sending} from "./Sending.sol";
import {Wire} from "./Wire.sol";
import {MEMBERS} from "./World.sol";

/// @notice Certificates of true statements by operators who may or may not be a quorum of the table in force, and whether
/// they count: decided by the model, in the words of DESIGN.
abstract contract Certifying is Sending {
    /// @dev Who signs: operators of a set, as a bit mask.
    struct Signers {
        uint256 set;
        uint256 mask;
    }

    /// @dev A statement about the lane from a source.
    struct Statement {
        uint256 source;
        bytes32 word;
        uint64 reachedBy;
        uint8 level;
        bytes32 blockHash;
    }

    /// @notice Anyone brings certified words of one to three lanes.
    function advance(uint256 seed) external {
        Dice memory dice = _act(seed);
        uint256 destination = dice.roll(MEMBERS);
        (bytes memory call, Statement[] memory statements, bool counts) = _rollAdvance(dice, destination);
        (bool success, ) = address(gateways[destination]).call(call);
        _advanced(destination, statements, success, counts);
    }

    /// @notice Anyone shows that the operators of the table in force contradict themselves; if they are no quorum, or do
    /// not, that must be refused.
    function _revokeByEvidence(Dice memory dice) internal {
        uint256 destination = dice.roll(MEMBERS);
        for (uint256 left = 4; left > 0; --left) _revokeByEvidence(dice, destination, 1 + dice.roll(3));
        if (dice.oneIn(2)) _revokeByEvidence(dice, destination, 0);
    }

    /// @dev Flaw 1: no conflict; 2 and 3: one of the two is signed by whoever.
    function _revokeByEvidence(Dice memory dice, uint256 destination, uint256 flaw) private {
        TableModel storage table = _tables[destination];
        bytes32 word = dice.word();
        bool counts = flaw != 1;
        Checkpoint[2] memory checkpoints;
        bytes[2] memory certificates;
        for (uint256 i = 0; i < 2; ++i) {
            checkpoints[i] = Checkpoint(
                ids[(destination + 1) % MEMBERS],
                ids[destination],
                Lane.wrap(i == 1 && flaw != 1 ? word ^ bytes32(uint256(1) << 200) : word),
                uint64(clock),
                2,
                0
            );
            bytes32 leaf = Wire.leaf(
                checkpoints[i].source,
                checkpoints[i].destination,
                Lane.unwrap(checkpoints[i].laneWord),
                checkpoints[i].reachedBy,
                2,
                0
            );
            Signers memory signers = _rollSigners(dice, destination, flaw == 2 + i);
            certificates[i] = _certificate(signers.set, signers.mask, leaf);
            counts = counts && _isQuorumOfAny(destination, signers, 6_667);
        }
        bytes memory evidence = _encodeEvidence(checkpoints, certificates);
        (bool success, ) = address(gateways[destination]).call(
            abi.encodeCall(gateways[destination].revokeTable, (evidence))
        );
        _require(3, success == counts, "two certificates revoked a table that should not, or did not");
        if (success) _revoked(destination, table.snapshot);
        _reach(success ? "evidence revoked a table" : "evidence was refused");
    }

    /// @dev All operators say that a lane stands at a word now, and someone brings it.
    function _hold(uint256 source, uint256 destination, bytes32 word, uint8 level) internal {
        Statement[] memory statements = new Statement[](1);
        statements[0] = Statement(source, word, uint64(clock), level, level == 1 ? keccak256("block") : bytes32(0));
        Signers memory signers = Signers(_tables[destination].set, 15);
        bytes memory certificate = _certificate(signers.set, signers.mask, _leafOf(destination, statements[0]));
        Checkpoint[] memory checkpoints = new Checkpoint[](1);
        checkpoints[0] = _checkpointOf(destination, statements[0]);
        (bool success, ) = address(gateways[destination]).call(
            abi.encodeCall(gateways[destination].advance, (checkpoints, bytes.concat(hex"00", certificate)))
        );
        bool counts =
            _mayCount(destination, statements[0]) && _isQuorum(destination, signers, _quorumOf(destination, source));
        _advanced(destination, statements, success, counts);
    }

    /// @dev After something changed for a Gateway: all operators say where the lanes to it stand, which counts or does not.
    function _probe(uint256 destination) internal {
        for (uint256 source = 0; source < MEMBERS; ++source) {
            bytes32[] storage words = _lanes[source][destination].words;
            if (words.length == 0) continue;
            _hold(source, destination, words[words.length - 1], 1);
            _hold(source, destination, words[words.length / 2], 2);
        }
    }

    function _checkpointOf(uint256 destination, Statement memory statement) internal view returns (Checkpoint memory) {
        return
            Checkpoint(
                ids[statement.source],
                ids[destination],
                Lane.wrap(statement.word),
                statement.reachedBy,
                statement.level,
                statement.blockHash
            );
    }

    /// @dev A word that a lane had at some time, mostly its last.
    function _rollWord(Dice memory dice, uint256 source, uint256 destination) private view returns (bytes32) {
        bytes32[] storage words = _lanes[source][destination].words;
        if (words.length == 0) return Wire.genesis(ids[source], ids[destination]);
        return words[dice.oneIn(2) ? words.length - 1 : dice.roll(words.length)];
    }

    /// @dev A call of `advance`, what it says, and whether that counts.
    function _rollAdvance(
        Dice memory dice,
        uint256 destination
    ) internal view returns (bytes memory call, Statement[] memory statements, bool counts) {
        statements = new Statement[](dice.oneIn(2) ? 1 : 2 + dice.roll(2));
        Checkpoint[] memory checkpoints = new Checkpoint[](statements.length);
        bytes32[] memory leaves = new bytes32[](statements.length == 1 && dice.oneIn(2) ? 1 : 4);
        // One kind of flaw at a time, or none: signers, a statement, a place in the tree.
        uint256 flaw = dice.roll(6);
        uint256 flawed = dice.roll(statements.length);
        Signers memory signers = _rollSigners(dice, destination, flaw == 0);
        uint256 quorumBps = 0;
        counts = true;
        for (uint256 i = 0; i < leaves.length; ++i) {
            if (i >= statements.length) {
                leaves[i] = dice.word();
                continue;
            }
            uint256 source = (destination + 1 + dice.roll(MEMBERS - 1)) % MEMBERS;
            bytes32 word = _rollWord(dice, source, destination);
            statements[i] = _rollStatement(dice, destination, source, word, flaw == 1 && flawed == i);
            leaves[i] = _leafOf(destination, statements[i]);
            checkpoints[i] = _checkpointOf(destination, statements[i]);
            uint256 demanded = _quorumOf(destination, source);
            if (demanded > quorumBps) quorumBps = demanded;
            counts = counts && _mayCount(destination, statements[i]);
        }
        counts = counts && _isQuorum(destination, signers, quorumBps);
        bytes memory proof;
        for (uint256 i = 0; i < statements.length; ++i) {
            bytes memory path = Wire.siblings(leaves, i);
            if (flaw == 2 && flawed == i && path.length > 1) {
                path[1] ^= 0x01;
                counts = false;
            }
            proof = bytes.concat(proof, path);
        }
        proof = bytes.concat(proof, _certificate(signers.set, signers.mask, Wire.root(leaves)));
        call = abi.encodeCall(gateways[destination].advance, (checkpoints, proof));
    }

    /// @dev Compares what `advance` did with what it should, and notes the words that are held now.
    function _advanced(uint256 destination, Statement[] memory statements, bool success, bool counts) internal {
        _require(3, !success || counts, "advance: a certificate counted that should not");
        _require(5, success || !counts, "advance: a certificate did not count that should");
        _reach(success ? "a certificate held words" : "a certificate held nothing");
        if (!success) return;
        for (uint256 i = 0; i < statements.length; ++i) {
            bytes32[3] storage held = _sources[destination][statements[i].source].held;
            uint256 level = statements[i].level;
            // Final only rises.
            if (level == 2 && Wire.count(statements[i].word) <= Wire.count(held[2])) continue;
            held[level] = statements[i].word;
        }
    }

    function _leafOf(uint256 destination, Statement memory statement) internal view returns (bytes32) {
        return
            Wire.leaf(
                ids[statement.source],
                ids[destination],
                statement.word,
                statement.reachedBy,
                statement.level,
                statement.blockHash
            );
    }

    /// @dev In order, of a level that the owner listens to; or, if it may be flawed: far ahead, old, of any level, naming a
    /// block or not.
    function _rollStatement(
        Dice memory dice,
        uint256 destination,
        uint256 source,
        bytes32 word,
        bool mayBeFlawed
    ) internal view returns (Statement memory statement) {
        bool mayBeFast = _sources[destination][source].minLevel == 1;
        statement.source = source;
        statement.word = word;
        statement.level = mayBeFast && dice.oneIn(2) ? 1 : 2;
        statement.reachedBy = uint64(clock);
        uint256 flaw = mayBeFlawed ? dice.roll(6) : 0;
        if (flaw == 1) statement.level = uint8(1 + dice.roll(3));
        if (flaw == 2 || flaw == 3) statement.reachedBy = uint64(clock + 1 hours + dice.roll(2));
        if (flaw == 4) statement.reachedBy = uint64(clock - 1 hours - dice.roll(2));
        if ((statement.level == 1) != (flaw == 5)) statement.blockHash = dice.word();
    }

    /// @dev All operators of the set in force; or, if they may be too few: some, at the quorum or just above, of the other set.
    function _rollSigners(
        Dice memory dice,
        uint256 destination,
        bool mayBeFlawed
    ) internal view returns (Signers memory signers) {
        signers = Signers(_tables[destination].set, 15);
        if (!mayBeFlawed) return signers;
        uint256 choice = dice.roll(6);
        if (choice == 0) signers.set = 1 - signers.set;
        else if (choice < 5) signers.mask = choice % 2 == 0 ? 7 : 14;
        else signers.mask = dice.roll(16);
    }

    function _quorumOf(uint256 destination, uint256 source) internal view returns (uint256 quorumBps) {
        quorumBps = _sources[destination][source].quorumBps;
        if (quorumBps == 0) quorumBps = 6_667;
    }

    /// @dev Whether the signers are more than the quorum of a live table.
    function _isQuorum(uint256 destination, Signers memory signers, uint256 quorumBps) internal view returns (bool) {
        return clock < _tables[destination].expiry && _isQuorumOfAny(destination, signers, quorumBps);
    }

    /// @dev Whether the signers are more than the quorum of the table, which may have expired.
    function _isQuorumOfAny(
        uint256 destination,
        Signers memory signers,
        uint256 quorumBps
    ) internal view returns (bool) {
        TableModel storage table = _tables[destination];
        return
            table.present &&
            TOTAL_WEIGHT >= table.floor &&
            signers.set == table.set &&
            signers.mask != 0 &&
            _signedWeight(table.weighting, signers.mask) * 10_000 > TOTAL_WEIGHT * quorumBps;
    }

    /// @dev Whether a statement counts, once a quorum signed it.
    function _mayCount(uint256 destination, Statement memory statement) internal view returns (bool) {
        SourceModel storage source = _sources[destination][statement.source];
        TableModel storage table = _tables[destination];
        uint256 minLevel = source.minLevel == 0 ? 2 : source.minLevel;
        bool isFast = statement.level == 1;
        return
            source.accepted &&
            !source.paused &&
            statement.level >= minLevel &&
            statement.level <= 2 &&
            isFast == (statement.blockHash != 0) &&
            statement.reachedBy <= clock + 1 hours &&
            (!isFast || statement.reachedBy + 1 hours >= clock) &&
            clock < table.certifiableUntil[statement.source] &&
            !table.faulted[statement.source];
    }

    function _encodeEvidence(
        Checkpoint[2] memory checkpoints,
        bytes[2] memory certificates
    ) internal pure returns (bytes memory) {
        EvidenceStatement memory a = EvidenceStatement(checkpoints[0], new bytes32[](0), certificates[0]);
        EvidenceStatement memory b = EvidenceStatement(checkpoints[1], new bytes32[](0), certificates[1]);
        return abi.encode(Evidence(a, b, 0, new bytes32[](0)));
    }
}

/// @dev docs/PROTOCOL.md, Evidence.
struct EvidenceStatement {
    Checkpoint checkpoint;
    bytes32[] siblings;
    bytes certificate;
}

struct Evidence {
    EvidenceStatement a;
    EvidenceStatement b;
    bytes32 from;
    bytes32[] messageHashes;
}
