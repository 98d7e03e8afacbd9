// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {MIN_QUORUM_BPS} from "../types/Table.sol";

/// @notice Reverts unless this weight is strictly more than the quorum, and the table weighs no less than its floor.
/// @param signedWeight What the signers weigh.
/// @param weights `uint96 weightFloor ‖ uint160 totalWeight`; the floor is not zero.
/// @param quorumBps Share of the total weight in basis points.
function requireQuorum(uint256 signedWeight, uint256 weights, uint256 quorumBps) pure {
    uint256 totalWeight = uint160(weights);
    // The floor is not zero.
    if (totalWeight < weights >> 160) revert ICertificateVerifier.WeightBelowFloor(totalWeight, weights >> 160);
    // No overflow: weights are sums of at most 256 terms of 96 bits.
    unchecked {
        if (!(quorumBps >= MIN_QUORUM_BPS && signedWeight * 10_000 > totalWeight * quorumBps))
            revert ICertificateVerifier.QuorumNotReached(signedWeight, totalWeight, quorumBps);
    }
}
