// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {writeEvmAddress} from "./EvmAddress.sol";
import {MAX_PAYLOAD} from "./Message.sol";

/// @notice Memory address of calldata of `IERC7786Recipient.receiveMessage(id, sender, payload)`, built once a batch and
/// refilled for each message: what does not change (selector, offsets, the source's chain) stays. Equal to `abi.encodeCall`
/// for every message (test/contracts/types/ReceiveCall.test.ts); saves about 2,000 gas a message.
///
///     selector 4 ‖ id 32 ‖ offset of the sender 32 ‖ offset of the payload 32
///     ‖ sender's length 32 ‖ sender in its ERC-7930 form, padded to words ‖ payload's length 32 ‖ payload, padded to words
type ReceiveCall is uint256;

using {deliverTo} for ReceiveCall global;

/// @dev Longest failure reason that is kept, in bytes.
uint256 constant MAX_REASON = 256;

/// @notice Prepares the calls of a batch.
/// @param sourceChainId Chain id of the source member.
/// @param capacity Length that no payload exceeds; `MAX_PAYLOAD` if it is more.
function newReceiveCall(uint256 sourceChainId, uint256 capacity) pure returns (ReceiveCall self) {
    bytes4 selector = IERC7786Recipient.receiveMessage.selector;
    bytes memory sender;
    uint256 maxPayload = MAX_PAYLOAD;
    // The sender takes three words at most. Allocates room for it, for `capacity` bytes of payload, and a word more. Memory behind
    // that is first touched after a call, out of the gas that was kept back: what lies between must not grow with the batch.
    assembly ("memory-safe") {
        self := mload(0x40)
        capacity := sub(capacity, mul(sub(capacity, maxPayload), gt(capacity, maxPayload)))
        mstore(0x40, and(add(self, add(capacity, 0x143)), not(31)))
        mstore(self, selector)
        mstore(add(self, 0x24), 0x60)
        sender := add(self, 0x64)
    }
    writeEvmAddress(sender, sourceChainId, address(0));
    assembly ("memory-safe") {
        mstore(add(self, 0x44), add(0x80, and(add(mload(sender), 31), not(31))))
    }
}

/// @notice Calls the recipient with one message.
/// @param self The call.
/// @param recipient Whom to call; may be anything.
/// @param gasLimit Gas for the call; the caller has checked that it is there.
/// @param id The message's id.
/// @param sender The message's sender.
/// @param payload The payload, no longer than `capacity`.
/// @return success Whether the call returned 32 bytes or more, the first word being exactly the ERC-7786 selector.
function deliverTo(
    ReceiveCall self,
    address recipient,
    uint256 gasLimit,
    bytes32 id,
    address sender,
    bytes calldata payload
) returns (bool success) {
    bytes4 selector = IERC7786Recipient.receiveMessage.selector;
    // Writes stay inside what was allocated: there is room for `capacity` bytes of payload and one word. The word that the payload
    // only partly fills is zeroed before it is copied, so that padding is zero. The first word that is returned
    // goes to scratch space, and counts only if it is whole.
    assembly ("memory-safe") {
        mstore(add(self, 0x04), id)
        let length := mload(add(self, 0x64))
        // The sender's form ends with its address.
        let place := add(self, add(length, 0x70))
        mstore(place, or(shl(96, sender), and(mload(place), 0xffffffffffffffffffffffff)))
        place := add(self, add(0x84, and(add(length, 31), not(31))))
        length := payload.length
        mstore(place, length)
        place := add(place, 0x20)
        mstore(add(place, and(length, not(31))), 0)
        calldatacopy(place, payload.offset, length)
        let end := add(place, and(add(length, 31), not(31)))
        success := call(gasLimit, recipient, 0, self, sub(end, self), 0x00, 0x20)
        success := and(success, and(gt(returndatasize(), 31), eq(mload(0x00), selector)))
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
