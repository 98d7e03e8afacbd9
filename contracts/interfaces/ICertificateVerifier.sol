// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SourceStatus} from "../types/Table.sol";

/// @notice Verifies certificates with one operator table. One contract a table: immutable, it carries the operators' keys
/// and weights and the sources it may speak about. Anyone may call; nothing here writes.
interface ICertificateVerifier {
    /// @notice The table's total weight is zero or below its floor.
    error WeightBelowFloor(uint256 totalWeight, uint256 floor);

    /// @notice From `expiry` on (seconds) the table verifies no certificate; evidence it still does.
    error TableExpired(uint256 expiry, uint256 time);

    /// @notice The certificate is cut off, its indices do not ascend strictly, or one is beyond the table.
    error MalformedCertificate();

    /// @notice The signature of this operator does not recover to its key, or is not in its canonical (low s) form.
    error InvalidSignature(uint256 index);

    /// @notice The signers hold no more than `quorumBps` of the total weight, or `quorumBps` is below the minimum.
    error QuorumNotReached(uint256 signedWeight, uint256 totalWeight, uint256 quorumBps);

    /// @notice Reverts unless signers of strictly more than `quorumBps` of the table's total weight signed the digest.
    /// @param digest What the operators signed.
    /// @param certificate Their signatures, in the scheme's encoding.
    /// @param quorumBps Share of the total weight in basis points, 6,667 at least.
    /// @param source Id of the member that the certificate is about.
    /// @return status What the table says of the source; zero if it does not know it.
    function verify(
        bytes32 digest,
        bytes calldata certificate,
        uint16 quorumBps,
        bytes32 source
    ) external view returns (SourceStatus status);

    /// @notice Reverts unless signers of strictly more than 6,667 basis points of the table's total weight signed the digest:
    /// what `verify` asks of them, but whether the table has expired or not, and whatever it says of the source. For evidence
    /// of a lie alone, which ends what the table brought about and so must count for as long as that lasts.
    /// @param digest What the operators signed.
    /// @param certificate Their signatures, in the scheme's encoding.
    function verifyEvidence(bytes32 digest, bytes calldata certificate) external view;

    /// @notice What the table says of a source; the same as `verify` returns.
    function sourceStatus(bytes32 source) external view returns (SourceStatus status);

    /// @notice The table.
    /// @return id Hash of the item that brought it.
    /// @return snapshot When L1 took it, seconds.
    /// @return expiry From then on it verifies no certificate, seconds.
    /// @return totalWeight Sum of the operators' weights.
    function table() external view returns (bytes32 id, uint64 snapshot, uint64 expiry, uint96 totalWeight);
}
