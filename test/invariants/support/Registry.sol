// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IL1Bridge} from "../../../contracts/interfaces/IL1Bridge.sol";
import {ISettlement} from "../../../contracts/interfaces/ISettlement.sol";
import {Settlement} from "../../../contracts/settlement/Settlement.sol";
import {Item} from "../../../contracts/types/Item.sol";
import {genesis, Lane} from "../../../contracts/types/Lane.sol";
import {MemberRef} from "../../../contracts/types/Member.sol";
import {Dice} from "./Dice.sol";
import {check, vm} from "./Vm.sol";

/// @dev Chains, of which the first has a source that lies now and then.
uint256 constant CHAINS = 4;

/// @notice What may happen to Settlement, in any order, and a model of it: who was added when, what each lane truly was at which time,
/// what was settled first, what was announced. The registry is Settlement's owner, and plays every bridge.
abstract contract Registry {
    uint256 internal constant NOTICE = 7 days;
    uint256 internal constant MOST_MEMBERS = 8;

    /// @dev A lane had `count` messages from `time` on.
    struct Growth {
        uint64 time;
        uint40 count;
    }

    struct Announcement {
        uint256 time;
        uint64 before;
        uint64 announced;
    }

    /// @dev What a source said first of a count: 0 if nothing.
    struct Said {
        bytes32 source;
        bytes32 destination;
        Lane word;
    }

    Settlement public immutable SETTLEMENT;

    bytes32[] public ids;
    mapping(bytes32 id => ISettlement.Member) private _added;
    mapping(bytes32 source => mapping(bytes32 destination => Growth[])) private _growths;
    mapping(bytes32 source => mapping(bytes32 destination => mapping(uint256 count => bool))) private _isSaid;
    mapping(bytes32 source => mapping(bytes32 destination => ISettlement.Latest)) public latestOf;
    mapping(bytes32 id => Announcement[]) private _announcements;
    mapping(bytes32 id => bool) public lied;
    mapping(bytes32 id => uint256) public settledTimeOf;
    Said[] public said;
    mapping(string what => uint256 times) public reached;

    constructor() {
        vm.warp(1_700_000_000);
        SETTLEMENT = new Settlement(address(this), NOTICE, 3 * NOTICE);
        for (uint256 chain = 0; chain < CHAINS; ++chain) _add(chain);
    }

    /// @notice A member in the place of another, or one that must be refused.
    function addMember(uint256 seed) external {
        Dice memory dice = Dice(seed);
        if (ids.length < MOST_MEMBERS && dice.oneIn(4)) return _add(dice.roll(CHAINS));
        ISettlement.Member memory known = _added[ids[dice.roll(ids.length)]];
        bytes4[2] memory errors = [ISettlement.MemberExists.selector, ISettlement.BridgeTaken.selector];
        uint256 which = dice.roll(2);
        // No member's is above 0xb0000.
        address gateway = which == 0 ? known.gateway : address(uint160(0xc0000 + (seed % 0x10000)));
        try SETTLEMENT.addMember(MemberRef(known.chainId, gateway), known.bridge, 1 days) {
            check(false, "a member or a bridge was added twice");
        } catch (bytes memory reason) {
            check(bytes4(reason) == errors[which], "refused for another reason");
        }
        _note("a member was refused");
    }

    /// @notice The owner announces what a falsehood is to cost.
    function announce(uint256 seed) external {
        Dice memory dice = Dice(seed);
        // Of few, so that one is often still pending.
        bytes32 id = ids[dice.roll(2)];
        uint64 wad = uint64(dice.roll(5) * 0.2e18);
        uint64 before =
            SETTLEMENT.announcedFalsehoodWad(id).announcedAt + 3 * NOTICE <= block.timestamp
                ? SETTLEMENT.announcedFalsehoodWad(id).announced
                : SETTLEMENT.announcedFalsehoodWad(id).before;
        try SETTLEMENT.announceFalsehoodWad(id, wad) {
            _announcements[id].push(Announcement(block.timestamp, before, wad));
            _note("a wad was announced");
        } catch (bytes memory reason) {
            check(bytes4(reason) == ISettlement.FallPending.selector, "refused for another reason");
            _note("a fall was waited for");
        }
    }

    /// @notice Messages are sent on a lane.
    function grow(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bytes32 source, bytes32 destination) = _lane(dice);
        Growth[] storage growths = _growths[source][destination];
        uint40 count = growths.length == 0 ? 0 : growths[growths.length - 1].count;
        growths.push(Growth(_clockOf(source), count + 1 + uint40(dice.roll(3))));
    }

    /// @notice A source's bridge says what its lane is, or was; the source that lies says something else at times.
    function settle(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bytes32 source, bytes32 destination) = _lane(dice);
        Growth[] storage growths = _growths[source][destination];
        bool current = dice.roll(3) != 0;
        uint64 time = _clockOf(source);
        uint40 count = 0;
        if (growths.length != 0) {
            uint256 place = dice.oneIn(2) ? growths.length - 1 : dice.roll(growths.length);
            (time, count) = (growths[place].time, growths[place].count);
            if (place == growths.length - 1) time = _clockOf(source);
        } else {
            current = true;
        }
        bool lies = source == ids[0] && dice.oneIn(3);
        if (lies && current && count > 1 && dice.oneIn(3)) (time, count) = (_clockOf(source) + 1, 1);
        _say(source, destination, _word(source, destination, count, lies), time, current);
    }

    /// @notice What must change nothing: strangers, items of no kind, of no member, and heads of zeros.
    function babble(uint256 seed) external {
        Dice memory dice = Dice(seed);
        (bytes32 source, bytes32 destination) = _lane(dice);
        bytes[] memory items = new bytes[](3);
        items[0] = Item.encodeWord(destination, Lane.wrap(bytes32(uint256(7))), 1, true);
        items[1] = Item.encodeWord(keccak256("no member"), _word(source, destination, 7, false), 1, true);
        items[2] = abi.encodePacked(dice.word());
        address bridge = address(_added[source].bridge);
        if (dice.oneIn(2)) {
            vm.prank(bridge);
            SETTLEMENT.onSettled(items);
            _note("items were ignored");
        } else {
            items[0] = Item.encodeWord(destination, _word(source, destination, 1, true), 1, true);
            vm.prank(address(uint160(bridge) + 1));
            try SETTLEMENT.onSettled(items) {
                check(false, "a stranger was heard");
            } catch (bytes memory reason) {
                check(bytes4(reason) == ISettlement.NotBridge.selector, "refused for another reason");
                _note("a stranger was refused");
            }
        }
    }

    function warp(uint256 seed) external {
        Dice memory dice = Dice(seed);
        vm.warp(block.timestamp + (dice.oneIn(4) ? dice.roll(20 days) : dice.roll(2 hours)));
    }

    /// @notice The actions of a run.
    function actions() external pure returns (bytes4[] memory list) {
        list = new bytes4[](8);
        (list[0], list[1], list[2]) = (this.addMember.selector, this.announce.selector, this.grow.selector);
        (list[3], list[4], list[5]) = (this.settle.selector, this.settle.selector, this.settle.selector);
        (list[6], list[7]) = (this.babble.selector, this.warp.selector);
    }

    function added(bytes32 id) external view returns (ISettlement.Member memory) {
        return _added[id];
    }

    function memberCount() external view returns (uint256) {
        return ids.length;
    }

    function saidCount() external view returns (uint256) {
        return said.length;
    }

    /// @notice The most that an operator has accepted who had the whole notice to leave: what was in force or announced that long ago.
    function acceptedWad(bytes32 id) external view returns (uint256 most) {
        Announcement[] storage all = _announcements[id];
        for (uint256 i = all.length; i > 0; --i) {
            Announcement memory one = all[i - 1];
            if (one.time + 3 * NOTICE > block.timestamp) continue;
            return one.before > one.announced ? one.before : one.announced;
        }
    }

    function _add(uint256 chain) private {
        uint256 number = ids.length;
        address gateway = address(uint160(0xa000 + number));
        IL1Bridge bridge = IL1Bridge(address(uint160(0xb0000 + 16 * number)));
        bytes32 id = SETTLEMENT.addMember(MemberRef(1_000 + chain, gateway), bridge, 1 days);
        check(_added[id].chainId == 0, "an id was given twice");
        _added[id].chainId = uint64(1_000 + chain);
        (_added[id].gateway, _added[id].bridge) = (gateway, bridge);
        _added[id].liveFrom = uint40(block.timestamp + NOTICE);
        ids.push(id);
        if (number >= CHAINS) _note("a member was replaced");
    }

    function _say(bytes32 source, bytes32 destination, Lane word, uint64 time, bool current) private {
        bytes[] memory items = new bytes[](1);
        items[0] = Item.encodeWord(destination, word, time, current);
        vm.prank(address(_added[source].bridge));
        SETTLEMENT.onSettled(items);

        uint256 count = word.count();
        if (_isSaid[source][destination][count]) {
            if (Lane.unwrap(_firstOf(source, destination, count)) != Lane.unwrap(word)) {
                lied[source] = true;
                return _note("a source contradicted itself at a count");
            }
        } else {
            _isSaid[source][destination][count] = true;
            said.push(Said(source, destination, word));
        }
        if (!current) return _note("an anchor was settled");
        ISettlement.Latest memory last = latestOf[source][destination];
        if ((time > last.time && count < last.word.count()) || (time < last.time && count > last.word.count())) {
            lied[source] = true;
            return _note("a lane shrank");
        }
        if (time > last.time || (time == last.time && count > last.word.count()))
            latestOf[source][destination] = ISettlement.Latest(word, time);
        uint256 byNow = time < block.timestamp ? time : block.timestamp;
        if (byNow > settledTimeOf[source]) settledTimeOf[source] = byNow;
        _note("a current word was settled");
    }

    function _firstOf(bytes32 source, bytes32 destination, uint256 count) private view returns (Lane) {
        for (uint256 i = 0; i < said.length; ++i) {
            Said memory one = said[i];
            if (one.source == source && one.destination == destination && one.word.count() == count) return one.word;
        }
        return Lane.wrap(0);
    }

    /// @dev The clock of a source's chain: those of the later chains are ahead of L1's.
    function _clockOf(bytes32 source) private view returns (uint64) {
        return uint64(block.timestamp + (_added[source].chainId - 1_000) * 20 minutes);
    }

    function _lane(Dice memory dice) private view returns (bytes32 source, bytes32 destination) {
        return (ids[dice.oneIn(3) ? 0 : dice.roll(ids.length)], ids[dice.roll(CHAINS)]);
    }

    function _word(bytes32 source, bytes32 destination, uint40 count, bool isFalse) private pure returns (Lane) {
        if (count == 0) return genesis(source, destination);
        bytes27 head = bytes27(keccak256(abi.encode(source, destination, count, isFalse)));
        return Lane.wrap(bytes32(head) | bytes32(uint256(count)));
    }

    function _note(string memory what) private {
        ++reached[what];
    }
}
