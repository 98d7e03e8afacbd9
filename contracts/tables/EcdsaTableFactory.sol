// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {CodeData} from "../types/CodeData.sol";
import {TableHeader} from "../types/Table.sol";
import {CheckedTableFactory} from "./CheckedTableFactory.sol";
import {EcdsaOperatorTable} from "./EcdsaOperatorTable.sol";

/// @title Factory of operator tables, ECDSA scheme
/// @notice Deploys a table as `EcdsaOperatorTable`'s code with the data behind it.
contract EcdsaTableFactory is CheckedTableFactory {
    function _deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators,
        uint256 totalWeight
    ) internal override returns (ICertificateVerifier) {
        bytes memory trailer = abi.encodePacked(
            header.id,
            header.snapshot,
            header.expiry,
            uint64(0),
            uint32(operators.length / 32),
            uint32(sources.length / 2),
            header.weightFloor,
            uint160(totalWeight)
        );
        return
            ICertificateVerifier(
                CodeData.deploy(abi.encodePacked(type(EcdsaOperatorTable).runtimeCode, sources, operators, trailer))
            );
    }
}
