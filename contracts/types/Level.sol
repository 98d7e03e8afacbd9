// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How certain it is that a word stays on its lane. Plain numbers, because attributes, proofs and certificates
/// carry them in one byte and order matters: fast < final < settled. 0 is no level.
library Level {
    /// @notice On the word of a quorum; the block in which it was read may still be reorganised.
    uint8 internal constant FAST = 1;

    /// @notice On the word of a quorum; derived from finalized L1.
    uint8 internal constant FINAL = 2;

    /// @notice Proven through L1 by the source's canonical bridge; no operator needed.
    uint8 internal constant SETTLED = 3;
}
