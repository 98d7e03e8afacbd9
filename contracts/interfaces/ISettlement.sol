// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "../types/Lane.sol";
import {MemberRef} from "../types/Member.sol";
import {IL1Bridge} from "./IL1Bridge.sol";

/// @notice The registry of members on L1, and what they have settled. Times in seconds.
interface ISettlement {
    /// @notice A member as the registry has it.
    /// @param chainId Its chain id.
    /// @param gateway Its Gateway.
    /// @param bridge L1's end of its bridge.
    /// @param liveFrom When it becomes a member: the notice is over.
    /// @param retiredFrom When another takes its place on its chain; 0 if none does.
    /// @param maxSettleAge Age of its latest settled word at which certificates about it stop counting.
    /// @param settledTime Latest time of a current word that it settled; 0 if it has settled none.
    /// @param isFaulted Whether it settled words that contradict each other.
    struct Member {
        uint64 chainId;
        address gateway;
        IL1Bridge bridge;
        uint40 liveFrom;
        uint40 retiredFrom;
        uint32 maxSettleAge;
        uint40 settledTime;
        bool isFaulted;
    }

    /// @notice A current word: the lane had it at this time.
    struct Latest {
        Lane word;
        uint64 time;
    }

    /// @notice What a falsehood about a source costs those who signed it, parts of 1e18 of their slashable stake.
    /// @param before What it cost when the change was announced.
    /// @param announced What it costs from `FALSEHOOD_NOTICE` after `announcedAt` on.
    /// @param announcedAt When the latest change was announced; 0 if none was.
    struct FalsehoodWad {
        uint64 before;
        uint64 announced;
        uint40 announcedAt;
    }

    /// @notice A member was added; it is live from `liveFrom` on, in the place of `replaced` if that is not zero.
    event MemberAdded(
        bytes32 indexed member,
        uint256 indexed chainId,
        address gateway,
        IL1Bridge bridge,
        uint256 liveFrom,
        uint256 maxSettleAge,
        bytes32 replaced
    );

    /// @notice What a falsehood about a member costs changes from `before` to `announced`, of 1e18, at the latest at `from`.
    event FalsehoodWadAnnounced(bytes32 indexed member, uint256 before, uint256 announced, uint256 from);

    /// @notice A lane's word is settled.
    event WordSettled(bytes32 indexed source, bytes32 indexed destination, Lane word, uint64 time, bool current);

    /// @notice A source settled two words that cannot both be true; it stays faulted.
    event SourceFaulted(bytes32 indexed source, bytes32 indexed destination, Lane before, Lane contradicting);

    /// @notice An item from a member's bridge changed nothing: unknown kind, unknown destination, malformed, or no lane's word.
    event ItemIgnored(bytes32 indexed source, uint256 indexed index);

    /// @notice A settled word was sent to its destination.
    event WordForwarded(bytes32 indexed source, bytes32 indexed destination, Lane word);

    /// @notice The member, or a gateway of this id, is registered already.
    error MemberExists(bytes32 member);

    /// @notice The bridge serves another member already.
    error BridgeTaken(IL1Bridge bridge, bytes32 member);

    /// @notice A member needs a chain id from 1 to 2^64 - 1, a Gateway, a bridge, and a `maxSettleAge`.
    error InvalidMember(uint256 chainId, address gateway, IL1Bridge bridge, uint256 maxSettleAge);

    /// @notice A fabric has at most `max` chains.
    error TooManyMembers(uint256 max);

    /// @notice No member of this id is registered.
    error UnknownMember(bytes32 member);

    /// @notice Parts of 1e18: at most all.
    error InvalidWad(uint256 wad);

    /// @notice The member's `falsehoodWad` is falling until `from`, and cannot change again before.
    error FallPending(bytes32 member, uint256 from);

    /// @notice The caller is no member's bridge.
    error NotBridge(address caller);

