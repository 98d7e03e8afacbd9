// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The bytes are not the canonical ERC-7930 form of a 20-byte address on a chain with an EIP-155 id: version 1,
/// chain type 0, a chain reference without leading zeros, nothing behind the address.
error InvalidInteroperableAddress(bytes interoperableAddress);

/// @notice Decodes an ERC-7930 interoperable address, accepting its one canonical form only, so that no two byte strings
/// name one recipient. OpenZeppelin's `parseEvmV1` tolerates leading zeros and trailing bytes.
/// @return chainId EIP-155 chain id, not zero.
/// @return account The address.
function parseEvmAddress(bytes calldata interoperableAddress) pure returns (uint256 chainId, address account) {
    uint256 length = interoperableAddress.length;
    // 2 version, 2 chain type, 1 length, 1 to 32 chain reference, 1 length, 20 address.
    if (!(length >= 27 && length <= 58)) revert InvalidInteroperableAddress(interoperableAddress);
    // No underflow: length >= 27.
    unchecked {
        uint256 referenceLength = length - 26;
        bytes5 prefix = bytes5(uint40(0x0001_0000_00 | referenceLength));
        if (
            !(bytes5(interoperableAddress) == prefix &&
                interoperableAddress[5] != 0 &&
                interoperableAddress[5 + referenceLength] == 0x14)
        ) revert InvalidInteroperableAddress(interoperableAddress);
        // Bytes behind the reference are shifted out: it is 1 to 32 bytes long.
        chainId = uint256(bytes32(interoperableAddress[5:5 + referenceLength]) >> (256 - 8 * referenceLength));
        account = address(bytes20(interoperableAddress[length - 20:]));
    }
}

/// @notice The canonical ERC-7930 form of an address on a chain; equals OpenZeppelin's `InteroperableAddress.formatEvmV1`
/// at half its gas. Padded with zeros to whole words.
/// @param chainId EIP-155 chain id, not zero.
/// @param account The address.
function formatEvmAddress(uint256 chainId, address account) pure returns (bytes memory interoperableAddress) {
    // Allocates a length word and two words of content.
    assembly ("memory-safe") {
        interoperableAddress := mload(0x40)
        mstore(0x40, add(interoperableAddress, 0x60))
    }
    writeEvmAddress(interoperableAddress, chainId, account);
}

/// @dev Writes the canonical ERC-7930 form of an address, padded with zeros, over `place`, which must have room for two words.
function writeEvmAddress(bytes memory place, uint256 chainId, address account) pure {
    uint256 referenceLength = 1;
    // No overflow: at most 32 rounds.
    unchecked {
        for (uint256 rest = chainId >> 8; rest != 0; rest >>= 8) ++referenceLength;
    }
    // 00010000 ‖ length 1 ‖ chain reference ‖ 14 ‖ address 20: 27 to 58 bytes. Each store covers what comes before it with
    // at most zeros behind.
    assembly ("memory-safe") {
        mstore(place, add(26, referenceLength))
        mstore(add(place, 0x40), 0)
        mstore(add(place, 0x20), or(shl(224, 0x00010000), shl(216, referenceLength)))
        mstore(add(place, 0x25), shl(sub(256, shl(3, referenceLength)), chainId))
        mstore(add(add(place, 0x25), referenceLength), or(shl(248, 20), shl(88, shr(96, shl(96, account)))))
    }
}
