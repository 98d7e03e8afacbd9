// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @dev The page that `contracts/Inbox.sol` keeps.
struct Page {
    uint256 bitmap;
}

/// @notice Invariant 1: once marked, a message is skipped.
contract MarkedIsSkipped {
    function prove(uint256 bitmap, uint256 nonce) external pure {
        Page memory page;
        // quotes contracts/Inbox.sol: uint256 mark = 1 << (nonce & 255);
        uint256 mark = 1 << (nonce & 255);
        // quotes contracts/Inbox.sol: page.bitmap = bitmap | mark;
        page.bitmap = bitmap | mark;
        bitmap = page.bitmap;
        // quotes contracts/Inbox.sol: bitmap & mark != 0
        assert(bitmap & mark != 0);
    }
}

/// @notice Invariant 1: what is marked reads as delivered.
contract MarkedIsDelivered {
    function prove(uint256 bitmap, uint256 nonce) external pure {
        Page memory page;
        // quotes contracts/Inbox.sol: uint256 mark = 1 << (nonce & 255);
        uint256 mark = 1 << (nonce & 255);
        // quotes contracts/Inbox.sol: page.bitmap = bitmap | mark;
        page.bitmap = bitmap | mark;
        // quotes contracts/Inbox.sol: .bitmap >> (nonce & 255)) & 1 != 0
        assert((page.bitmap >> (nonce & 255)) & 1 != 0);
    }
}

/// @notice Invariant 5: marking a message marks no other.
contract MarkingLeavesOthers {
    function prove(uint256 bitmap, uint256 nonce) external pure {
        Page memory page;
        // quotes contracts/Inbox.sol: uint256 mark = 1 << (nonce & 255);
        uint256 mark = 1 << (nonce & 255);
        // quotes contracts/Inbox.sol: page.bitmap = bitmap | mark;
        page.bitmap = bitmap | mark;
        assert(page.bitmap & ~mark == bitmap & ~mark);
    }
}

/// @notice R10: a message whose call failed is as it was before.
contract FailureUnmarks {
    function prove(uint256 bitmap, uint256 marked) external pure {
        Page memory page = Page(bitmap);
        page.bitmap = marked;
        // quotes contracts/Inbox.sol: page.bitmap = bitmap;
        page.bitmap = bitmap;
        assert(page.bitmap == bitmap);
    }
}

/// @notice Invariant 1: a batch that runs over the end of a page marks in the next one.
contract BatchTurnsThePage {
    function prove(uint40 first) external pure {
        uint256 nonce = first;
        uint256 page = nonce >> 8;
        // quotes contracts/Inbox.sol: if (++nonce & 255 == 0) page =
        if (++nonce & 255 == 0) page = nonce >> 8;
        assert(page == nonce >> 8);
    }
}
