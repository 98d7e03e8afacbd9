// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "../../../contracts/types/Lane.sol";
import {MemberRef} from "../../../contracts/types/Member.sol";
import {Dice} from "./Dice.sol";
import {Owning} from "./Owning.sol";
import {vm} from "./Vm.sol";
import {Wire} from "./Wire.sol";
import {MEMBERS, OPERATORS} from "./World.sol";

/// @notice Attempts that must all revert, by anyone, privileged or not: forged messages, certificates that are not quite
/// one, true deliveries with one bit changed, calls that are another's to make.
abstract contract Forging is Owning {
    uint256 private constant SECP256K1_N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    /// @notice A message that nobody sent, with every proof that a forger can make.
    function _forgeMessage(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        bytes32[] storage words = _lanes[source][destination].words;
        bytes32 from = words.length == 0 || dice.oneIn(8) ? bytes32(0) : words[dice.roll(words.length)];
        address forger = address(uint160(uint256(dice.word())));
        bytes memory items = Wire.message(forger, _recipients[0], 0, hex"f0");
        bytes32 messageHash = Wire.hashMessage(ids[source], _chainId(destination), forger, _recipients[0], 0, hex"f0");
        Statement memory statement = Statement(source, Wire.next(from, messageHash), uint64(clock), 2, 0);
        bytes memory proof = _forgedProof(dice, destination, statement);
        MemberRef memory member = MemberRef(_chainId(source), address(gateways[source]));
        _mustRevert(
            2,
            dice,
            destination,
            abi.encodeCall(gateways[destination].deliver, (member, items, proof, Lane.wrap(from))),
            "a forged message was accepted"
        );
    }

    /// @notice A true batch and a proof that counts, with one bit changed, something cut off or added, or at another Gateway.
    function _tamper(Dice memory dice) internal {
        Batch memory batch = _rollBatch(dice);
        bytes32[] storage words = _lanes[batch.source][batch.destination].words;
        // Signed by all, at their weights; whether it would count does not matter: what is changed never does.
        Statement memory statement = Statement(batch.source, words[batch.end], uint64(clock), 2, 0);
        batch.proof = _certificateProof(
            dice,
            batch.destination,
            statement,
            Signers(_tables[batch.destination].set, 15)
        );
        batch.items = _itemsOf(batch);
        bytes32 from = words[batch.first];
        MemberRef memory member = MemberRef(_chainId(batch.source), address(gateways[batch.source]));
        uint256 where = batch.destination;
        uint256 kind = dice.roll(9);
        if (kind == 0) _flip(dice, batch.items);
        else if (kind == 1) batch.items = _cut(batch.items, 1 + dice.roll(33));
        else if (kind == 2) batch.items = bytes.concat(batch.items, Wire.skip(dice.word()));
        else if (kind == 3) _flip(dice, batch.proof);
        else if (kind == 4) batch.proof = _cut(batch.proof, 1 + dice.roll(64));
        else if (kind == 5) batch.proof = bytes.concat(batch.proof, new bytes(1 + dice.roll(65)));
        else if (kind == 6) from ^= bytes32(uint256(1) << dice.roll(256));
        else if (kind == 7) member.chainId ^= 1 << dice.roll(256);
        else where = (where + 1 + dice.roll(MEMBERS - 1)) % MEMBERS;
        _mustRevert(
            3,
            dice,
            where,
            abi.encodeCall(gateways[where].deliver, (member, batch.items, batch.proof, Lane.wrap(from))),
            "a delivery that was tampered with was accepted"
        );
    }

    /// @notice Calls that are the bridge's or the owner's, by others; the owner's attempts at what is nobody's.
    function _usurp(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        bytes[] memory items = new bytes[](1);
        bytes32 word = bytes32(uint256(dice.word()) | 1);
        items[0] = abi.encodePacked(uint8(2), ids[source], ids[destination], word);
        bytes[6] memory calls = [
            abi.encodeCall(gateways[destination].fromSettlement, (items)),
            abi.encodeCall(gateways[destination].setSource, (ids[source], 1, 0, false)),
            abi.encodeCall(gateways[destination].delaySettled, (ids[source], 0)),
            abi.encodeCall(gateways[destination].acceptMember, (ids[source])),
            abi.encodeCall(gateways[destination].setAcceptAll, (true)),
            abi.encodeWithSignature("transferOwnership(address)", address(this))
        ];
        address[4] memory callers = [
            address(0xbad),
            address(REENTERING),
            address(gateways[destination]),
            vm.addr(_keys[0][0])
        ];
        uint256 choice = dice.roll(6);
        // The owner may do all but the first; the bridge, which is this contract, the first alone.
        address caller =
            choice == 0 && dice.oneIn(2)
                ? OWNER
                : choice != 0 && dice.oneIn(4)
                    ? address(this)
                    : callers[dice.roll(4)];
        vm.prank(caller);
        (bool success, ) = address(gateways[destination]).call(calls[choice]);
        _require(10, !success, "a privileged function let another in");
        _reach("a privileged function refused a caller");
    }

    /// @notice All operators certify, and L1 settles, a lane of a Gateway that took a member's place in the list and that the
    /// owner has not accepted.
    function _speakAsImpostor(Dice memory dice) internal {
        uint256 destination = dice.roll(MEMBERS);
        bytes32 impostor = Wire.memberId(SETTLEMENT_CHAIN, SETTLEMENT, _chainId(0), IMPOSTOR);
        bytes32 from = Wire.genesis(impostor, ids[destination]);
        bytes memory items = Wire.message(IMPOSTOR, _recipients[0], 0, hex"f0");
        bytes32 messageHash = Wire.hashMessage(impostor, _chainId(destination), IMPOSTOR, _recipients[0], 0, hex"f0");
        bytes32 word = Wire.next(from, messageHash);
        bytes memory proof = hex"0003";
        if (dice.oneIn(2)) {
            _fromSettlement(destination, abi.encodePacked(uint8(2), impostor, ids[destination], word));
        } else {
            bytes32 leaf = Wire.leaf(impostor, ids[destination], word, uint64(clock), 2, 0);
            proof = abi.encodePacked(
                hex"0102",
                uint64(clock),
                hex"00",
                _certificate(_tables[destination].set, 15, leaf)
            );
        }
        MemberRef memory member = MemberRef(_chainId(0), IMPOSTOR);
        _mustRevert(
            3,
            dice,
            destination,
            abi.encodeCall(gateways[destination].deliver, (member, items, proof, Lane.wrap(from))),
            "a member that the owner has not accepted was heard"
        );
    }

    /// @notice Certified words that nothing contradicts cannot be deleted.
    function _dropTrue(Dice memory dice) internal {
        Batch memory batch = _rollBatch(dice);
        (uint256 source, uint256 destination) = (batch.source, batch.destination);
        LaneModel storage lane = _lanes[source][destination];
        // Held, both of them, if it is for that to be; then the fold ends at one of them.
        _settle(source, destination, lane.words[batch.first]);
        uint8 level = uint8(1 + dice.roll(2));
        _hold(source, destination, lane.words[batch.end], level);
        (uint256 first, uint256 last) = (dice.roll(batch.end + 1), batch.end);
        if (dice.oneIn(4)) (first, last) = (batch.first, batch.first);
        bytes32[] memory messageHashes = new bytes32[](last - first);
        for (uint256 i = first; i < last; ++i) messageHashes[i - first] = lane.messages[i].messageHash;
        uint256 count = Wire.count(lane.words[dice.oneIn(4) ? batch.end : batch.first]);
        _mustRevert(
            5,
            dice,
            destination,
            abi.encodeCall(
                gateways[destination].dropContradicted,
                (ids[source], level, uint40(count), Lane.wrap(lane.words[first]), messageHashes)
            ),
            "a true word was deleted as contradicted"
        );
    }

    /// @dev One call by anyone, the owner included, that must change nothing.
    function _mustRevert(
        uint256 invariant,
        Dice memory dice,
        uint256 destination,
        bytes memory call,
        string memory how
    ) private {
        if (dice.oneIn(3)) vm.prank(OWNER);
        (bool success, ) = address(gateways[destination]).call{gas: 30_000_000}(call);
        _require(invariant, !success, how);
        _reach("a forgery was refused");
    }

    /// @dev Everything but the signatures of a quorum.
    function _forgedProof(
        Dice memory dice,
        uint256 destination,
        Statement memory statement
    ) private view returns (bytes memory) {
        TableModel storage table = _tables[destination];
        uint256 kind = dice.roll(12);
        if (kind == 0) return abi.encodePacked(uint8(0), uint8(dice.roll(6)));
        if (kind == 1) return dice.oneIn(2) ? bytes("") : _garbage(dice);
        bytes memory head = abi.encodePacked(uint8(1), uint8(2), statement.reachedBy, uint8(0));
        bytes32 leaf = _leafOf(destination, statement);
        bytes32 digest = Wire.digest(SETTLEMENT_CHAIN, SERVICE_MANAGER, leaf);
        // No signature at all; half of the weight; exactly the quorum; the other set, which was or will be in force.
        if (kind == 2) return head;
        if (kind == 3) return bytes.concat(head, _certificate(table.set, table.weighting == 0 ? 3 : 1, leaf));
        if (kind == 4) return bytes.concat(head, _certificate(table.set, table.weighting == 1 ? 7 : 8, leaf));
        if (kind == 5) return bytes.concat(head, _certificate(1 - table.set, 15, leaf));
        // Signed by all, but over another word, for another domain, for another destination.
        if (kind == 6) return bytes.concat(head, _certificate(table.set, 15, dice.word()));
        if (kind == 7) {
            bytes32 foreign = Wire.digest(SETTLEMENT_CHAIN + dice.roll(2), address(uint160(dice.roll(9))), leaf);
            return bytes.concat(head, _signatures(table.set, foreign));
        }
        if (kind == 8) {
            bytes32 other = _leafOf((destination + 1) % MEMBERS, statement);
            return bytes.concat(head, _certificate(table.set, 15, other));
        }
        // One signer again and again, at one index or at all; keys of nobody.
        if (kind == 9) {
            bytes memory one = Wire.signature(0, _keys[table.set][0], digest);
            return bytes.concat(head, one, one, one, one);
        }
        bytes memory list;
        for (uint256 i = 0; i < OPERATORS; ++i) {
            if (kind == 10) list = bytes.concat(list, Wire.signature(i, _keys[table.set][0], digest));
            else list = bytes.concat(list, _malleated(i, _keys[table.set][i], digest));
        }
        return bytes.concat(head, list);
    }

    function _signatures(uint256 set, bytes32 digest) private view returns (bytes memory list) {
        for (uint256 i = 0; i < OPERATORS; ++i) list = bytes.concat(list, Wire.signature(i, _keys[set][i], digest));
    }

    /// @dev The other signature of the same digest and key: s and the parity turned over.
    function _malleated(uint256 index, uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(uint8(index), r, (uint256(28 - v) << 255) | (SECP256K1_N - uint256(s)));
    }

    function _garbage(Dice memory dice) private pure returns (bytes memory data) {
        data = abi.encodePacked(dice.word(), dice.word(), dice.word(), dice.word());
        return _cut(data, dice.roll(127));
    }

    function _flip(Dice memory dice, bytes memory data) private pure {
        uint256 place = dice.roll(data.length);
        data[place] ^= bytes1(uint8(1 << dice.roll(8)));
    }

    function _cut(bytes memory data, uint256 length) private pure returns (bytes memory) {
        uint256 kept = length < data.length ? data.length - length : 0;
        assembly ("memory-safe") {
            mstore(data, kept)
        }
        return data;
    }
}
