// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Batch} from "../../../contracts/types/Batch.sol";
import {Options} from "../../../contracts/types/Options.sol";
import {Proof} from "../../../contracts/types/Proof.sol";
import {check} from "../../invariants/support/Vm.sol";
import {Dice, noise} from "../../invariants/support/Dice.sol";
import {Wire} from "../../invariants/support/Wire.sol";

/// @notice Batches and proofs are read as they are written, and in no other form. What is read is written again and
/// compared, so nothing can come from beyond the end, though other bytes lie there.
contract BatchTest {
    /// @notice A batch of random items is read item by item as it was written.
    function testFuzz_batch_isReadAsItWasWritten(uint256 seed) public view {
        bytes memory items = _rollItems(Dice(seed));
        (bool success, bytes memory written) = _rewrite(items, seed);
        check(success, "a well-formed batch was refused");
        check(keccak256(written) == keccak256(items), "a batch was read otherwise than it was written");
    }

    /// @notice A batch with one bit changed, cut off or continued is refused, or is another batch in its one form.
    function testFuzz_batch_isReadInNoOtherForm(
        uint256 seed,
        uint8 kind,
        uint256 place,
        bytes calldata tail
    ) public view {
        bytes memory items = _rollItems(Dice(seed));
        if (kind % 3 == 0) items[place % items.length] ^= bytes1(uint8(1 << (kind >> 5)));
        else if (kind % 3 == 1) _shorten(items, place % items.length);
        else items = bytes.concat(items, tail);
        (bool success, bytes memory written) = _rewrite(items, seed);
        check(!success || keccak256(written) == keccak256(items), "a batch is read that is not canonical");
    }

    /// @notice So are any other bytes.
    function testFuzz_batch_isReadInNoOtherFormThanItsOwn(bytes calldata items, uint256 seed, uint8 first) public view {
        bytes memory data = bytes.concat(bytes1(first % 4), items);
        (bool success, bytes memory written) = _rewrite(data, seed);
        check(!success || keccak256(written) == keccak256(data), "a batch is read that is not canonical");
    }

    /// @notice A proof's fields are read as they were written, and nothing beyond its end.
    function testFuzz_proof_isReadAsItWasWritten(bytes calldata data, bool isFast, uint8 depth) public view {
        bytes memory proof = data.length > 42 ? bytes.concat(data[:42], bytes1(depth % 4), data[42:]) : bytes(data);
        try
            this.readProof(proof, isFast, hex"ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")
        returns (bytes memory written) {
            check(keccak256(written) == keccak256(proof), "a proof was read otherwise than it was written");
        } catch {
            uint256 length = isFast ? 42 : 10;
            bool isCut = proof.length <= length || proof.length < length + 1 + 32 * uint256(uint8(proof[length]));
            check(isCut, "a well-formed proof was refused");
        }
    }

    /// @dev Reads the items and writes them again. `behind` lies behind them in calldata.
    function rewrite(bytes calldata items, bytes calldata behind) external pure returns (bytes memory written) {
        check(behind.length != 0, "nothing lies behind");
        uint256 offset = 0;
        while (offset < items.length) {
            uint256 kind = Batch.kindAt(items, offset);
            if (kind == Batch.SKIP) {
                bytes32 messageHash;
                (messageHash, offset) = Batch.readSkip(items, offset);
                written = bytes.concat(written, Wire.skip(messageHash));
            } else {
                address sender;
                address recipient;
                Options options;
                bytes calldata payload;
                (sender, recipient, options, payload, offset) = Batch.readMessage(items, offset, kind);
                check(payload.length <= 16_384, "a payload that is too long was read");
                written = bytes.concat(written, Wire.message(sender, recipient, Options.unwrap(options), payload));
            }
        }
        check(offset == items.length, "the items do not end at the end");
    }

    function readProof(
        bytes calldata proof,
        bool isFast,
        bytes calldata behind
    ) external pure returns (bytes memory written) {
        check(behind.length != 0, "nothing lies behind");
        (uint8 kind, uint8 level) = Proof.readKind(proof);
        (uint64 reachedBy, bytes32 blockHash, bytes calldata path) = Proof.readStatement(proof, isFast);
        (bytes32[] calldata siblings, bytes calldata rest) = Proof.readSiblings(path);
        written = abi.encodePacked(kind, level, reachedBy);
        if (isFast) written = abi.encodePacked(written, blockHash);
        return abi.encodePacked(written, uint8(siblings.length), siblings, rest);
    }

    function _rewrite(bytes memory items, uint256 seed) private view returns (bool success, bytes memory written) {
        // Long enough for any field that reaches over the end; itself the beginning of a batch.
        bytes memory behind = bytes.concat(Wire.skip(bytes32(seed)), noise(seed, 200));
        try this.rewrite(items, behind) returns (bytes memory result) {
            return (true, result);
        } catch (bytes memory reason) {
            check(bytes4(reason) == Batch.MalformedBatch.selector, "refused with another error");
        }
    }

    function _rollItems(Dice memory dice) private pure returns (bytes memory items) {
        for (uint256 left = 1 + dice.roll(4); left > 0; --left) {
            if (dice.oneIn(3)) {
                items = bytes.concat(items, Wire.skip(dice.word()));
                continue;
            }
            address sender = address(uint160(uint256(dice.word())));
            address recipient = address(uint160(uint256(dice.word())));
            uint64 options = dice.oneIn(2) ? 0 : uint64(uint256(dice.word()));
            bytes memory payload = noise(uint256(dice.word()), dice.roll(80));
            items = bytes.concat(items, Wire.message(sender, recipient, options, payload));
        }
    }

    function _shorten(bytes memory data, uint256 length) private pure {
        assembly ("memory-safe") {
            mstore(data, length)
        }
    }
}
