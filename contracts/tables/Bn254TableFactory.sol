// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {ITableFactory} from "../interfaces/ITableFactory.sol";
import {areKeysOfOne, G1Point, G2Point} from "../types/Bn254.sol";
import {BN254_AGGREGATE_LENGTH, BN254_OPERATOR_LENGTH, Bn254Operators, isBelow} from "../types/Bn254Operators.sol";
import {CodeData} from "../types/CodeData.sol";
import {MAX_OPERATORS, TableHeader} from "../types/Table.sol";
import {areSourcesValid} from "./areSourcesValid.sol";
import {Bn254OperatorTable} from "./Bn254OperatorTable.sol";

/// @title Factory of operator tables, BN254 scheme
/// @notice Deploys a table as `Bn254OperatorTable`'s code with the data behind it, and the operators in an account beside it. All that
/// such a table relies on is checked here, the aggregate key too, although L1 has checked it: it costs a part of what the data costs.
contract Bn254TableFactory is ITableFactory {
    /// @inheritdoc ITableFactory
    uint8 public constant scheme = 2; // solhint-disable-line const-name-snakecase

    /// @inheritdoc ITableFactory
    /// @dev `operators` is `aggregate key 128 ‖ n × ( x 32 ‖ y 32 ‖ uint96 weight )`.
    function deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators
    ) external returns (ICertificateVerifier) {
        uint256 length = operators.length;
        if (
            header.weightFloor == 0 ||
            !areSourcesValid(sources) ||
            length <= BN254_AGGREGATE_LENGTH ||
            length > BN254_AGGREGATE_LENGTH + MAX_OPERATORS * BN254_OPERATOR_LENGTH ||
            (length - BN254_AGGREGATE_LENGTH) % BN254_OPERATOR_LENGTH != 0
        ) return ICertificateVerifier(address(0));
        G2Point memory aggregate = abi.decode(operators[:BN254_AGGREGATE_LENGTH], (G2Point));
        bytes memory packed = operators[BN254_AGGREGATE_LENGTH:];
        (bool valid, G1Point memory sum, uint256 totalWeight) = _sumUp(Bn254Operators(packed));
        if (!valid || !areKeysOfOne(sum, aggregate)) return ICertificateVerifier(address(0));

        // STOP first: the account cannot be called to any effect.
        address data = CodeData.deploy(abi.encodePacked(bytes1(0), packed));
        bytes memory trailer = abi.encodePacked(
            abi.encode(sum, aggregate, data, header.id),
            header.snapshot,
            header.expiry,
            uint96(0),
            uint32(sources.length / 2),
            header.weightFloor,
            uint160(totalWeight)
        );
        return
            ICertificateVerifier(
                CodeData.deploy(abi.encodePacked(type(Bn254OperatorTable).runtimeCode, sources, trailer))
            );
    }

    /// @dev Whether the operators have weight, and keys that are points of the curve and strictly ascending; the sum of the keys, and
    /// that of the weights, which must fit 96 bits.
    function _sumUp(
        Bn254Operators memory operators
    ) private view returns (bool valid, G1Point memory sum, uint256 totalWeight) {
        uint256 count = operators.count();
        G1Point memory previous;
        for (uint256 i = 0; i < count; ++i) {
            G1Point memory key;
            uint256 weight;
            (key.x, key.y, weight) = operators.operatorAt(i);
            if (weight == 0 || !key.isPoint() || !isBelow(previous, key)) return (false, sum, 0);
            sum.add(key.x, key.y);
            totalWeight += weight;
            previous = key;
        }
        valid = totalWeight <= type(uint96).max;
    }
}
