// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {readCertificate} from "../types/Certificate.sol";
import {CodeData} from "../types/CodeData.sol";
import {clampWeights, sortWords} from "../types/TableOperators.sol";
import {readTable, TakenTable} from "../types/TakenTable.sol";

/// @title How L1 makes, keeps and reads operator tables, function by function, for tests
contract TablesHarness {
    /// @dev Data was kept as the code of an account.
    event Kept(address account);

    function keep(bytes calldata data) external {
        emit Kept(CodeData.deploy(data));
    }

    function kept(address account, uint256 offset) external view returns (bytes memory) {
        return CodeData.read(account, offset);
    }

    function sorted(uint256[] calldata words) external pure returns (uint256[] memory) {
        return sortWords(words);
    }

    function clamped(
        uint256[] memory operators
    ) external pure returns (uint256[] memory clampedOperators, uint256 totalWeight) {
        totalWeight = clampWeights(operators);
        return (operators, totalWeight);
    }

    function table(
        bytes calldata item
    ) external pure returns (address[] memory keys, uint256[] memory weights, uint256 totalWeight) {
        TakenTable memory taken = readTable(item);
        uint256 length = taken.operators.length;
        keys = new address[](length);
        weights = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            (keys[i], weights[i]) = (taken.keyAt(i), taken.weightAt(i));
        }
        return (keys, weights, taken.totalWeight);
    }

    function isQuorum(bytes calldata item, uint256 weight) external pure returns (bool) {
        return readTable(item).isQuorum(weight);
    }

    function certificate(
        bytes calldata item,
        bytes calldata certificate_,
        bytes32 digest,
        uint256 index
    ) external pure returns (uint256 weight, bool signed) {
        return readCertificate(certificate_, digest, readTable(item), index);
    }
}
