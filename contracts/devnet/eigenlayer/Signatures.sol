// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISignatures} from "../../interfaces/eigenlayer/ISignatures.sol";

/// @title Part of the EigenLayer stand-in: EIP-712 digests, and signatures over them
/// @notice Computed at each call, since code that is placed at an address has run no constructor. The version is "1", as in
/// EigenLayer's releases since the `v` was dropped; ask the contract for a digest instead of rebuilding it. Leaves out nothing of it.
abstract contract Signatures is ISignatures {
    bytes32 private constant DOMAIN_TYPEHASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );

    /// @inheritdoc ISignatures
    function domainSeparator() public view returns (bytes32) {
        return
            keccak256(
                abi.encode(DOMAIN_TYPEHASH, keccak256("EigenLayer"), keccak256("1"), block.chainid, address(this))
            );
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return MessageHashUtils.toTypedDataHash(domainSeparator(), structHash);
    }

    /// @dev As in EigenLayer, a signature of the signer's own key counts even if its account has code (EIP-7702).
    /// @param expiry The last second at which the signature counts.
    function _checkSignature(address signer, bytes32 digest, bytes memory signature, uint256 expiry) internal view {
        require(expiry >= block.timestamp, SignatureExpired());
        (address recovered, ECDSA.RecoverError problem, ) = ECDSA.tryRecover(digest, signature);
        bool isOwn = problem == ECDSA.RecoverError.NoError && recovered == signer;
        require(isOwn || SignatureChecker.isValidERC1271SignatureNow(signer, digest, signature), InvalidSignature());
    }
}
