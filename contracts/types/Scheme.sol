// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Schemes of tables and certificates (docs/PROTOCOL.md).
library Scheme {
    uint8 internal constant ECDSA = 1;
    uint8 internal constant BN254 = 2;
}
