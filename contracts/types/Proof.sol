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
        require(proof.length >= 2, IInbox.MalformedProof());
        // In bounds: the check above.
        assembly ("memory-safe") {
            let word := calldataload(proof.offset)
            kind := byte(0, word)
            level := byte(1, word)
        }
    }

    /// @notice Reads the statement's fields that the Inbox does not know.
    /// @return reachedBy Seconds.
    /// @return blockHash Zero unless `hasBlockHash`.
    /// @return end Offset behind them.
    function readStatement(
        bytes calldata proof,
        uint256 offset,
        bool hasBlockHash
    ) internal pure returns (uint64 reachedBy, bytes32 blockHash, uint256 end) {
        // No overflow: an offset in calldata.
        unchecked {
            end = offset + (hasBlockHash ? 40 : 8);
        }
        require(end <= proof.length, IInbox.MalformedProof());
        // In bounds: the check above.
        assembly ("memory-safe") {
            let field := add(proof.offset, offset)
            reachedBy := shr(192, calldataload(field))
            if hasBlockHash {
                blockHash := calldataload(add(field, 8))
            }
        }
    }

    /// @notice Reads `depth ‖ depth × sibling`.
    /// @return siblings From the leaf to the root.
    /// @return rest What comes behind them.
    function readSiblings(
        bytes calldata proof,
        uint256 offset
    ) internal pure returns (bytes32[] calldata siblings, bytes calldata rest) {
        require(offset < proof.length, IInbox.MalformedProof());
        bool valid;
        // No overflow: an offset in calldata and one byte times 32. In bounds if `valid`.
        assembly ("memory-safe") {
            siblings.offset := add(add(proof.offset, offset), 1)
            siblings.length := byte(0, calldataload(sub(siblings.offset, 1)))
            rest.offset := add(siblings.offset, shl(5, siblings.length))
            let end := add(proof.offset, proof.length)
            valid := iszero(gt(rest.offset, end))
            rest.length := sub(end, rest.offset)
        }
        require(valid, IInbox.MalformedProof());
    }
}
