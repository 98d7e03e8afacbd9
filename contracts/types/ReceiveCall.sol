// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {InteroperableAddress} from "@openzeppelin/contracts/utils/draft-InteroperableAddress.sol";

/// @notice Calldata of `IERC7786Recipient.receiveMessage(id, sender, payload)`, built once a batch and refilled for each
/// message: what does not change (selector, offsets, the source's chain) stays. Equal to `abi.encodeCall` for every
/// message (test/contracts/types/ReceiveCall.test.ts); saves about 1,600 gas a message.
/// @param data Buffer with room for the longest payload and a word more.
/// @param senderAt Memory address of the sender's 20 bytes within their ERC-7930 form.
/// @param payloadAt Memory address of the payload's length word.
struct ReceiveCall {
    bytes data;
    uint256 senderAt;
    uint256 payloadAt;
}

using {deliverTo} for ReceiveCall global;

/// @dev Longest failure reason that is kept, in bytes.
uint256 constant MAX_REASON = 256;

/// @notice Prepares the calls of a batch.
/// @param sourceChainId Chain id of the source member.
/// @param longestPayload Length of the batch's longest payload.
function newReceiveCall(uint256 sourceChainId, uint256 longestPayload) pure returns (ReceiveCall memory self) {
    bytes memory sender = InteroperableAddress.formatEvmV1(sourceChainId, address(0));
    self.data = abi.encodeCall(IERC7786Recipient.receiveMessage, (0, sender, new bytes(longestPayload + 32)));
    bytes memory data = self.data;
    uint256 senderLength = sender.length;
    // Layout of `data`: length 32, selector 4, id 32, two offsets 64, sender's length 32, sender padded to words, payload.
    assembly ("memory-safe") {
        let senderStart := add(data, 164)
        // ERC-7930's EVM form ends with the address.
        mstore(add(self, 0x20), add(senderStart, sub(senderLength, 20)))
        mstore(add(self, 0x40), add(senderStart, and(add(senderLength, 31), not(31))))
    }
}

/// @notice Calls the recipient with one message.
/// @param recipient Whom to call; may be anything.
/// @param gasLimit Gas for the call; the caller has checked that it is there.
/// @param id The message's id.
/// @param sender The message's sender.
/// @param payload The payload, no longer than `longestPayload`.
/// @return success Whether the call returned 32 bytes or more, the first word being exactly the ERC-7786 selector.
function deliverTo(
    ReceiveCall memory self,
    address recipient,
    uint256 gasLimit,
    bytes32 id,
    address sender,
    bytes calldata payload
) returns (bool success) {
    bytes4 selector = IERC7786Recipient.receiveMessage.selector;
    // Writes stay inside `data`: it has room for the longest payload and one word. The word that the payload only partly
    // fills is zeroed before it is copied, so that padding is zero. 32 bytes of return data go to scratch space.
    assembly ("memory-safe") {
        let start := add(mload(self), 32)
        mstore(add(start, 4), id)
        let at := mload(add(self, 0x20))
        mstore(at, or(shl(96, sender), and(mload(at), 0xffffffffffffffffffffffff)))
        at := mload(add(self, 0x40))
        mstore(at, payload.length)
        at := add(at, 32)
        mstore(add(at, and(payload.length, not(31))), 0)
        calldatacopy(at, payload.offset, payload.length)
        let end := add(at, and(add(payload.length, 31), not(31)))
        mstore(0x00, 0)
        let returned := call(gasLimit, recipient, 0, start, sub(end, start), 0x00, 0x20)
        success := and(returned, and(gt(returndatasize(), 31), eq(mload(0x00), selector)))
    }
}

/// @notice The first `MAX_REASON` bytes of what the last call returned.
function returnedReason() pure returns (bytes memory reason) {
    // Allocates `reason` at the free memory pointer, padded to words.
    assembly ("memory-safe") {
        let length := returndatasize()
        if gt(length, MAX_REASON) {
            length := MAX_REASON
        }
        reason := mload(0x40)
        mstore(reason, length)
        returndatacopy(add(reason, 32), 0, length)
        mstore(0x40, add(reason, and(add(length, 63), not(31))))
    }
}
