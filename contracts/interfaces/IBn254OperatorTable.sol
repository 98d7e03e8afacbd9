// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICertificateVerifier} from "./ICertificateVerifier.sol";

/// @notice An operator table of the BN254 scheme: what its certificates are refused for beside what `ICertificateVerifier` says.
/// There, for this scheme: `MalformedCertificate` is of one that is cut off, has no roots or more
/// than 32, names an operator beyond the table or out of order as absent, or all of them; `InvalidSignature` does not occur.
interface IBn254OperatorTable is ICertificateVerifier {
    /// @notice The certificate's root at this place is not reduced, not even, or not the root that belongs there.
    error WrongRoot(uint256 place);

    /// @notice The signature is the identity or no point of the curve, the signers' key is not theirs, or who is not absent did not
    /// sign.
    error InvalidAggregate();

    /// @notice The keys and weights of the operators in the table's order: `x 32 ‖ y 32 ‖ weight 12` each.
    function operators() external view returns (bytes memory);
}
