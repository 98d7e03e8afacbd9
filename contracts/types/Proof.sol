// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInbox} from "../interfaces/IInbox.sol";

/// @notice Reads what proves a lane's word. Byte tables in docs/PROTOCOL.md.
library Proof {
    /// @notice The Inbox holds the word: `kind ‖ level`.
    uint8 internal constant HELD = 0;

    /// @notice Operators signed it: `kind ‖ level ‖ reachedBy ‖ [blockHash] ‖ siblings ‖ certificate`.
    uint8 internal constant CERTIFICATE = 1;

    /// @notice Reads the statement's fields that the Inbox does not know.
    /// @return reachedBy Seconds.
    /// @return blockHash Zero unless `hasBlockHash`.
    /// @return end Offset behind them.
    function readStatement(
        bytes calldata proof,
        uint256 offset,
        bool hasBlockHash
    ) internal pure returns (uint64 reachedBy, bytes32 blockHash, uint256 end) {
        end = offset + (hasBlockHash ? 40 : 8);
        require(end <= proof.length, IInbox.MalformedProof());
        reachedBy = uint64(bytes8(proof[offset:offset + 8]));
        if (hasBlockHash) blockHash = bytes32(proof[offset + 8:end]);
    }

    /// @notice Reads `depth ‖ depth × sibling`.
    /// @return siblings From the leaf to the root.
    /// @return end Offset behind them.
    function readSiblings(
        bytes calldata proof,
        uint256 offset
    ) internal pure returns (bytes32[] calldata siblings, uint256 end) {
        require(offset < proof.length, IInbox.MalformedProof());
        uint256 depth = uint8(proof[offset]);
        end = offset + 1 + depth * 32;
        require(end <= proof.length, IInbox.MalformedProof());
        // In bounds: the check above.
        assembly ("memory-safe") {
            siblings.offset := add(add(proof.offset, offset), 1)
            siblings.length := depth
        }
    }
}
