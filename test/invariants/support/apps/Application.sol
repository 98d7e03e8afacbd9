// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "../../../../contracts/types/Lane.sol";
import {MemberRef} from "../../../../contracts/types/Member.sol";
import {Dice} from "../Dice.sol";
import {check, create, vm} from "../Vm.sol";
import {Wire} from "../Wire.sol";
import {MEMBERS, OPERATORS, Triangle} from "./Triangle.sol";

/// @notice What may happen to an application on three rollups, in any order: its users move things, relayers deliver true
/// batches (late, out of order, twice, with too little gas, on certificates or settled words), recipients refuse for a while,
/// a source takes back what is not final, strangers and liars try what they can. What an application is, its heirs say.
abstract contract Application is Triangle {
    /// @notice What is on its way, by what it is.
    mapping(uint256 thing => uint256 amount) public inFlight;

    /// @dev Where the application is on each rollup.
    address[MEMBERS] internal _ends;

    address[3] internal _users = [address(0xa11ce), address(0xb0b), address(0xca401)];
    address internal constant STRANGER = address(0x57a6e4);

    uint256 private constant SLACK = 3_000_000;
    uint256 private constant MAX_BATCH = 6;

    /// @notice Users move things, and strangers write to the application's ends.
    function transfer(uint256 seed) external {
        Dice memory dice = _act(seed);
        for (uint256 left = 1 + dice.roll(3); left > 0; --left) _transfer(dice);
        if (dice.oneIn(4)) _writeAsStranger(dice);
        _collect(_ends);
    }

    /// @notice Anyone delivers a range of a lane, messages that were delivered already among it.
    function deliver(uint256 seed) external {
        Dice memory dice = _act(seed);
        for (uint256 left = 2; left > 0; --left) _deliver(dice);
    }

    /// @notice Recipients refuse from now on, or take again.
    function changeMoods(uint256 seed) external {
        _changeMoods(_act(seed));
    }

    /// @notice A source takes back its last block: what was sent in it never was. Nobody's certificate of it counts: too few
    /// sign it as final, and what all sign as fast no owner asked for.
    function reorganise(uint256 seed) external {
        Dice memory dice = _act(seed);
        uint256 snapshot = vm.snapshotState();
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint256 before = _sent[source][destination].length;
        for (uint256 left = 3; left > 0; --left) _transfer(dice);
        _collect(_ends);
        uint256 end = _sent[source][destination].length;
        Sent memory lost;
        if (end > before) lost = _sent[source][destination][before];
        // What is in memory stays.
        check(vm.revertToState(snapshot), "not taken back");
        if (end == before) return;
        _reach("a source took back a message");
        bytes32 from = _wordBefore(source, destination, before);
        _refused(destination, _deliverCall(source, destination, from, lost.item, _few(source, destination, lost.word)));
        _refused(
            destination,
            _deliverCall(source, destination, from, lost.item, _fast(source, destination, lost.word))
        );
    }

    /// @notice Relayers lie: about what a message says, and about who signed.
    function lie(uint256 seed) external {
        Dice memory dice = _act(seed);
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint256 length = _sent[source][destination].length;
        if (length == 0) return;
        uint256 index = dice.roll(length);
        bytes32 from = _wordBefore(source, destination, index);
        Sent memory sent = _sent[source][destination][index];
        _refused(destination, _deliverCall(source, destination, from, sent.item, _few(source, destination, sent.word)));
        // Some byte of the payload, which ends the item.
        sent.item[sent.item.length - 1 - dice.roll(sent.payload.length)] ^= 0x01;
        bytes memory proof = _certificateProof(source, destination, sent.word, 2, OPERATORS);
        _refused(destination, _deliverCall(source, destination, from, sent.item, proof));
        _reach("a lie was refused");
        vm.prank(STRANGER);
        (bool success, ) = _ends[destination].call(
            abi.encodeWithSignature(
                "receiveMessage(bytes32,bytes,bytes)",
                keccak256("id"),
                _on(source, _ends[source]),
                sent.payload
            )
        );
        check(!success, "an end took a message from a stranger");
    }

    /// @notice At the end of a run: nobody refuses any more, and everything is delivered, each message alone and with gas. What is
    /// still on its way then was sent where nothing can be.
    function finish() external {
        vm.warp(_clock);
        _relent();
        for (uint256 turn = 0; turn < 2; ++turn) {
            for (uint256 source = 0; source < MEMBERS; ++source) {
                for (uint256 destination = 0; destination < MEMBERS; ++destination) {
                    for (uint256 i = 0; i < _sent[source][destination].length; ++i) _finish(source, destination, i);
                }
            }
        }
    }

    /// @notice Fails unless everything is somewhere, once.
    function checkSupply() external view virtual;

    /// @notice The actions of a run.
    function actions() external pure returns (bytes4[] memory list) {
        list = new bytes4[](7);
        (list[0], list[1]) = (this.transfer.selector, this.transfer.selector);
        (list[2], list[3]) = (this.deliver.selector, this.deliver.selector);
        (list[4], list[5]) = (this.changeMoods.selector, this.reorganise.selector);
        list[6] = this.lie.selector;
    }

    /// @dev Something is moved, if its owner has it; the events are read afterwards.
    function _transfer(Dice memory dice) internal virtual;

    /// @dev Recipients refuse, or take again.
    function _changeMoods(Dice memory dice) internal virtual;

    /// @dev All take again.
    function _relent() internal virtual;

    /// @dev What a payload moves, in things and amounts of each.
    function _parcels(bytes memory payload) internal pure virtual returns (uint256[] memory, uint256[] memory);

    /// @dev Whether a payload can never be executed.
    function _isHopeless(bytes memory payload) internal pure virtual returns (bool);

    /// @dev A payload such as the application's, by which a stranger would gain.
    function _greedyPayload(Dice memory dice, uint256 destination) internal view virtual returns (bytes memory);

    /// @dev Notes that something was sent, once it is on a lane: see `Triangle`.
    function _onCollected(bytes memory payload) internal override {
        _account(payload, true);
    }

    /// @dev Sets the clock and returns the choices of one action.
    function _act(uint256 seed) internal returns (Dice memory) {
        vm.warp(_clock);
        return Dice(uint256(keccak256(abi.encode(seed, ++reached["actions"]))));
    }

    function _rollLane(Dice memory dice) internal pure returns (uint256 source, uint256 destination) {
        source = dice.roll(MEMBERS);
        destination = (source + 1 + dice.roll(MEMBERS - 1)) % MEMBERS;
    }

    /// @dev Deploys what `hardhat build` made of a contract, on a rollup.
    function _create(uint256 member, string memory artifact, bytes memory args) internal returns (address) {
        _at(member);
        return create(bytes.concat(vm.getCode(artifact), args));
    }

    /// @dev Links each end with the others.
    function _link() internal {
        for (uint256 member = 0; member < MEMBERS; ++member) {
            bytes[] memory counterparts = new bytes[](2);
            for (uint256 i = 0; i < 2; ++i) {
                uint256 other = (member + 1 + i) % MEMBERS;
                counterparts[i] = _on(other, _ends[other]);
            }
            (bool success, ) = _ends[member].call(abi.encodeWithSignature("link(bytes[])", counterparts));
            check(success, "not linked");
        }
    }

    function _rollUser(Dice memory dice) internal view returns (address) {
        return _users[dice.roll(_users.length)];
    }

    /// @dev Mostly a user; else nobody, to whom nothing can be sent, or an address of an odd length.
    function _rollReceiver(Dice memory dice, uint256 destination) internal view returns (bytes memory) {
        uint256 choice = dice.roll(12);
        address user = _rollUser(dice);
        if (choice == 0) return _on(destination, address(0));
        if (choice == 1) {
            return
                abi.encodePacked(hex"0001000002", uint16(_chainId(destination)), hex"20", user, bytes12(dice.word()));
        }
        return _on(destination, user);
    }

    function _deliver(Dice memory dice) private {
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint256 length = _sent[source][destination].length;
        if (length == 0) return;
        uint256 first = dice.roll(length);
        // Half the time what is newest.
        if (dice.oneIn(2) && length > MAX_BATCH) first = length - 1 - dice.roll(MAX_BATCH);
        uint256 end = first + 1 + dice.roll(length - first > MAX_BATCH ? MAX_BATCH : length - first);
        uint256 skips = dice.oneIn(3) ? uint256(dice.word()) : 0;
        bool isShort = dice.oneIn(4);
        uint256 gas = SLACK;
        if (isShort) gas = 150_000 + dice.roll(400_000);
        bytes memory proof = _prove(dice, source, destination, _sent[source][destination][end - 1].word);
        bool success = _deliver(source, destination, Range(first, end, skips), proof, gas, isShort);
        check(success || isShort, "what is proven was refused");
        _reach(success ? "a batch was delivered" : "a batch was short of gas");
    }

    /// @dev Messages `first` to `end` - 1; those of the bit mask as hashes.
    struct Range {
        uint256 first;
        uint256 end;
        uint256 skips;
    }

    function _deliver(
        uint256 source,
        uint256 destination,
        Range memory range,
        bytes memory proof,
        uint256 gas,
        bool isShort
    ) private returns (bool success) {
        bytes memory items;
        for (uint256 i = range.first; i < range.end; ++i) {
            Sent storage sent = _sent[source][destination][i];
            bool isSkipped = (range.skips >> (i % 256)) & 1 != 0;
            items = bytes.concat(items, isSkipped ? Wire.skip(sent.messageHash) : sent.item);
            if (!isSkipped && !isShort) gas += ((uint256(sent.gasLimit) + 60_000) * 64) / 63;
            if (sent.isDelivered && !isSkipped) _reach("a message came again");
        }
        bytes32 from = _wordBefore(source, destination, range.first);
        _at(destination);
        (success, ) = address(gateways[destination]).call{gas: gas}(
            _deliverCall(source, destination, from, items, proof)
        );
        _noteDelivered(source, destination, range);
        _collect(_ends);
    }

    function _noteDelivered(uint256 source, uint256 destination, Range memory range) private {
        for (uint256 i = range.first; i < range.end; ++i) {
            Sent storage sent = _sent[source][destination][i];
            bool isDelivered = gateways[destination].isDelivered(_ids[source], uint40(i));
            check(isDelivered || !sent.isDelivered, "a message was delivered, and is not any more");
            if (sent.isDelivered) continue;
            if (!isDelivered) {
                _reach("a message was refused");
                continue;
            }
            check(sent.isOurs, "a stranger's message was executed");
            sent.isDelivered = true;
            _account(sent.payload, false);
            _reach("a message was executed");
        }
    }

    /// @dev Each message that can be executed now is.
    function _finish(uint256 source, uint256 destination, uint256 i) private {
        Sent storage sent = _sent[source][destination][i];
        if (!sent.isDelivered) {
            bytes memory proof = _certificateProof(source, destination, sent.word, 2, OPERATORS - 1);
            _deliver(source, destination, Range(i, i + 1, 0), proof, SLACK, false);
        }
        bool mayBe = sent.isOurs && !_isHopeless(sent.payload);
        check(sent.isDelivered == mayBe, "at the end a message is delivered that may not be, or not that may");
    }

    /// @dev A certificate of a quorum, or, with every operator gone, a settled word.
    function _prove(
        Dice memory dice,
        uint256 source,
        uint256 destination,
        bytes32 word
    ) private returns (bytes memory) {
        if (dice.oneIn(3)) {
            _fromSettlement(destination, _encodeSettled(source, destination, word));
            return hex"0003";
        }
        return _certificateProof(source, destination, word, 2, OPERATORS - dice.roll(2));
    }

    /// @dev A stranger sends what an end would, to an end.
    function _writeAsStranger(Dice memory dice) private {
        (uint256 source, uint256 destination) = _rollLane(dice);
        _at(source);
        vm.prank(STRANGER);
        gateways[source].sendMessage(
            _on(destination, _ends[destination]),
            _greedyPayload(dice, destination),
            new bytes[](0)
        );
        _reach("a stranger wrote");
    }

    function _account(bytes memory payload, bool isSent) private {
        (uint256[] memory things, uint256[] memory amounts) = _parcels(payload);
        for (uint256 i = 0; i < things.length; ++i) {
            if (isSent) inFlight[things[i]] += amounts[i];
            else inFlight[things[i]] -= amounts[i];
        }
    }

    function _refused(uint256 destination, bytes memory call) private {
        _at(destination);
        (bool success, ) = address(gateways[destination]).call(call);
        check(!success, "what is not proven was delivered");
    }

    function _few(uint256 source, uint256 destination, bytes32 word) private view returns (bytes memory) {
        return _certificateProof(source, destination, word, 2, OPERATORS / 2);
    }

    function _fast(uint256 source, uint256 destination, bytes32 word) private view returns (bytes memory) {
        return _certificateProof(source, destination, word, 1, OPERATORS);
    }

    function _deliverCall(
        uint256 source,
        uint256 destination,
        bytes32 from,
        bytes memory items,
        bytes memory proof
    ) private view returns (bytes memory) {
        MemberRef memory member = MemberRef(_chainId(source), address(gateways[source]));
        return abi.encodeCall(gateways[destination].deliver, (member, items, proof, Lane.wrap(from)));
    }
}
