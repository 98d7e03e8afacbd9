// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Checkpoint} from "../types/Checkpoint.sol";
import {Lane} from "../types/Lane.sol";
import {MemberRef} from "../types/Member.sol";
import {ICertificateVerifier} from "./ICertificateVerifier.sol";

/// @notice Where messages arrive: replays the lane, demands proof of where it ends, and calls each recipient at most once.
interface IInbox {
    /// @notice Why an item from Settlement changed nothing.
    enum Ignored {
        UnknownKind,
        Malformed,
        StaleTable,
        WrongDestination,
        NotAccepted,
        AlreadySettled,
        ContradictsSettled,
        NothingToRevoke
    }

    /// @notice A message was executed.
    /// @param id Its id (ERC-7786 receiveId).
    /// @param relayer Who called `deliver`.
    event MessageDelivered(bytes32 indexed id, address relayer);

    /// @notice A message was not executed and stays deliverable, for ever and by anyone.
    /// @param id Its id.
    /// @param reason The first 256 bytes of what the recipient returned, or `LevelTooLow`.
    event DeliveryFailed(bytes32 indexed id, bytes reason);

    /// @notice A word is held from now on.
    event WordHeld(bytes32 indexed source, uint8 indexed level, Lane word);

    /// @notice A settled word arrived that can be used only from `usableFrom` (seconds) on.
    event WordDelayed(bytes32 indexed source, Lane word, uint256 usableFrom);

    /// @notice A held certified word was deleted.
    event WordDropped(bytes32 indexed source, uint8 indexed level, Lane word);

    /// @notice A table is in force.
    event TableAdopted(bytes32 indexed tableId, ICertificateVerifier table, uint64 snapshot, uint64 expiry);

    /// @notice A table, and every certified word that was held, counts no more.
    event TableRevoked(ICertificateVerifier indexed table, uint256 snapshot);

    /// @notice The member list named a member for the first time.
    event MemberListed(bytes32 indexed member, uint256 indexed chainId, address gateway);

    /// @notice This Gateway listens to a member and sends to it.
    event MemberAccepted(bytes32 indexed member);

    /// @notice Item `index` of an envelope changed nothing.
    event ItemIgnored(uint256 indexed index, Ignored reason);

    /// @notice The owner set on what word this Gateway listens to a source.
    event SourceSet(bytes32 indexed source, uint8 minLevel, uint16 quorumBps, bool paused);

    /// @notice The owner delays words of a source that are settled before `until` (seconds) until then.
    event SettledDelayed(bytes32 indexed source, uint256 until);

    /// @notice The owner decided whether members on chain ids seen for the first time are accepted.
    event AcceptAllSet(bool acceptAll);

    /// @notice `deliver` was entered while it runs: a recipient may not call it.
    error ReentrantDelivery();

    /// @notice Too little gas for the next message's call: give the transaction more.
    /// @param id The message.
    /// @param available Gas that its call could get.
    /// @param required Gas that it must get.
    error InsufficientGas(bytes32 id, uint256 available, uint256 required);

    /// @notice The proof is of an unknown kind or level, cut off, or not in its one canonical form.
    error MalformedProof();

    /// @notice The items do not fold to a word that this Inbox holds at that level.
    error WordNotHeld(bytes32 source, uint8 level, Lane word);

    /// @notice No table is in force: none has arrived, or it was revoked. Publish one from L1.
    error NoTable();

    /// @notice The certified path of this source is paused by the owner.
    error SourcePaused(bytes32 source);

    /// @notice The member is not accepted: see `acceptMember`.
    error NotAccepted(bytes32 member);

    /// @notice The level is below what is demanded, or cannot be certified.
    error LevelTooLow(uint8 level, uint8 required);

    /// @notice `reachedBy` is too far ahead of this chain's clock, or, at level fast, too old (both in seconds).
    error TimeOutOfRange(uint256 reachedBy, uint256 time);

    /// @notice No certificate about this source counts now: its settled words are older than its `maxSettleAge`, or the
    /// table does not know it (0). Settle its lanes.
    error NotCertifiable(bytes32 source, uint256 certifiableUntil);

