// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {verifyCertificate} from "../tables/verifyCertificate.sol";
import {certificateDigest, Checkpoint, hashCheckpoint} from "../types/Checkpoint.sol";
import {Equivocation, Statement} from "../types/Equivocation.sol";
import {fold, Lane} from "../types/Lane.sol";
import {Level} from "../types/Level.sol";
import {Proof} from "../types/Proof.sol";
import {SourceStatus} from "../types/Table.sol";
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
        if (checkpoints.length == 0) revert NoCheckpoints();
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
            if (rootOf != root) revert RootsDiffer(rootOf, root);
            if (checkpoint.destination != MEMBER_ID) revert WrongDestination(checkpoint.destination, MEMBER_ID);
            uint16 quorumOf = _requireStatement(
                checkpoint.source,
                checkpoint.level,
                checkpoint.reachedBy,
                checkpoint.blockHash,
                hasOverrides
            );
            if (quorumOf > quorumBps) quorumBps = quorumOf;
        }
        _requireCertified(table, root, rest, quorumBps, checkpoints[0].source);
        for (uint256 i = 0; i < checkpoints.length; ++i) {
            bytes32 source = checkpoints[i].source;
            if (i != 0) _requireCertifiable(source, table.sourceStatus(source));
            _holdCertified(source, checkpoints[i].level, checkpoints[i].laneWord);
        }
    }

    /// @inheritdoc IInbox
    function revokeTable(bytes calldata evidence) external {
        ICertificateVerifier table = _inForce.table;
        if (address(table) == address(0)) revert NoTable();
        Equivocation memory equivocation = abi.decode(evidence, (Equivocation));
        if (!equivocation.conflicts()) revert NoConflict();
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
        if (
            !(!certified.isZero() &&
                !settled.isZero() &&
                ((end == settled && from.count() == certified.count() && from != certified) ||
                    (end == certified && from.count() == settled.count() && from != settled)))
        ) revert NoContradiction();
        _dropCertified(source, level);
    }

    /// @notice Reverts unless the certificate in `proof` counts for this statement of a lane to here.
    /// @param source Id of the source member.
    /// @param word The lane's word.
    /// @param level The statement's level.
    /// @param proof See `Proof`; its kind is `CERTIFICATE`.
    function _requireCertificate(bytes32 source, Lane word, uint8 level, bytes calldata proof) internal view {
        uint64 reachedBy;
        bytes32 blockHash;
        bytes calldata rest;
        bytes32[] calldata siblings;
        (reachedBy, blockHash, rest) = Proof.readStatement(proof, level == Level.FAST);
        (siblings, rest) = Proof.readSiblings(rest);

        (ICertificateVerifier table, bool hasOverrides) = (_inForce.table, _inForce.hasOverrides);
        uint16 quorumBps = _requireStatement(source, level, reachedBy, blockHash, hasOverrides);
        Checkpoint memory checkpoint = Checkpoint(source, MEMBER_ID, word, reachedBy, level, blockHash);
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
        bytes32 digest = certificateDigest(CERTIFICATE_DOMAIN, root);
        _requireCertifiable(source, verifyCertificate(table, digest, certificate, quorumBps, source));
    }

    /// @notice Reverts unless a statement about a source, once signed, counts here.
    /// @return quorumBps The quorum that it needs.
    function _requireStatement(
        bytes32 source,
        uint8 level,
        uint256 reachedBy,
        bytes32 blockHash,
        bool hasOverrides
    ) private view returns (uint16 quorumBps) {
        uint8 minLevel;
        (minLevel, quorumBps) = _demandsOf(source, hasOverrides);
        if (level < minLevel) revert LevelTooLow(level, minLevel);
        // A statement that names a block is fast, one that names none is final; operators cannot speak of settled.
        if (level != (blockHash == 0 ? Level.FINAL : Level.FAST)) revert MalformedProof();
        // No overflow: a time of 64 bits and an hour.
        unchecked {
            if (reachedBy > block.timestamp + MAX_AHEAD) revert TimeOutOfRange(reachedBy, block.timestamp);
            if (level == Level.FAST && reachedBy + MAX_FAST_AGE < block.timestamp) {
                revert TimeOutOfRange(reachedBy, block.timestamp);
            }
        }
    }

    /// @dev Reverts unless certificates about the source count, by what the table says of it.
    function _requireCertifiable(bytes32 source, SourceStatus status) private view {
        uint256 until = status.certifiableUntil();
        if (block.timestamp >= until) revert NotCertifiable(source, until);
        if (status.isFaulted()) revert SourceFaulted(source);
    }

    /// @dev Reverts unless a quorum of the table, expired or not, signed the statement.
    function _requireSigned(ICertificateVerifier table, Statement memory statement) private view {
        bytes32 root = MerkleProof.processProof(statement.siblings, hashCheckpoint(statement.checkpoint));
        table.verifyEvidence(certificateDigest(CERTIFICATE_DOMAIN, root), statement.certificate);
    }
}
