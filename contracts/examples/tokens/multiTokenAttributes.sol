// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev What a message gets that names no limit: enough for one id, and a recipient's hook.
uint256 constant BASE_GAS = 200_000;

/// @dev Of each further id: releasing it writes two slots, one of them for the first time (27,100), and reads its words.
uint256 constant GAS_OF_AN_ID = 30_000;

/// @dev Of an id in a payload: itself and its value.
uint256 constant BYTES_OF_AN_ID = 64;

/// @notice The attributes of a message that moves ERC-1155 tokens: a gas limit by the payload's length, as OpenZeppelin's bridges
/// encode it, so that a transfer of many ids arrives in a batch like any other. The longest payload (16,384 bytes) asks for less
/// than the most that a message may (8,000,000).
function multiTokenAttributes(bytes memory payload) pure returns (bytes[] memory attributes) {
    attributes = new bytes[](1);
    uint256 gasLimit = BASE_GAS + (payload.length / BYTES_OF_AN_ID) * GAS_OF_AN_ID;
    attributes[0] = abi.encodeWithSignature("gasLimit(uint256)", gasLimit);
}
