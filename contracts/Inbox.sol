// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Arrivals} from "./inbox/Arrivals.sol";
import {Certificates} from "./inbox/Certificates.sol";
import {IInbox} from "./interfaces/IInbox.sol";
import {Batch} from "./types/Batch.sol";
import {Lane} from "./types/Lane.sol";
import {Level} from "./types/Level.sol";
import {MemberRef, memberId} from "./types/Member.sol";
import {hashMessage} from "./types/Message.sol";
import {Options} from "./types/Options.sol";
import {Proof} from "./types/Proof.sol";
import {newReceiveCall, ReceiveCall, returnedReason} from "./types/ReceiveCall.sol";

/// @title Inbox
/// @notice The receiving half of a Gateway. `deliver` is all that ever calls a recipient: it folds the batch, demands proof
/// of where the fold ends, and only then executes, message by message. What makes a proof count is in `Certificates`
/// (operators) and `Arrivals` (L1).
///
/// ONCE: a message's bit is set before its recipient is called and cleared only if that call failed; a transient lock keeps
/// the recipient out of `deliver`.
/// ISOLATION: a recipient gets a bounded part of the gas, can return what it wants, and cannot make `deliver` revert.
/// NO POWER: the Gateway holds no funds and calls recipients with `receiveMessage` only; nothing of Parley trusts it as a
/// caller, so a recipient may be anything, the Gateway itself included.
abstract contract Inbox is Certificates, Arrivals {
    /// @dev A batch on its way.
    struct Delivery {
        // Id of the source member.
        bytes32 source;
        // Ids of the messages, in order.
        bytes32[] ids;
        // Where the last message item ends; 0 if there is none.
        uint256 end;
        // Level at which the batch was proven.
        uint8 level;
        // Calls the recipients.
        ReceiveCall call;
    }

    /// @dev A bit for each message of a page; set if it was delivered.
    struct Page {
        uint256 bitmap;
    }

    /// @dev Gas of a recipient's call where the sender names no limit.
    uint256 private constant DEFAULT_GAS_LIMIT = 200_000;

    /// @dev Gas kept back from a call: what making it costs before, and marking and reporting its failure after.
    uint256 private constant GAS_RESERVE = 30_000;

    mapping(bytes32 source => mapping(uint256 page => Page)) private _delivered;

    /// @dev Zero while no recipient is called: that is `deliver`'s lock. Else `uint40 nonce ‖ uint8 level`, and no level is zero.
    uint256 private transient _delivering;

    /// @dev Meaningful while `_delivering` is not zero.
    bytes32 private transient _deliveringSource;

    /// @inheritdoc IInbox
    function deliver(MemberRef calldata source, bytes calldata items, bytes calldata proof, Lane from) external {
        if (_delivering != 0) revert ReentrantDelivery();
        Delivery memory delivery;
        delivery.source = memberId(SETTLEMENT_CHAIN_ID, SETTLEMENT, source.chainId, source.gateway);
        Lane to = _replay(delivery, items, from);
        delivery.level = _requireProof(delivery.source, to, proof);

        // No payload is longer than all items together.
        delivery.call = newReceiveCall(source.chainId, items.length);
        _deliveringSource = delivery.source;
        _execute(delivery, items, from.count());
        _delivering = 0;
    }

    /// @inheritdoc IInbox
    function isDelivered(bytes32 source, uint40 nonce) external view returns (bool) {
        return (_delivered[source][nonce >> 8].bitmap >> (nonce & 255)) & 1 != 0;
    }

    /// @inheritdoc IInbox
    function delivering() external view returns (bytes32 source, uint40 nonce, uint8 level) {
        // The fields' own bits.
        if (_delivering != 0) return (_deliveringSource, uint40(_delivering >> 8), uint8(_delivering));
    }

    /// @notice Calls the recipients of the messages that were not delivered before.
    /// @param nonce Nonce of the first item.
    function _execute(Delivery memory delivery, bytes calldata items, uint256 nonce) private {
        uint256 end = delivery.end;
        if (end == 0) return;
        uint256 offset = 0;
        uint256 messages = 0;
        Page storage page = _delivered[delivery.source][nonce >> 8];
        // No overflow: offsets stay below items.length, nonces below 2^40 (the replay checked both). The last item that
        // counts is a message, and ends at `end`.
        unchecked {
            while (true) {
                uint256 kind = Batch.kindAt(items, offset);
                if (kind == Batch.SKIP) {
                    offset += Batch.SKIP_LENGTH;
                } else {
                    bytes32 id = delivery.ids[messages++];
                    offset = _executeMessage(delivery, items, offset, kind, page, nonce, id);
                    if (offset == end) return;
                }
                if (++nonce & 255 == 0) page = _delivered[delivery.source][nonce >> 8];
            }
        }
    }

    /// @notice Calls the recipient of one message, unless it was delivered before or its sender demands a higher level.
    /// @return end Offset of the next item.
    function _executeMessage(
        Delivery memory delivery,
        bytes calldata items,
        uint256 offset,
        uint256 kind,
        Page storage page,
        uint256 nonce,
        bytes32 id
    ) private returns (uint256 end) {
        address sender;
        address recipient;
        Options options;
        bytes calldata payload;
        (sender, recipient, options, payload, end) = Batch.readMessage(items, offset, kind);

        uint256 bitmap = page.bitmap;
        uint256 mark = 1 << (nonce & 255);
        if (bitmap & mark != 0) return end;
        if (options.minFinality() > delivery.level) {
            emit DeliveryFailed(
                id,
                abi.encodeWithSelector(LevelTooLow.selector, delivery.level, options.minFinality())
            );
            return end;
        }
        // Mark before the call; the lock keeps everyone else from this bitmap until it returns.
        page.bitmap = bitmap | mark;
        _delivering = (nonce << 8) | delivery.level;
        uint256 gasLimit = _gasFor(id, options, end == delivery.end);
        if (delivery.call.deliverTo(recipient, gasLimit, id, sender, payload)) {
            emit MessageDelivered(id, msg.sender);
        } else {
            page.bitmap = bitmap;
            emit DeliveryFailed(id, returnedReason());
        }
    }

    /// @notice Folds the items; fills in `ids` and `end`.
    /// @param from The lane's word before the first item.
    /// @return lane The lane's word after the last item.
    function _replay(Delivery memory delivery, bytes calldata items, Lane from) private view returns (Lane lane) {
        uint256 length = items.length;
        if (length == 0) revert Batch.MalformedBatch(0);
        bytes32[] memory ids = _allocate(length / Batch.MIN_MESSAGE_LENGTH);
        delivery.ids = ids;
        lane = from;
        uint256 messages = 0;
        uint256 offset = 0;
        while (offset < length) {
            uint256 kind = Batch.kindAt(items, offset);
            bytes32 messageHash;
            if (kind == Batch.SKIP) {
                (messageHash, offset) = Batch.readSkip(items, offset);
                lane = lane.next(lane.idOf(messageHash));
            } else {
                (messageHash, offset) = _hashMessageAt(delivery.source, items, offset, kind);
                bytes32 id = lane.idOf(messageHash);
                lane = lane.next(id);
                // No overflow: one for each MIN_MESSAGE_LENGTH bytes at most.
                unchecked {
                    ids[messages++] = id;
                }
                delivery.end = offset;
            }
        }
    }

    /// @dev Hash of the message item at `offset`, and the offset of the next item.
    function _hashMessageAt(
        bytes32 source,
        bytes calldata items,
        uint256 offset,
        uint256 kind
    ) private view returns (bytes32 messageHash, uint256 end) {
        address sender;
        address recipient;
        Options options;
        bytes calldata payload;
        (sender, recipient, options, payload, end) = Batch.readMessage(items, offset, kind);
        messageHash = hashMessage(source, CHAIN_ID, sender, recipient, options, payload);
    }

    /// @notice Reverts unless the proof proves the word.
    /// @return level At which level.
    function _requireProof(bytes32 sourceId, Lane word, bytes calldata proof) private view returns (uint8 level) {
        uint8 kind;
        (kind, level) = Proof.readKind(proof);
        if (kind == Proof.CERTIFICATE) {
            _requireCertificate(sourceId, word, level, proof);
        } else {
            if (kind != Proof.HELD || proof.length != 2) revert MalformedProof();
            Lane heldWord =
                level == Level.SETTLED ? _settledWord(sourceId, word.count()) : heldCertified(sourceId, level);
            // A folded word's count is above zero, so no empty slot equals it.
            if (heldWord != word) revert WordNotHeld(sourceId, level, word);
        }
    }

    /// @dev Gas for a message's call: what its sender demands, or, for the last message, all that can be given. Reverts if
    /// the 63/64 that a call may get (EIP-150), less the reserve, is too little.
    function _gasFor(bytes32 id, Options options, bool isLast) private view returns (uint256 gasLimit) {
        gasLimit = options.gasLimit();
        if (gasLimit == 0) gasLimit = DEFAULT_GAS_LIMIT;
        // No overflow: limits are 56 bits. No underflow: checked.
        unchecked {
            uint256 available = gasleft() - gasleft() / 64;
            if (available < gasLimit + GAS_RESERVE) revert InsufficientGas(id, available, gasLimit + GAS_RESERVE);
            if (isLast) gasLimit = available - GAS_RESERVE;
        }
    }

    /// @dev An array whose words are not zeroed: every word is written before it is read.
    function _allocate(uint256 length) private pure returns (bytes32[] memory array) {
        assembly ("memory-safe") {
            array := mload(0x40)
            mstore(array, length)
            mstore(0x40, add(array, shl(5, add(length, 1))))
        }
    }
}
