// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {ITableFactory} from "../interfaces/ITableFactory.sol";
import {MAX_OPERATORS, TableHeader} from "../types/Table.sol";
import {areSourcesValid} from "./areSourcesValid.sol";

/// @title Factory of operator tables that checks them
/// @notice What a table of the ECDSA scheme relies on, checked before it is made; how it keeps its data is its form's.
abstract contract CheckedTableFactory is ITableFactory {
    /// @inheritdoc ITableFactory
    uint8 public constant scheme = 1; // solhint-disable-line const-name-snakecase

    /// @inheritdoc ITableFactory
    function deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators
    ) external returns (ICertificateVerifier) {
        (bool valid, uint256 totalWeight) = _sumOfWeights(operators);
        if (!valid || header.weightFloor == 0 || !areSourcesValid(sources)) {
            return ICertificateVerifier(address(0));
        }
        return _deploy(header, sources, operators, totalWeight);
    }

    /// @dev Deploys a table of what was checked.
    function _deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators,
        uint256 totalWeight
    ) internal virtual returns (ICertificateVerifier);

    /// @dev Whether there are 1 to MAX_OPERATORS operators with weight and strictly ascending, so also distinct and non-zero,
    /// keys; and the sum of their weights, which must fit 96 bits.
    function _sumOfWeights(bytes calldata operators) private pure returns (bool valid, uint256 totalWeight) {
        uint256 length = operators.length;
        if (length == 0 || length % 32 != 0 || length > MAX_OPERATORS * 32) return (false, 0);
        uint256 previousKey = 0;
        for (uint256 offset = 0; offset < length; offset += 32) {
            uint256 operator = uint256(bytes32(operators[offset:offset + 32]));
            uint256 key = operator >> 96;
            uint256 weight = uint96(operator);
            if (key <= previousKey || weight == 0) return (false, 0);
            previousKey = key;
            totalWeight += weight;
        }
        valid = totalWeight <= type(uint96).max;
    }
}