    /// @notice This source settled words that contradict each other; only the settled path is left.
    error SourceFaulted(bytes32 source);

    /// @notice The checkpoint is of a lane to another member.
    error WrongDestination(bytes32 destination, bytes32 expected);

    /// @notice The checkpoints do not lie under one root.
    error RootsDiffer(bytes32 root, bytes32 expected);

    /// @notice No checkpoint was given.
    error NoCheckpoints();

    /// @notice The statements do not contradict each other.
    error NoConflict();

    /// @notice The fold does not show that the held word and the settled one contradict each other.
    error NoContradiction();

    /// @notice Only the wired bridge may call.
    error NotBridge(address caller);

    /// @notice No member of this id was ever listed.
    error UnknownMember(bytes32 member);

    /// @notice The member is accepted already.
    error AlreadyAccepted(bytes32 member);

    /// @notice Another member took this one's place in the member list; `live` is it.
    error NotLive(bytes32 member, bytes32 live);

    /// @notice A minimum level is 0 (default, final) to 3; a quorum 0 (default) or 6,667 to 9,000 basis points.
    error InvalidSetting(uint8 minLevel, uint16 quorumBps);

    /// @notice A delay is at most `max` seconds, and may be set again only from `nextTime` (seconds) on.
    error DelayNotAllowed(uint256 delay, uint256 max, uint256 nextTime);

    /// @notice Delivers messages of one lane. Open to anyone.
    /// Effects: each message item that was not delivered before and whose `minFinality` the proof meets is marked, and its
    /// recipient is called with `receiveMessage(id, sender, payload)`; if the call fails the mark is taken back. The call
    /// gets the message's gas limit (200,000 by default); that of the last message all gas that is left, if that is more.
    /// Requirements: the items, folded from `from`, give a word that `proof` proves; gas for each call. Reverts whole with
    /// `MalformedBatch`, `LaneFull`, `MalformedProof`, `WordNotHeld`, `InsufficientGas`, `ReentrantDelivery`, or, where
    /// `proof` is a certificate, with the errors of `advance`; never because a recipient fails or a message was delivered
    /// before.
    /// @param source The source member.
    /// @param items Packed items.
    /// @param proof A held word's level, or a certificate.
    /// @param from The lane's word before the first item.
    function deliver(MemberRef calldata source, bytes calldata items, bytes calldata proof, Lane from) external;

    /// @notice Holds certified words of several lanes to this Gateway. Open to anyone.
    /// Effects: a final word is held if its count is above that of the one held; a fast word always.
    /// Requirements: the checkpoints lie under one root over which a quorum of the table in force signed; each source is
    /// accepted, neither paused nor faulted, and certifiable still; level fast or final and no lower than the owner asks
    /// (final by default); `reachedBy` at most an hour ahead, at level fast at most an hour ago. Reverts with `NoTable`,
    /// `NotAccepted`, `SourcePaused`, `LevelTooLow`, `TimeOutOfRange`, `NotCertifiable`, `SourceFaulted`,
    /// `WrongDestination`, `RootsDiffer`, `NoCheckpoints`, `MalformedProof`, or an error of `ICertificateVerifier`.
    /// @param checkpoints What the operators said.
    /// @param proof Each checkpoint's siblings, then the certificate.
    function advance(Checkpoint[] calldata checkpoints, bytes calldata proof) external;

    /// @notice Revokes the table in force, by two quorum certificates of it that contradict each other; if it has expired,
    /// too: the words that it certified are still held. Open to anyone.
    /// Effects: no certificate counts, and no certified word is held, until L1 publishes a later snapshot.
    /// Reverts with `NoTable`, `NoConflict`, or an error of `ICertificateVerifier`.
    /// @param evidence `abi.encode(Equivocation)`.
    function revokeTable(bytes calldata evidence) external;

