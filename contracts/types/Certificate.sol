// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICertificateVerifier} from "../interfaces/ICertificateVerifier.sol";
import {TakenTable} from "./TakenTable.sol";

/// @dev Bytes of one signature: operator index 1, r 32, yParityAndS 32 (EIP-2098).
uint256 constant SIGNATURE_LENGTH = 65;

/// @notice Reads an ECDSA certificate as an operator table does (R17), but for the quorum: indices strictly ascending, each
/// signature its operator's, s low. Reverts with `MalformedCertificate` or `InvalidSignature` of `ICertificateVerifier`.
/// @param certificate One signature or more.
/// @param digest What was signed.
/// @param table Whose operators signed.
/// @param index An operator's position.
/// @return weight What the signers weigh.
/// @return signed Whether the operator at `index` is one of them.
function readCertificate(
    bytes memory certificate,
    bytes32 digest,
    TakenTable memory table,
    uint256 index
) pure returns (uint256 weight, bool signed) {
    uint256 length = certificate.length;
    require(length != 0 && length % SIGNATURE_LENGTH == 0, ICertificateVerifier.MalformedCertificate());
    uint256 least = 0;
    for (uint256 offset = 0; offset < length; offset += SIGNATURE_LENGTH) {
        uint256 signer = uint8(certificate[offset]);
        require(signer >= least && signer < table.operators.length, ICertificateVerifier.MalformedCertificate());
        least = signer + 1;
        bytes32 r;
        bytes32 yParityAndS;
        // In bounds: the certificate holds whole signatures.
        assembly ("memory-safe") {
            let signature := add(add(certificate, 0x21), offset)
            r := mload(signature)
            yParityAndS := mload(add(signature, 0x20))
        }
        // A failed recovery is of address zero, and no key is zero.
        (address key, , ) = ECDSA.tryRecover(digest, r, yParityAndS);
        require(key == table.keyAt(signer), ICertificateVerifier.InvalidSignature(signer));
        weight += table.weightAt(signer);
        if (signer == index) signed = true;
    }
}
