// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @title What EigenLayer's contracts that check signatures have in common
/// @notice EIP-712 (https://eips.ethereum.org/EIPS/eip-712) under the domain (name "EigenLayer", the major version of the release,
/// chain id, the contract itself).
interface ISignatures {
    /// @notice The signature is not one of the signer (ECDSA, or ERC-1271 if the signer has code) over the digest.
    error InvalidSignature();

    /// @notice The signature's last second has passed.
    error SignatureExpired();

    /// @notice The EIP-712 domain separator of this contract.
    function domainSeparator() external view returns (bytes32);
}
