// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Options} from "./Options.sol";

bytes32 constant MESSAGE_TYPEHASH = keccak256(
    "Message(bytes32 source,uint256 destinationChainId,address sender,address recipient,uint64 options,bytes payload)"
);

/// @dev Longest payload in bytes.
uint256 constant MAX_PAYLOAD = 16_384;

/// @notice What a message's place in its lane commits to (EIP-712 hashStruct of `Message`).
/// @param source Id of the source member.
/// @param destinationChainId Chain id of the destination member.
/// @param sender Who called `sendMessage` on the source.
/// @param recipient Whom the destination calls.
/// @param options Decoded attributes.
/// @param payload The payload, opaque to Parley.
function hashMessage(
    bytes32 source,
    uint256 destinationChainId,
    address sender,
    address recipient,
    Options options,
    bytes calldata payload
) pure returns (bytes32 messageHash) {
    bytes32 typehash = MESSAGE_TYPEHASH;
    // Equals keccak256(abi.encode(MESSAGE_TYPEHASH, source, destinationChainId, sender, recipient, options,
    // keccak256(payload))), as the test vectors show. Memory above the free pointer is scratch; the addresses are cleaned.
    assembly ("memory-safe") {
        let buffer := mload(0x40)
        calldatacopy(buffer, payload.offset, payload.length)
        let payloadHash := keccak256(buffer, payload.length)
        mstore(buffer, typehash)
        mstore(add(buffer, 0x20), source)
        mstore(add(buffer, 0x40), destinationChainId)
        mstore(add(buffer, 0x60), shr(96, shl(96, sender)))
        mstore(add(buffer, 0x80), shr(96, shl(96, recipient)))
        mstore(add(buffer, 0xa0), and(options, 0xffffffffffffffff))
        mstore(add(buffer, 0xc0), payloadHash)
        messageHash := keccak256(buffer, 0xe0)
    }
}
