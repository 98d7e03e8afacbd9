// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "./Lane.sol";

/// @notice The typed items of the bridge envelope. Byte tables in docs/PROTOCOL.md.
library Item {
    /// @notice L1 to a Gateway: an operator table and the member list.
    uint8 internal constant TABLE = 0x01;

    /// @notice L1 to a Gateway: a lane's word, proven through L1.
    uint8 internal constant SETTLED = 0x02;

    /// @notice L1 to a Gateway: tables up to a snapshot are revoked.
    uint8 internal constant REVOKED = 0x03;

    /// @notice A rollup's bridge to Settlement: a word that it read from its Outbox.
    uint8 internal constant WORD = 0x10;

    uint256 internal constant SETTLED_LENGTH = 97;
    uint256 internal constant REVOKED_LENGTH = 9;
    uint256 internal constant WORD_LENGTH = 74;

    /// @notice Bytes before a TABLE's first member.
    uint256 internal constant TABLE_HEADER_LENGTH = 31;

    /// @notice Bytes of a TABLE's member: `uint64 chainId ‖ address gateway ‖ uint64 certifiableUntil ‖ uint8 flags`.
    uint256 internal constant MEMBER_LENGTH = 37;

    /// @notice A SETTLED item: the settled word of the lane from `source` to `destination`.
    function encodeSettled(bytes32 source, bytes32 destination, Lane word) internal pure returns (bytes memory) {
        return abi.encodePacked(SETTLED, source, destination, word);
    }

    /// @notice A WORD item: the word of the lane to `destination`, read at `time` (seconds).
    /// @param current Whether it was the lane's word then; else an anchor.
    function encodeWord(
        bytes32 destination,
        Lane word,
        uint64 time,
        bool current
    ) internal pure returns (bytes memory) {
        return abi.encodePacked(WORD, destination, word, time, current);
    }

    /// @notice Whether the item is a well-formed WORD.
    function isWord(bytes calldata item) internal pure returns (bool) {
        return item.length == WORD_LENGTH && uint8(item[0]) == WORD && uint8(item[73]) <= 1;
    }

    /// @notice Decodes a WORD item, for which `isWord` holds.
    function decodeWord(
        bytes calldata item
    ) internal pure returns (bytes32 destination, Lane word, uint64 time, bool current) {
        destination = bytes32(item[1:33]);
        word = Lane.wrap(bytes32(item[33:65]));
        time = uint64(bytes8(item[65:73]));
        current = item[73] == 0x01;
    }
}
