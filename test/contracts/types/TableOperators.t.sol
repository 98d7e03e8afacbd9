// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {clampWeights, sortWords} from "../../../contracts/types/TableOperators.sol";

/// @title Fuzz tests of the operators of a table
contract TableOperatorsTest {
    uint256 private constant MAX_WEIGHT = type(uint96).max / 256;

    /// @notice Of three or more none weighs more than a third, and nobody gains weight nor changes his key.
    function testFuzz_R31_noneWeighsMoreThanAThird(uint256[] memory random) external pure {
        uint256[] memory operators = _operators(random, 3);
        uint256[] memory before = _copy(operators, operators.length);
        uint256 total = clampWeights(operators);
        uint256 sum = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            assert(operators[i] >> 96 == before[i] >> 96);
            assert(uint96(operators[i]) <= uint96(before[i]));
            assert(uint256(uint96(operators[i])) * 3 <= total);
            sum += uint96(operators[i]);
        }
        assert(sum == total);
    }

    /// @notice From three on, an operator more never lowers the sum: nobody pushes a table below its floor by joining.
    function testFuzz_R31_anOperatorMoreNeverLowersTheSum(uint256[] memory random) external pure {
        uint256[] memory operators = _operators(random, 4);
        uint256[] memory fewer = _copy(operators, operators.length - 1);
        assert(clampWeights(operators) >= clampWeights(fewer));
    }

    /// @notice Nobody is cut who need not be: whoever weighs a third at most keeps its weight.
    function testFuzz_R31_cutsNobodyBelowAThird(uint256[] memory random) external pure {
        uint256[] memory operators = _operators(random, 3);
        uint256[] memory before = _copy(operators, operators.length);
        uint256 total = clampWeights(operators);
        for (uint256 i = 0; i < operators.length; ++i) {
            uint256 weight = uint96(operators[i]);
            // Rounding leaves two wei at most below a third.
            if (weight < uint96(before[i])) assert(weight * 3 + 3 >= total);
        }
    }

    /// @notice The words in order, none lost, none made.
    function testFuzz_sorts(uint256[] memory words) external pure {
        uint256 sum = 0;
        uint256 mixed = 0;
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] >>= 16;
            sum += words[i];
            mixed ^= words[i];
        }
        uint256 length = words.length;
        uint256[] memory sorted = sortWords(words);
        assert(sorted.length == length);
        for (uint256 i = 0; i < length; ++i) {
            assert(i == 0 || sorted[i - 1] <= sorted[i]);
            sum -= sorted[i];
            mixed ^= sorted[i];
        }
        assert(sum == 0 && mixed == 0);
    }

    /// @dev Operators of weights that are far apart, at least `least` and at most 256.
    function _operators(uint256[] memory random, uint256 least) private pure returns (uint256[] memory operators) {
        uint256 length = random.length < least ? least : random.length;
        if (length > 256) length = 256;
        operators = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 word = uint256(keccak256(abi.encode(i < random.length ? random[i] : i)));
            uint256 weight = (uint256(uint64(word)) >> (uint8(word >> 64) % 64)) * (1 << (uint8(word >> 72) % 24));
            operators[i] = ((i + 1) << 96) | (1 + (weight % MAX_WEIGHT));
        }
    }

    function _copy(uint256[] memory words, uint256 length) private pure returns (uint256[] memory copy) {
        copy = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            copy[i] = words[i];
        }
    }
}
