// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Equivocation, Statement} from "../../../contracts/types/Equivocation.sol";
import {
    Checkpoint,
    certificateDigest,
    certificateDomain,
    hashCheckpoint
} from "../../../contracts/types/Checkpoint.sol";
import {Lane, LaneFull, fold, genesis} from "../../../contracts/types/Lane.sol";
import {memberId} from "../../../contracts/types/Member.sol";
import {hashMessage} from "../../../contracts/types/Message.sol";
import {Options} from "../../../contracts/types/Options.sol";
import {check} from "../../invariants/support/Vm.sol";
import {Wire} from "../../invariants/support/Wire.sol";

/// @notice Words, ids and hashes against the same written from docs/PROTOCOL.md without a line of contracts/types.
contract LaneTest {
    uint256 private constant MAX_COUNT = 2 ** 40 - 1;

    /// @notice Invariant 4: a word is the fold of its messages.
    function testFuzz_invariant_4_theWordIsTheFold(bytes32 source, bytes32 to, bytes32[] calldata hashes) public pure {
        Lane lane = genesis(source, to);
        bytes32 word = Wire.genesis(source, to);
        check(Lane.unwrap(lane) == word && lane.count() == 0, "another genesis word");
        check(Lane.unwrap(fold(lane, hashes)) == _folded(word, hashes), "another fold");
    }

    /// @notice Invariant 4: each message adds one to the count and leaves no bit of the head as it happened to be.
    function testFuzz_invariant_4_eachMessageAddsOne(bytes32 word, bytes32 messageHash) public view {
        Lane lane = Lane.wrap(word);
        check(lane.count() == Wire.count(word), "another count");
        check(lane.page() == Wire.count(word) / 256, "another page");
        check(lane.isPageEnd() == (Wire.count(word) != 0 && Wire.count(word) % 256 == 0), "another end of a page");
        check(lane.isZero() == (word == 0), "another zero");
        bytes32 id = lane.idOf(messageHash);
        check(id == Wire.idOf(word, messageHash), "another id");
        if (Wire.count(word) == MAX_COUNT) return;
        check(Lane.unwrap(this.next(lane, id)) == Wire.next(word, messageHash), "another next word");
    }

    /// @notice Invariant 4: a full lane takes no message.
    function testFuzz_invariant_4_aFullLaneTakesNothing(bytes27 head, bytes32 id) public view {
        Lane lane = Lane.wrap(bytes32(head) | bytes32(MAX_COUNT));
        try this.next(lane, id) {
            check(false, "a full lane took a message");
        } catch (bytes memory reason) {
            check(keccak256(reason) == keccak256(abi.encodeWithSelector(LaneFull.selector, lane)), "another error");
        }
    }

    /// @notice What a message's hash and id commit to.
    function testFuzz_hashesAreThoseOfTheProtocol(
        bytes32 source,
        uint256 chainId,
        address sender,
        address recipient,
        uint64 options,
        bytes calldata payload
    ) public pure {
        check(
            hashMessage(source, chainId, sender, recipient, Options.wrap(options), payload) ==
                Wire.hashMessage(source, chainId, sender, recipient, options, payload),
            "another message hash"
        );
        check(
            memberId(chainId, sender, options, recipient) == Wire.memberId(chainId, sender, options, recipient),
            "another member id"
        );
        check(
            certificateDigest(certificateDomain(chainId, sender), source) == Wire.digest(chainId, sender, source),
            "another certificate digest"
        );
    }

    /// @notice What a checkpoint's leaf commits to.
    function testFuzz_leavesAreThoseOfTheProtocol(Checkpoint calldata checkpoint) public pure {
        bytes32 expected = Wire.leaf(
            checkpoint.source,
            checkpoint.destination,
            Lane.unwrap(checkpoint.laneWord),
            checkpoint.reachedBy,
            checkpoint.level,
            checkpoint.blockHash
        );
        check(hashCheckpoint(checkpoint) == expected, "another leaf");
    }

    /// @notice R24: words of one lane never conflict, whatever fold a hostile watcher shows.
    function testFuzz_R24_trueStatementsNeverConflict(
        bytes32[12] calldata hashes,
        uint8 first,
        uint8 second,
        uint8 from,
        uint8 level
    ) public pure {
        bytes32[] memory words = new bytes32[](13);
        words[0] = Wire.genesis("source", "destination");
        for (uint256 i = 0; i < 12; ++i) words[i + 1] = Wire.next(words[i], hashes[i]);
        Equivocation memory evidence;
        evidence.a = _statement(words[first % 13], level % 2 == 0 ? 2 : 1);
        evidence.b = _statement(words[second % 13], level < 128 ? 2 : 1);
        evidence.from = Lane.wrap(words[from % 13]);
        uint256 start = from % 13;
        uint256 end = second % 13 < start ? start : second % 13;
        evidence.messageHashes = new bytes32[](end - start);
        for (uint256 i = start; i < end; ++i) evidence.messageHashes[i - start] = hashes[i];
        check(!evidence.conflicts(), "true statements conflict");
    }

    /// @notice R24: a final word that folds from another word than the one signed at that count conflicts with it; so do two
    /// words at one count.
    function testFuzz_R24_aForkConflicts(bytes32 signed, bytes32 forked, bytes32[] calldata hashes) public pure {
        if (hashes.length == 0 || hashes.length > 255 || Wire.count(signed) > MAX_COUNT - 255) return;
        forked = bytes32(((uint256(forked) >> 40) << 40) | Wire.count(signed));
        if (forked == signed) return;
        Equivocation memory evidence;
        evidence.a = _statement(signed, 2);
        evidence.b = _statement(forked, 2);
        check(evidence.conflicts(), "two words at one count do not conflict");
        evidence.b = _statement(_folded(forked, hashes), 2);
        (evidence.from, evidence.messageHashes) = (Lane.wrap(forked), hashes);
        check(evidence.conflicts(), "a fork does not conflict");
        evidence.b.checkpoint.level = 1;
        check(!evidence.conflicts(), "a fast word conflicts by a fold");
    }

    function next(Lane lane, bytes32 id) external pure returns (Lane) {
        return lane.next(id);
    }

    function _folded(bytes32 word, bytes32[] memory hashes) private pure returns (bytes32) {
        for (uint256 i = 0; i < hashes.length; ++i) word = Wire.next(word, hashes[i]);
        return word;
    }

    function _statement(bytes32 word, uint8 level) private pure returns (Statement memory statement) {
        statement.checkpoint.laneWord = Lane.wrap(word);
        statement.checkpoint.level = level;
        statement.checkpoint.blockHash = level == 1 ? keccak256("block") : bytes32(0);
    }
}
