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
) pure returns (bytes32) {
    return keccak256(abi.encode(settlementChainId, settlement, chainId, gateway));
}
