// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {TableHeader} from "../types/Table.sol";
import {CheckedTableFactory} from "./CheckedTableFactory.sol";
import {StoredOperatorTable} from "./StoredOperatorTable.sol";

/// @title Factory of operator tables that keep their data in storage, ECDSA scheme
/// @notice For chains without the EVM's codes, as EraVM: all tables have one code, that is known before, and are made by `new`.
/// Elsewhere `EcdsaTableFactory` makes the same tables for a fraction of the gas.
contract StoredTableFactory is CheckedTableFactory {
    function _deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators,
        uint256 totalWeight
    ) internal override returns (ICertificateVerifier) {
        return new StoredOperatorTable(header, sources, operators, totalWeight);
    }
}
