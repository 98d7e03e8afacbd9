// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IL1Bridge} from "../interfaces/IL1Bridge.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {Item} from "../types/Item.sol";
import {genesis, Lane} from "../types/Lane.sol";
import {memberId, MemberRef} from "../types/Member.sol";
import {MAX_MEMBERS} from "../types/Table.sol";

/// @title Settlement
/// @notice Whom the fabric consists of, and what its members have settled through their own bridges.
///
/// OWNER: adds members, and has stake answer for falsehoods about them, with notice. Cannot remove one, give a chain's place to
/// another chain, or touch a settled word.
/// SOURCES: a member's bridge speaks of that member's lanes alone. What it settled first at a count stays; a contradiction
/// faults it for good.
contract Settlement is ISettlement, Ownable2Step {
    /// @dev A settled word, but for its count, and the latest time at which it was the lane's current word, on L1's clock at most.
    struct SettledWord {
        bytes27 head;
        uint40 currentTime;
    }

    uint256 private constant WAD = 1e18;

    /// @dev How far `reachedBy` may be ahead of L1's clock where a Gateway still takes it: an hour by the Gateway's own clock (R18),
    /// which may itself be an hour ahead (R33).
    uint256 private constant MAX_AHEAD = 2 hours;

    /// @inheritdoc ISettlement
    uint256 public immutable MEMBER_NOTICE;

    /// @inheritdoc ISettlement
    uint256 public immutable FALSEHOOD_NOTICE;

    /// @inheritdoc ISettlement
    mapping(IL1Bridge bridge => bytes32 member) public memberOf;

    mapping(bytes32 id => Member) private _members;

    /// @dev The member that was added last on a chain.
    mapping(uint256 chainId => bytes32 member) private _newestOn;

    /// @dev All ids, strictly ascending.
    bytes32[] private _ids;
    uint256 private _chains;

    mapping(bytes32 source => mapping(bytes32 destination => mapping(uint256 count => SettledWord))) private _settled;
    mapping(bytes32 source => mapping(bytes32 destination => Latest)) private _latest;

    mapping(bytes32 id => FalsehoodWad) private _falsehoodWads;

    /// @param owner Who adds members.
    /// @param memberNotice Seconds of notice before a member is live.
    /// @param falsehoodNotice Seconds of notice before a `falsehoodWad` rises: longer than operators need to leave.
    constructor(address owner, uint256 memberNotice, uint256 falsehoodNotice) Ownable(owner) {
        MEMBER_NOTICE = memberNotice;
        FALSEHOOD_NOTICE = falsehoodNotice;
    }

    /// @inheritdoc ISettlement
    function addMember(
        MemberRef calldata ref,
        IL1Bridge bridge,
        uint32 maxSettleAge
    ) external onlyOwner returns (bytes32 id) {
        require(
            ref.chainId != 0 &&
                ref.chainId <= type(uint64).max &&
                ref.gateway != address(0) &&
                address(bridge) != address(0) &&
                maxSettleAge != 0,
            InvalidMember(ref.chainId, ref.gateway, bridge, maxSettleAge)
        );
        id = memberId(block.chainid, address(this), ref.chainId, ref.gateway);
        require(_members[id].chainId == 0, MemberExists(id));
        require(memberOf[bridge] == 0, BridgeTaken(bridge, memberOf[bridge]));

        // Times of 40 bits last for 34,000 years.
        uint40 liveFrom = uint40(block.timestamp + MEMBER_NOTICE);
        bytes32 replaced = _newestOn[ref.chainId];
        if (replaced == 0) {
            require(_chains < MAX_MEMBERS, TooManyMembers(MAX_MEMBERS));
            ++_chains;
        } else {
            _members[replaced].retiredFrom = liveFrom;
        }
        _newestOn[ref.chainId] = id;
        memberOf[bridge] = id;
        // Checked above to fit 64 bits.
        _members[id] = Member({
            chainId: uint64(ref.chainId),
            gateway: ref.gateway,
            bridge: bridge,
            liveFrom: liveFrom,
            retiredFrom: 0,
            maxSettleAge: maxSettleAge,
            settledTime: 0,
            isFaulted: false
        });
        _insert(id);
        emit MemberAdded(id, ref.chainId, ref.gateway, bridge, liveFrom, maxSettleAge, replaced);
    }

    /// @inheritdoc ISettlement
    function announceFalsehoodWad(bytes32 id, uint64 wad) external onlyOwner {
        require(_members[id].chainId != 0, UnknownMember(id));
        require(wad <= WAD, InvalidWad(wad));
        FalsehoodWad memory last = _falsehoodWads[id];
        uint256 over = last.announcedAt + FALSEHOOD_NOTICE;
        bool isOver = block.timestamp >= over;
        // A rise that is not in force yet can be taken back. A fall cannot: for later times that would be a rise without notice.
        require(isOver || last.announced >= last.before, FallPending(id, over));
        uint64 before = isOver ? last.announced : last.before;
        // Times of 40 bits last for 34,000 years.
        _falsehoodWads[id] = FalsehoodWad(before, wad, uint40(block.timestamp));
        emit FalsehoodWadAnnounced(id, before, wad, block.timestamp + FALSEHOOD_NOTICE);
    }

    /// @inheritdoc ISettlement
    function onSettled(bytes[] calldata items) external {
        bytes32 source = memberOf[IL1Bridge(msg.sender)];
        require(source != 0, NotBridge(msg.sender));
        for (uint256 i = 0; i < items.length; ++i) {
            bytes calldata item = items[i];
            if (Item.isWord(item)) {
                (bytes32 destination, Lane word, uint64 time, bool current) = Item.decodeWord(item);
                if (_members[destination].chainId != 0 && _isWordOf(source, destination, word, current)) {
                    _settle(source, destination, word, time, current);
                    continue;
                }
            }
            emit ItemIgnored(source, i);
        }
    }

    /// @inheritdoc ISettlement
    function forward(bytes32 source, bytes32 destination, uint40 count, bytes calldata stackParams) external payable {
        IL1Bridge bridge = _members[destination].bridge;
        require(address(bridge) != address(0), UnknownMember(destination));
        require(count != 0, NothingToForward(source, destination));
        Lane word = settled(source, destination, count);
        require(!word.isZero(), NotSettled(source, destination, count));
        bytes[] memory items = new bytes[](1);
        items[0] = Item.encodeSettled(source, destination, word);
        emit WordForwarded(source, destination, word);
        bridge.send{value: msg.value}(items, msg.sender, stackParams);
    }

    /// @inheritdoc ISettlement
    function currentTime(bytes32 source, bytes32 destination, uint40 count) external view returns (uint256) {
        return _settled[source][destination][count].currentTime;
    }

    /// @inheritdoc ISettlement
    function latest(bytes32 source, bytes32 destination) external view returns (Latest memory) {
        return _latest[source][destination];
    }

    /// @inheritdoc ISettlement
    function falsehoodWad(bytes32 source, uint64 reachedBy) external view returns (uint256) {
        FalsehoodWad memory last = _falsehoodWads[source];
        if (block.timestamp >= last.announcedAt + FALSEHOOD_NOTICE) return last.announced;
        bool isSaidSince = reachedBy > last.announcedAt + MAX_AHEAD;
        return isSaidSince && last.announced < last.before ? last.announced : last.before;
    }

    /// @inheritdoc ISettlement
    function announcedFalsehoodWad(bytes32 source) external view returns (FalsehoodWad memory) {
        return _falsehoodWads[source];
    }

    /// @inheritdoc ISettlement
    function member(bytes32 id) external view returns (Member memory) {
        return _members[id];
    }

    /// @inheritdoc ISettlement
    function liveMembers() external view returns (bytes32[] memory ids, Member[] memory members) {
        uint256 total = _ids.length;
        ids = new bytes32[](total);
        members = new Member[](total);
        uint256 live = 0;
        for (uint256 i = 0; i < total; ++i) {
            Member memory candidate = _members[_ids[i]];
            bool isRetired = candidate.retiredFrom != 0 && block.timestamp >= candidate.retiredFrom;
            if (block.timestamp < candidate.liveFrom || isRetired) continue;
            ids[live] = _ids[i];
            members[live++] = candidate;
        }
        // Shortens both arrays to what was written: live <= total.
        assembly ("memory-safe") {
            mstore(ids, live)
            mstore(members, live)
        }
    }

    /// @inheritdoc ISettlement
    function settled(bytes32 source, bytes32 destination, uint40 count) public view returns (Lane) {
        bytes27 head = _settled[source][destination][count].head;
        return head == 0 ? Lane.wrap(0) : Lane.wrap(bytes32(head) | bytes32(uint256(count)));
    }

    /// @dev Keeps a word of a lane of `source`; the first at its count stays.
    function _settle(bytes32 source, bytes32 destination, Lane word, uint64 time, bool current) private {
        Member storage from = _members[source];
        // A source cannot keep itself certifiable by a clock that runs ahead, nor bear witness of times that are to come. What its
        // lane has later, it has no more of now. Times of 40 bits last for 34,000 years.
        uint40 byNow = uint40(Math.min(time, block.timestamp));
        SettledWord storage slot = _settled[source][destination][word.count()];
        SettledWord memory known = slot;
        if (known.head != 0 && known.head != _headOf(word)) {
            from.isFaulted = true;
            emit SourceFaulted(source, destination, settled(source, destination, uint40(word.count())), word);
            return;
        }
        if (known.head == 0 || (current && byNow > known.currentTime)) {
            (slot.head, slot.currentTime) = (_headOf(word), current ? byNow : 0);
        }
        emit WordSettled(source, destination, word, time, current);
        if (!current) return;

        Latest storage last = _latest[source][destination];
        bool isLater = time > last.time;
        // A lane only grows: a later word with a smaller count, or an earlier one with a greater, is a contradiction.
        if ((isLater && word.count() < last.word.count()) || (time < last.time && word.count() > last.word.count())) {
            from.isFaulted = true;
            emit SourceFaulted(source, destination, last.word, word);
            return;
        }
        // Of the words of one second the highest is the latest.
        if (isLater || (time == last.time && word.count() > last.word.count())) {
            _latest[source][destination] = Latest(word, time);
        }
        if (byNow > from.settledTime) from.settledTime = byNow;
    }

    /// @dev Inserts an id so that `_ids` stays in order.
    function _insert(bytes32 id) private {
        _ids.push(id);
        uint256 i = _ids.length - 1;
        for (; i != 0 && _ids[i - 1] > id; --i) {
            _ids[i] = _ids[i - 1];
        }
        _ids[i] = id;
    }

    /// @dev Whether it may be a word of this lane. Before its first message a lane has one word, which is no anchor: what it shows is
    /// that the lane was empty.
    function _isWordOf(bytes32 source, bytes32 destination, Lane word, bool current) private pure returns (bool) {
        if (word.count() == 0) return current && word == genesis(source, destination);
        // A head of zeros is no hash's; it would look like nothing.
        return _headOf(word) != 0;
    }

    function _headOf(Lane word) private pure returns (bytes27) {
        return bytes27(Lane.unwrap(word));
    }
}
