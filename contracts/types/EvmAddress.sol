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
    require(length >= 27 && length <= 58, InvalidInteroperableAddress(interoperableAddress));
    // No underflow: length >= 27.
    unchecked {
        uint256 referenceLength = length - 26;
        bytes5 prefix = bytes5(uint40(0x0001_0000_00 | referenceLength));
        require(
            bytes5(interoperableAddress) == prefix &&
                interoperableAddress[5] != 0 &&
                interoperableAddress[5 + referenceLength] == 0x14,
            InvalidInteroperableAddress(interoperableAddress)
        );
        // Bytes behind the reference are shifted out: it is 1 to 32 bytes long.
        chainId = uint256(bytes32(interoperableAddress[5:5 + referenceLength]) >> (256 - 8 * referenceLength));
        account = address(bytes20(interoperableAddress[length - 20:]));
    }
}
