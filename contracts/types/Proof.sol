// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInbox} from "../interfaces/IInbox.sol";

/// @notice Reads what proves a lane's word. Byte tables in docs/PROTOCOL.md.
library Proof {
    /// @notice The Inbox holds the word: `kind ‖ level`.
    uint8 internal constant HELD = 0;

    /// @notice Operators signed it: `kind ‖ level ‖ reachedBy ‖ [blockHash] ‖ siblings ‖ certificate`.
    uint8 internal constant CERTIFICATE = 1;

    /// @notice Reads `kind ‖ level`.
    function readKind(bytes calldata proof) internal pure returns (uint8 kind, uint8 level) {
        if (proof.length < 2) revert IInbox.MalformedProof();
        // In bounds: the check above.
        assembly ("memory-safe") {
            let word := calldataload(proof.offset)
            kind := byte(0, word)
            level := byte(1, word)
        }
    }

    /// @notice Reads the statement's fields that the Inbox does not know, behind `kind ‖ level`.
    /// @return reachedBy Seconds.
    /// @return blockHash Zero unless `hasBlockHash`.
    /// @return rest What comes behind them.
    function readStatement(
        bytes calldata proof,
        bool hasBlockHash
    ) internal pure returns (uint64 reachedBy, bytes32 blockHash, bytes calldata rest) {
        uint256 length = hasBlockHash ? 42 : 10;
        if (proof.length < length) revert IInbox.MalformedProof();
        // In bounds: the check above.
        assembly ("memory-safe") {
            reachedBy := shr(192, calldataload(add(proof.offset, 2)))
            if hasBlockHash {
                blockHash := calldataload(add(proof.offset, 10))
            }
            rest.offset := add(proof.offset, length)
            rest.length := sub(proof.length, length)
        }
    }

    /// @notice Reads `depth ‖ depth × sibling`.
    /// @return siblings From the leaf to the root.
    /// @return rest What comes behind them.
    function readSiblings(
        bytes calldata path
    ) internal pure returns (bytes32[] calldata siblings, bytes calldata rest) {
        if (path.length == 0) revert IInbox.MalformedProof();
        bool valid;
        // No overflow: one byte times 32. In bounds if `valid`.
        assembly ("memory-safe") {
            siblings.offset := add(path.offset, 1)
            siblings.length := byte(0, calldataload(path.offset))
            let length := add(1, shl(5, siblings.length))
            valid := iszero(gt(length, path.length))
            rest.offset := add(path.offset, length)
            rest.length := sub(path.length, length)
        }
        if (!valid) revert IInbox.MalformedProof();
    }
}
