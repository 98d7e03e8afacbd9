// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The state of a lane in one word: `bytes27 head ‖ uint40 count`. A hash chain over the lane's messages, so the
/// word commits to every message ever sent on it. Zero means that there is no lane.
/// @dev The head is cut to 216 bits: 108 bits against collisions (decision 0001).
type Lane is bytes32;

using {count, idOf, next, page, isPageEnd, isZero, equals as ==, differs as !=} for Lane global;

/// @notice The lane already holds 2^40 - 1 messages.
error LaneFull(Lane lane);

/// @dev Number of messages in a page.
uint256 constant PAGE_SIZE = 256;

uint256 constant COUNT_MASK = type(uint40).max;

/// @notice The word of a lane before its first message.
/// @param source Id of the member that sends.
/// @param destination Id of the member that receives.
function genesis(bytes32 source, bytes32 destination) pure returns (Lane) {
    bytes32 head = keccak256(abi.encodePacked("parley.lane.v1", source, destination));
    return Lane.wrap(head & ~bytes32(COUNT_MASK));
}

/// @notice Messages sent on the lane so far; also the nonce of the next one.
function count(Lane lane) pure returns (uint256) {
    return uint256(Lane.unwrap(lane)) & COUNT_MASK;
}

/// @notice The id of the message that follows this word. ERC-7786's sendId and receiveId.
function idOf(Lane lane, bytes32 messageHash) pure returns (bytes32 id) {
    // Equals keccak256(abi.encodePacked(lane, messageHash)); 0x00 to 0x40 is scratch space.
    assembly ("memory-safe") {
        mstore(0x00, lane)
        mstore(0x20, messageHash)
        id := keccak256(0x00, 0x40)
    }
}

/// @notice The word after the message with this id.
function next(Lane lane, bytes32 id) pure returns (Lane) {
    uint256 before = count(lane);
    if (before == COUNT_MASK) revert LaneFull(lane);
    // No overflow: `before` is below 2^40 - 1.
    unchecked {
        return Lane.wrap((id & ~bytes32(COUNT_MASK)) | bytes32(before + 1));
    }
}

/// @notice The page in which the next message falls.
function page(Lane lane) pure returns (uint256) {
    return count(lane) / PAGE_SIZE;
}

/// @notice Whether the last message filled its page.
function isPageEnd(Lane lane) pure returns (bool) {
    uint256 messages = count(lane);
    return messages != 0 && messages % PAGE_SIZE == 0;
}

function isZero(Lane lane) pure returns (bool) {
    return Lane.unwrap(lane) == 0;
}

function equals(Lane a, Lane b) pure returns (bool) {
    return Lane.unwrap(a) == Lane.unwrap(b);
}

function differs(Lane a, Lane b) pure returns (bool) {
    return Lane.unwrap(a) != Lane.unwrap(b);
}

/// @notice The word after the messages with these hashes.
function fold(Lane lane, bytes32[] memory messageHashes) pure returns (Lane) {
    for (uint256 i = 0; i < messageHashes.length; ++i) {
        lane = lane.next(lane.idOf(messageHashes[i]));
    }
    return lane;
}