    /// @notice No word is settled at this count of the lane.
    error NotSettled(bytes32 source, bytes32 destination, uint256 count);

    /// @notice The word at count 0 proves no message: no Gateway takes it.
    error NothingToForward(bytes32 source, bytes32 destination);

    /// @notice Adds a member, with notice; the owner alone. If its chain has a member, that one is retired when the notice is
    /// over. Reverts with `InvalidMember`, `MemberExists`, `BridgeTaken`, `TooManyMembers`.
    /// @param ref The member's chain id and Gateway.
    /// @param bridge L1's end of its bridge, of this member alone.
    /// @param maxSettleAge Seconds; see `Member`.
    function addMember(MemberRef calldata ref, IL1Bridge bridge, uint32 maxSettleAge) external returns (bytes32 id);

    /// @notice Announces what a falsehood about a member costs those who sign it (R27); the owner alone. One change at a time:
    /// a rise that is not in force yet is replaced, and begins its notice anew; a fall is waited for.
    ///
    /// A rise is in force when `FALSEHOOD_NOTICE` is over, for everything that an operator who stayed ever signed: the source's
    /// own bridge is the judge. A fall is in force at once for what is said of later times, and when the notice is over for the
    /// rest: so that it rescues nobody who has lied, and holds nobody to what is no longer accepted.
    /// Reverts with `UnknownMember`, `InvalidWad`, `FallPending`.
    /// @param id The member.
    /// @param wad Parts of 1e18; zero if no stake is to answer.
    function announceFalsehoodWad(bytes32 id, uint64 wad) external;

    /// @notice Takes words that a member's bridge read from its Outbox: lanes whose source is that member, no other.
    /// A member's bridge alone, else `NotBridge`. Items that are unknown or malformed change nothing, with an event; so does a word
    /// of count 0, unless it is a current one and the lane's genesis word.
    function onSettled(bytes[] calldata items) external;

    /// @notice Sends a settled word to its destination. Open to anyone, as often as anyone pays for it.
    /// Reverts with `UnknownMember`, `NothingToForward`, `NotSettled`, or an error of the bridge.
    function forward(bytes32 source, bytes32 destination, uint40 count, bytes calldata stackParams) external payable;

    /// @notice The settled word at a count of a lane; zero if none.
    function settled(bytes32 source, bytes32 destination, uint40 count) external view returns (Lane);

    /// @notice The latest time, in seconds on the source's clock but no later than when L1 learned it, at which the lane's current word
    /// had this count; zero if it is not settled that one had. Anchors have no time.
    function currentTime(bytes32 source, bytes32 destination, uint40 count) external view returns (uint256);

    /// @notice What a falsehood about a source costs now, in parts of 1e18; zero at first (R27).
    /// @param source The member.
    /// @param reachedBy Of the false statement.
    function falsehoodWad(bytes32 source, uint64 reachedBy) external view returns (uint256);

    /// @notice What was announced last of a member's `falsehoodWad`; zeros if nothing.
    function announcedFalsehoodWad(bytes32 source) external view returns (FalsehoodWad memory);

    /// @notice The current word with the latest time, and the greatest count of those; zeros if none.
    function latest(bytes32 source, bytes32 destination) external view returns (Latest memory);

    /// @notice A member; zeros if it is not registered.
    function member(bytes32 id) external view returns (Member memory);

    /// @notice The member that a bridge serves; zero if none.
    function memberOf(IL1Bridge bridge) external view returns (bytes32);

    /// @notice All members that are live now, ids strictly ascending.
    function liveMembers() external view returns (bytes32[] memory ids, Member[] memory members);

    /// @notice Seconds between adding a member and its becoming one.
    function MEMBER_NOTICE() external view returns (uint256);

    /// @notice Seconds between announcing a higher `falsehoodWad` and its being in force: longer than operators need to leave.
    function FALSEHOOD_NOTICE() external view returns (uint256);
}
