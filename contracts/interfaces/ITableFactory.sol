// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "./ICertificateVerifier.sol";
import {TableHeader} from "../types/Table.sol";

/// @notice Deploys operator tables of one signature scheme.
interface ITableFactory {
    /// @notice Deploys a table. Anyone may call: a caller trusts only what its own call returned.
    /// @param header What the table says of itself.
    /// @param sources Two words a source, ids strictly ascending: the id, and `uint64 certifiableUntil ‖ uint8 flags`
    /// in the low 72 bits.
    /// @param operators The operators in the scheme's encoding.
    /// @return table The table, or zero if `header`, `sources` or `operators` is not valid: no operator, too many, a zero
    /// key or weight, keys or ids that do not ascend strictly, a zero floor. Reverts only where gas is short.
    function deploy(
        TableHeader calldata header,
        bytes32[] calldata sources,
        bytes calldata operators
    ) external returns (ICertificateVerifier table);

    /// @notice Scheme of the tables it makes; 1 is ECDSA.
    function scheme() external view returns (uint8);
}
