// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice A point of G1 as EigenLayer has it; zeros are the identity.
struct Bn254G1 {
    uint256 X; // solhint-disable-line var-name-mixedcase
    uint256 Y; // solhint-disable-line var-name-mixedcase
}

/// @notice A point of G2 as EigenLayer has it: each coordinate's imaginary part, then its real one (EIP-197).
struct Bn254G2 {
    uint256[2] X; // solhint-disable-line var-name-mixedcase
    uint256[2] Y; // solhint-disable-line var-name-mixedcase
}
