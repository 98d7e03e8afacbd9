// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @notice The words, ascending; by merging, because operators choose their keys and with them the order, and a quicksort that
/// they steer costs millions of gas more.
function sortWords(uint256[] memory words) pure returns (uint256[] memory sorted) {
    uint256 length = words.length;
    sorted = words;
    uint256[] memory merged = new uint256[](length);
    for (uint256 run = 1; run < length; run *= 2) {
        for (uint256 start = 0; start < length; start += 2 * run) {
            _merge(sorted, merged, start, Math.min(start + run, length), Math.min(start + 2 * run, length));
        }
        (sorted, merged) = (merged, sorted);
    }
}

/// @notice Cuts weights so that none is more than a third of what they then sum to (R31). Two operators at most can be
/// above: of one, half of what the others have is a third of the new sum; of two, as much as all others have.
/// Fewer than three operators cannot each have a third at most: their weights stay. From three on, an operator more never
/// lowers the sum, so nobody can push a table below its floor by joining.
/// @param operators `address key ‖ uint96 weight` a word; their weights are written over.
/// @return totalWeight The new sum.
function clampWeights(uint256[] memory operators) pure returns (uint256 totalWeight) {
    uint256 heaviest = 0;
    uint256 second = 0;
    for (uint256 i = 0; i < operators.length; ++i) {
        // The weight's own bits.
        uint256 weight = uint96(operators[i]);
        totalWeight += weight;
        if (weight > heaviest) (heaviest, second) = (weight, heaviest);
        else if (weight > second) second = weight;
    }
    if (operators.length < 3 || heaviest * 3 <= totalWeight) return totalWeight;

    uint256 cap = (totalWeight - heaviest) / 2;
    if (second > cap) cap = totalWeight - heaviest - second;
    totalWeight = 0;
    for (uint256 i = 0; i < operators.length; ++i) {
        uint256 weight = Math.min(uint96(operators[i]), cap);
        operators[i] = ((operators[i] >> 96) << 96) | weight;
        totalWeight += weight;
    }
}

/// @dev Writes what `from` has from `left` to `end`, two ascending runs that meet at `middle`, as one to `to`.
function _merge(uint256[] memory from, uint256[] memory to, uint256 left, uint256 middle, uint256 end) pure {
    uint256 right = middle;
    for (uint256 i = left; i < end; ++i) {
        bool takesLeft = left < middle && (right == end || from[left] < from[right]);
        to[i] = takesLeft ? from[left++] : from[right++];
    }
}
