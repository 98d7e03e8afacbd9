// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "../../../contracts/interfaces/ICertificateVerifier.sol";

/// @notice Whether a table takes a certificate.
function verifies(
    ICertificateVerifier table,
    bytes32 digest,
    bytes memory certificate,
    uint16 quorumBps
) view returns (bool) {
    try table.verify(digest, certificate, quorumBps, "source") {
        return true;
    } catch {
        return false;
    }
}

/// @notice Whether a table takes a certificate as evidence.
function verifiesEvidence(ICertificateVerifier table, bytes32 digest, bytes memory certificate) view returns (bool) {
    try table.verifyEvidence(digest, certificate) {
        return true;
    } catch {
        return false;
    }
}
