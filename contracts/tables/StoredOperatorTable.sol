// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {MIN_QUORUM_BPS, SourceStatus, TableHeader} from "../types/Table.sol";

/// @title Operator table that keeps its data in storage, ECDSA scheme
/// @notice Verifies exactly what an `EcdsaOperatorTable` of the same data verifies, with the same errors, and needs nothing that
/// EraVM does not have: no code is read, and all such tables have the same.
///
/// The factory guarantees the order of keys and ids, that neither a key nor the floor is zero, and the sum of the weights. A copy
/// of this contract deployed otherwise is nobody's table.
contract StoredOperatorTable is ICertificateVerifier {
    /// @dev Bytes of one signature: operator index 1, r 32, yParityAndS 32 (EIP-2098).
    uint256 private constant _SIGNATURE_LENGTH = 65;

    uint256 private constant _SECP256K1_HALF_N = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    TableHeader private _header;
    uint96 private _totalWeight;

    /// @dev Two words each, ids strictly ascending; see `ITableFactory.deploy`.
    bytes32[] private _sources;

    /// @dev `bytes20 key ‖ uint96 weight` each, keys strictly ascending.
    uint256[] private _operators;

    /// @param header What the table says of itself.
    /// @param sources Two words a source; see `ITableFactory.deploy`.
    /// @param operators `bytes20 key ‖ uint96 weight` each.
    /// @param totalWeight Sum of the weights, of at most 96 bits.
    constructor(TableHeader memory header, bytes32[] memory sources, bytes memory operators, uint256 totalWeight) {
        _header = header;
        // The factory refuses a sum above 96 bits.
        _totalWeight = uint96(totalWeight);
        _sources = sources;
        for (uint256 offset = 32; offset <= operators.length; offset += 32) {
            uint256 operator;
            // A word of `operators`: offset is at most its length.
            assembly ("memory-safe") {
                operator := mload(add(operators, offset))
            }
            _operators.push(operator);
        }
    }

    /// @inheritdoc ICertificateVerifier
    function verify(
        bytes32 digest,
        bytes calldata certificate,
        uint16 quorumBps,
        bytes32 source
    ) external view returns (SourceStatus status) {
        uint256 expiry = _header.expiry;
        require(block.timestamp < expiry, TableExpired(expiry, block.timestamp));
        _requireQuorum(digest, certificate, quorumBps);
        return sourceStatus(source);
    }

    /// @inheritdoc ICertificateVerifier
    function verifyEvidence(bytes32 digest, bytes calldata certificate) external view {
        _requireQuorum(digest, certificate, MIN_QUORUM_BPS);
    }

    /// @inheritdoc ICertificateVerifier
    function table() external view returns (bytes32 id, uint64 snapshot, uint64 expiry, uint96 totalWeight) {
        return (_header.id, _header.snapshot, _header.expiry, _totalWeight);
    }

    /// @inheritdoc ICertificateVerifier
    function sourceStatus(bytes32 source) public view returns (SourceStatus status) {
        uint256 low = 0;
        uint256 high = _sources.length / 2;
        while (low < high) {
            uint256 middle = (low + high) / 2;
            bytes32 id = _sources[2 * middle];
            if (id == source) return SourceStatus.wrap(uint256(_sources[2 * middle + 1]));
            if (id < source) low = middle + 1;
            else high = middle;
        }
    }

    /// @dev Reverts unless signers of strictly more than the quorum signed, and the table weighs no less than its floor.
    function _requireQuorum(bytes32 digest, bytes calldata certificate, uint16 quorumBps) private view {
        uint256 signedWeight = _signedWeight(digest, certificate);
        (uint256 totalWeight, uint256 floor) = (_totalWeight, _header.weightFloor);
        require(totalWeight >= floor, WeightBelowFloor(totalWeight, floor));
        require(
            quorumBps >= MIN_QUORUM_BPS && signedWeight * 10_000 > totalWeight * quorumBps,
            QuorumNotReached(signedWeight, totalWeight, quorumBps)
        );
    }

    /// @dev Adds up the weights of the signers; reverts at the first signature that is not exactly as it must be.
    function _signedWeight(bytes32 digest, bytes calldata certificate) private view returns (uint256 weight) {
        require(certificate.length != 0 && certificate.length % _SIGNATURE_LENGTH == 0, MalformedCertificate());
        uint256 next = 0;
        for (uint256 offset = 0; offset < certificate.length; offset += _SIGNATURE_LENGTH) {
            uint256 index = uint8(certificate[offset]);
            require(index >= next && index < _operators.length, MalformedCertificate());
            next = index + 1;
            uint256 operator = _operators[index];
            bytes32 r = bytes32(certificate[offset + 1:offset + 33]);
            bytes32 yParityAndS = bytes32(certificate[offset + 33:offset + 65]);
            // No key is zero, as is what `_recover` answers for no signature.
            require(_recover(digest, r, yParityAndS) == address(uint160(operator >> 96)), InvalidSignature(index));
            // The weight's own bits.
            weight += uint96(operator);
        }
    }

    /// @dev The signer, or zero; s must not be above half of the curve's order.
    function _recover(bytes32 digest, bytes32 r, bytes32 yParityAndS) private pure returns (address signer) {
        uint256 s = (uint256(yParityAndS) << 1) >> 1;
        if (s > _SECP256K1_HALF_N) return address(0);
        // 27 or 28.
        uint8 v = uint8(27 + (uint256(yParityAndS) >> 255));
        return ecrecover(digest, v, r, bytes32(s));
    }
}
