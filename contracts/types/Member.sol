// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Where a member is: one Gateway on one chain.
/// @param chainId EIP-155 chain id, at most 2^64 - 1.
/// @param gateway The Gateway's address on that chain.
struct MemberRef {
    uint256 chainId;
    address gateway;
}

/// @notice The id of a member: it binds the Settlement at which it is registered.
/// @param settlementChainId Chain id of L1.
/// @param settlement The Settlement contract on L1.
/// @param chainId The member's chain id.
/// @param gateway The member's Gateway.
function memberId(
    uint256 settlementChainId,
    address settlement,
    uint256 chainId,
    address gateway
) pure returns (bytes32 id) {
    // Equals keccak256(abi.encode(settlementChainId, settlement, chainId, gateway)), as the test vectors show. Memory above
    // the free pointer is scratch; the addresses are cleaned.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        mstore(buffer, settlementChainId)
        mstore(add(buffer, 0x20), shr(96, shl(96, settlement)))
        mstore(add(buffer, 0x40), chainId)
        mstore(add(buffer, 0x60), shr(96, shl(96, gateway)))
        id := keccak256(buffer, 0x80)
    }
}
