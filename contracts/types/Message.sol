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
) pure returns (bytes32) {
    return
        keccak256(
            abi.encode(MESSAGE_TYPEHASH, source, destinationChainId, sender, recipient, options, keccak256(payload))
        );
}
