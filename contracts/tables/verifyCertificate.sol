// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {IInbox} from "../interfaces/IInbox.sol";
import {SourceStatus} from "../types/Table.sol";

/// @notice Same as `table.verify(digest, certificate, quorumBps, source)`, 400 gas cheaper: the call is written into scratch
/// memory once, and its one word is read back without further ado. Reverts as the table does, with `NoTable` for none.
/// @dev Against a reference in test/contracts/tables/.
/// @param table A table that its factory deployed, or zero.
/// @param digest What the operators signed.
/// @param certificate Their signatures.
/// @param quorumBps Share of the total weight in basis points.
/// @param source Id of the member that the certificate is about.
/// @return status What the table says of the source.
function verifyCertificate(
    ICertificateVerifier table,
    bytes32 digest,
    bytes calldata certificate,
    uint16 quorumBps,
    bytes32 source
) view returns (SourceStatus status) {
    bytes4 noTable = IInbox.NoTable.selector;
    bytes4 selector = ICertificateVerifier.verify.selector;
    // Memory above the free pointer is scratch: selector 4 ‖ digest ‖ offset 0x80 ‖ quorumBps ‖ source ‖ length ‖ certificate,
    // with some bytes behind it up to a whole word. An account without code returns nothing and is refused;
    // the table refuses a quorum of more than 16 bits.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mstore(buffer, selector)
        mstore(add(buffer, 0x04), digest)
        mstore(add(buffer, 0x24), 0x80)
        mstore(add(buffer, 0x44), quorumBps)
        mstore(add(buffer, 0x64), source)
        mstore(add(buffer, 0x84), certificate.length)
        calldatacopy(add(buffer, 0xa4), certificate.offset, certificate.length)
        let length := add(0xa4, and(add(certificate.length, 31), not(31)))
        let success := staticcall(gas(), table, buffer, length, 0x00, 0x20)
        if iszero(and(success, gt(returndatasize(), 31))) {
            if iszero(table) {
                mstore(0x00, noTable)
                revert(0x00, 0x04)
            }
            returndatacopy(buffer, 0, returndatasize())
            revert(buffer, returndatasize())
        }
        status := mload(0x00)
    }
}
