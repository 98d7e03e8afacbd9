// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {MAX_PAYLOAD} from "./Message.sol";
import {Options} from "./Options.sol";

/// @notice Reads the packed items of a batch: each a kind byte and a body, back to back, ending exactly at the end.
/// Byte tables in docs/PROTOCOL.md.
library Batch {
    /// @notice A message hash: stands for a message that is not delivered now.
    uint8 internal constant SKIP = 0;

    /// @notice A message without attributes.
    uint8 internal constant MESSAGE = 1;

    /// @notice A message with attributes.
    uint8 internal constant MESSAGE_WITH_OPTIONS = 2;

    /// @notice Length of a skip item.
    uint256 internal constant SKIP_LENGTH = 33;

    /// @notice Length of the shortest message item.
    uint256 internal constant MIN_MESSAGE_LENGTH = 43;

    /// @notice The batch is empty, or its item at this offset is of an unknown kind, too long, cut off, or not in its one
    /// canonical form. Encode it again after docs/PROTOCOL.md.
    error MalformedBatch(uint256 offset);

    /// @notice The kind of the item at `offset`, which must be below `items.length`.
    function kindAt(bytes calldata items, uint256 offset) internal pure returns (uint256 kind) {
        // In bounds by the caller's loop condition.
        assembly ("memory-safe") {
            kind := byte(0, calldataload(add(items.offset, offset)))
        }
    }

    /// @notice Reads the skip item at `offset`.
    /// @return messageHash Its hash.
    /// @return end Offset of the next item.
    function readSkip(bytes calldata items, uint256 offset) internal pure returns (bytes32 messageHash, uint256 end) {
        // No overflow: offset < items.length.
        unchecked {
            end = offset + SKIP_LENGTH;
        }
        if (end > items.length) revert MalformedBatch(offset);
        // In bounds: the check above.
        assembly ("memory-safe") {
            messageHash := calldataload(add(add(items.offset, offset), 1))
        }
    }

    /// @notice Reads the message item at `offset`.
    /// @param kind Its kind, as `kindAt` returned it.
    /// @return sender Who sent the message.
    /// @return recipient Who receives it.
    /// @return options Its decoded attributes.
    /// @return payload Its payload.
    /// @return end Offset of the next item.
    function readMessage(
        bytes calldata items,
        uint256 offset,
        uint256 kind
    ) internal pure returns (address sender, address recipient, Options options, bytes calldata payload, uint256 end) {
        bool valid;
        uint256 maxPayload = MAX_PAYLOAD;
        // Loads may reach behind `items` (other calldata, or zeros); what they read is used only if `end` proves to be in
        // bounds, and every field lies before `end`. No overflow: offset < items.length, the length field is 2 bytes.
        assembly ("memory-safe") {
            let field := add(items.offset, offset)
            sender := shr(96, calldataload(add(field, 1)))
            recipient := shr(96, calldataload(add(field, 21)))
            field := add(field, 41)
            valid := eq(kind, MESSAGE)
            if eq(kind, MESSAGE_WITH_OPTIONS) {
                options := shr(192, calldataload(field))
                field := add(field, 8)
                valid := iszero(iszero(options))
            }
            payload.length := shr(240, calldataload(field))
            payload.offset := add(field, 2)
            end := sub(add(payload.offset, payload.length), items.offset)
            valid := and(valid, iszero(or(gt(end, items.length), gt(payload.length, maxPayload))))
        }
        if (!valid) revert MalformedBatch(offset);
    }
}
