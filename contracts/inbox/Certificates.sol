// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {certificateDigest, Checkpoint, hashCheckpoint} from "../types/Checkpoint.sol";
import {Equivocation, Statement} from "../types/Equivocation.sol";
import {fold, Lane} from "../types/Lane.sol";
import {Level} from "../types/Level.sol";
import {Proof} from "../types/Proof.sol";
import {FAULTED, MIN_QUORUM_BPS} from "../types/Table.sol";
import {Members} from "./Members.sol";

/// @title Certificates
/// @notice What the Inbox believes operators: which certificates count, and how their words are held and lost.
abstract contract Certificates is Members {
    /// @dev How far `reachedBy` may be ahead of this chain's clock.
    uint256 private constant MAX_AHEAD = 1 hours;

    /// @dev How old a fast statement may be: once its block must be final, a final one says the same with certainty, and a
    /// statement about a block that was reorganised must not be usable for ever.
    uint256 private constant MAX_FAST_AGE = 1 hours;

    /// @inheritdoc IInbox
    function advance(Checkpoint[] calldata checkpoints, bytes calldata proof) external {
        require(checkpoints.length != 0, NoCheckpoints());
        (ICertificateVerifier table, bool hasOverrides) = (_inForce.table, _inForce.hasOverrides);
        uint16 quorumBps = 0;
        bytes calldata rest = proof;
        bytes32 root = 0;
        for (uint256 i = 0; i < checkpoints.length; ++i) {
            Checkpoint memory checkpoint = checkpoints[i];
            bytes32[] calldata siblings;
            (siblings, rest) = Proof.readSiblings(rest);
            bytes32 rootOf = MerkleProof.processProofCalldata(siblings, hashCheckpoint(checkpoint));
            if (i == 0) root = rootOf;
            require(rootOf == root, RootsDiffer(rootOf, root));
            uint16 quorumOf = _requireStatement(checkpoint, hasOverrides);
            if (quorumOf > quorumBps) quorumBps = quorumOf;
        }
        _requireCertified(table, root, rest, quorumBps, checkpoints[0].source);
        for (uint256 i = 0; i < checkpoints.length; ++i) {
            bytes32 source = checkpoints[i].source;
            if (i != 0) {
                (uint64 certifiableUntil, uint8 flags) = table.sourceStatus(source);
                _requireCertifiable(source, certifiableUntil, flags);
            }
            _holdCertified(source, checkpoints[i].level, checkpoints[i].laneWord);
        }
    }

    /// @inheritdoc IInbox
    function revokeTable(bytes calldata evidence) external {
        ICertificateVerifier table = _inForce.table;
        require(address(table) != address(0), NoTable());
        Equivocation memory equivocation = abi.decode(evidence, (Equivocation));
        require(equivocation.conflicts(), NoConflict());
        _requireSigned(table, equivocation.a);
        _requireSigned(table, equivocation.b);
        _revoke(_inForce.snapshot);
    }

    /// @inheritdoc IInbox
    function dropContradicted(
        bytes32 source,
        uint8 level,
        uint40 settledCount,
        Lane from,
        bytes32[] calldata messageHashes
    ) external {
        Lane certified = heldCertified(source, level);
        Lane settled = _settledWord(source, settledCount);
        Lane end = fold(from, messageHashes);
        require(
            !certified.isZero() &&
                !settled.isZero() &&
                ((end == settled && from.count() == certified.count() && from != certified) ||
                    (end == certified && from.count() == settled.count() && from != settled)),
            NoContradiction()
        );
        _dropCertified(source, level);
    }

    /// @dev Reverts unless the certificate in `proof`, from `offset` on, counts for this statement of a lane to here.
    /// @param source Id of the source member.
    /// @param word The lane's word.
    /// @param level The statement's level.
    /// @param proof See `Proof`; its kind is `CERTIFICATE`.
    function _requireCertificate(
        bytes32 source,
        Lane word,
        uint8 level,
        bytes calldata proof
    ) internal view {
        uint64 reachedBy;
        bytes32 blockHash;
        bytes calldata rest;
        bytes32[] calldata siblings;
        (reachedBy, blockHash, rest) = Proof.readStatement(proof, level == Level.FAST);
        (siblings, rest) = Proof.readSiblings(rest);

        (ICertificateVerifier table, bool hasOverrides) = (_inForce.table, _inForce.hasOverrides);
        Checkpoint memory checkpoint = Checkpoint(source, MEMBER_ID, word, reachedBy, level, blockHash);
        uint16 quorumBps = _requireStatement(checkpoint, hasOverrides);
        bytes32 root = MerkleProof.processProofCalldata(siblings, hashCheckpoint(checkpoint));
        _requireCertified(table, root, rest, quorumBps, source);
    }

    /// @dev Reverts unless a quorum of the table signed the root, and certificates about the source count.
    function _requireCertified(
        ICertificateVerifier table,
        bytes32 root,
        bytes calldata certificate,
        uint16 quorumBps,
        bytes32 source
    ) private view {
        require(address(table) != address(0), NoTable());
        (uint64 certifiableUntil, uint8 flags) = table.verify(
            certificateDigest(CERTIFICATE_DOMAIN, root),
            certificate,
            quorumBps,
            source
        );
        _requireCertifiable(source, certifiableUntil, flags);
    }

    /// @dev Reverts unless a statement, once signed, counts here.
    /// @return quorumBps The quorum that it needs.
    function _requireStatement(
        Checkpoint memory checkpoint,
        bool hasOverrides
    ) private view returns (uint16 quorumBps) {
        uint8 minLevel;
        (minLevel, quorumBps) = _demandsOf(checkpoint.source, hasOverrides);
        require(checkpoint.destination == MEMBER_ID, WrongDestination(checkpoint.destination, MEMBER_ID));
        uint8 level = checkpoint.level;
        require(level >= minLevel, LevelTooLow(level, minLevel));
        bool isFast = level == Level.FAST;
        // Final is the highest level that operators can speak of; it names no block, fast must name one.
        require(level <= Level.FINAL && isFast == (checkpoint.blockHash != 0), MalformedProof());
        uint64 reachedBy = checkpoint.reachedBy;
        require(
            reachedBy <= block.timestamp + MAX_AHEAD &&
                (!isFast || uint256(reachedBy) + MAX_FAST_AGE >= block.timestamp),
            TimeOutOfRange(reachedBy, block.timestamp)
        );
    }

    /// @dev Reverts unless certificates about the source count, by what the table says of it.
    function _requireCertifiable(bytes32 source, uint64 certifiableUntil, uint8 flags) private view {
        require(block.timestamp < certifiableUntil, NotCertifiable(source, certifiableUntil));
        require(flags & FAULTED == 0, SourceFaulted(source));
    }

    /// @dev Reverts unless a quorum of the table signed the statement.
    function _requireSigned(ICertificateVerifier table, Statement memory statement) private view {
        bytes32 root = MerkleProof.processProof(statement.siblings, hashCheckpoint(statement.checkpoint));
        table.verify(
            certificateDigest(CERTIFICATE_DOMAIN, root),
            statement.certificate,
            MIN_QUORUM_BPS,
            statement.checkpoint.source
        );
    }
}