    /// @notice Deletes a held certified word that a settled one contradicts. Open to anyone.
    /// Requirements: either the fold from `from` ends at the settled word and `from` has the held word's count and is not
    /// it; or it ends at the held word and `from` has the settled word's count and is not it. Else `NoContradiction`.
    /// @param source Id of the source member.
    /// @param level Level of the held word, fast or final.
    /// @param settledCount Count of the settled word.
    /// @param from Where the fold starts.
    /// @param messageHashes The messages from there on.
    function dropContradicted(
        bytes32 source,
        uint8 level,
        uint40 settledCount,
        Lane from,
        bytes32[] calldata messageHashes
    ) external;

    /// @notice Takes items from L1: a table with the member list, a settled word, a revocation. The wired bridge alone,
    /// else `NotBridge`. An item that is unknown, malformed or stale changes nothing, with the event `ItemIgnored`, and
    /// never reverts; the call reverts only where gas is short, and can be repeated then.
    function fromSettlement(bytes[] calldata items) external;

    /// @notice Accepts a listed member for good: listens to it and opens the lane to it, in the place of the member that
    /// was accepted on that chain before. The owner alone. Reverts with `UnknownMember`, `AlreadyAccepted`, `NotLive`.
    function acceptMember(bytes32 member) external;

    /// @notice Whether members on chain ids seen for the first time are accepted as they are listed. The owner alone.
    function setAcceptAll(bool acceptAll) external;

    /// @notice Sets on what word this Gateway listens to a source's certified path, and deletes its held certified words.
    /// The owner alone; settled words are not touched. Reverts with `UnknownMember`, `InvalidSetting`.
    /// @param source Id of the source member.
    /// @param minLevel Lowest level: 1 fast, 2 final, 3 no certificate at all; 0 for the default, final.
    /// @param quorumBps Quorum in basis points, 6,667 to 9,000; 0 for the default, 6,667.
    /// @param paused Whether certificates are refused.
    function setSource(bytes32 source, uint8 minLevel, uint16 quorumBps, bool paused) external;

    /// @notice Delays words of a source that are settled from now on, until `delay` from now. The owner alone; at most 14
    /// days, once in 60 days. Words that are held already stay usable. Reverts with `UnknownMember`, `DelayNotAllowed`.
    /// @param source Id of the source member.
    /// @param delay Seconds.
    function delaySettled(bytes32 source, uint32 delay) external;

    /// @notice The word held of a source, zero if none.
    /// @param source Id of the source member.
    /// @param level 1 fast, 2 final, 3 settled.
    /// @param count For settled: the word's count. For fast and final one word is held; zero unless it has this count.
    function held(bytes32 source, uint8 level, uint40 count) external view returns (Lane);

    /// @notice The highest word held of a source at level fast or final, whatever its count; zero if none.
    function heldCertified(bytes32 source, uint8 level) external view returns (Lane);

    /// @notice Whether a message was executed.
    function isDelivered(bytes32 source, uint40 nonce) external view returns (bool);

    /// @notice The message that is being delivered, for its recipient; zeros outside a delivery.
    /// @return source Id of the source member.
    /// @return nonce The message's place on its lane.
    /// @return level The level at which it was proven.
    function delivering() external view returns (bytes32 source, uint40 nonce, uint8 level);

    /// @notice The table in force; zero if none.
    /// @return table Its contract.
    /// @return snapshot Seconds; tables up to this snapshot are refused.
    /// @return hasOverrides Whether some source has a setting of its own, or is not accepted.
    function tableInForce() external view returns (ICertificateVerifier table, uint64 snapshot, bool hasOverrides);

    /// @notice A member as this Gateway knows it; zeros if it was never listed.
    /// @return chainId Its chain id.
    /// @return accepted Whether this Gateway listens and sends to it.
    /// @return minLevel Lowest level at which its certificates count.
    /// @return quorumBps Quorum of its certificates in basis points.
    /// @return paused Whether its certificates are refused.
    /// @return delayedUntil Seconds; words that are settled before are usable from then on.
    function member(
        bytes32 id
    )
        external
        view
        returns (uint256 chainId, bool accepted, uint8 minLevel, uint16 quorumBps, bool paused, uint256 delayedUntil);

    /// @notice Whether members on chain ids seen for the first time are accepted.
    function acceptAll() external view returns (bool);
}
