// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "../../../contracts/types/Lane.sol";
import {MemberRef} from "../../../contracts/types/Member.sol";
import {Certifying} from "./Certifying.sol";
import {Dice} from "./Dice.sol";
import {Behaviour} from "./Recipients.sol";
import {vm} from "./Vm.sol";
import {Wire} from "./Wire.sol";
import {MEMBERS} from "./World.sol";

/// @notice Deliveries of true batches: any range of a lane, any of its messages skipped, delivered before or not, on every
/// kind of proof. What each recipient must see of it is known beforehand.
abstract contract Delivering is Certifying {
    /// @dev Messages `first` to `end` - 1 of a lane; those of the bit mask `skips` as hashes.
    struct Batch {
        uint256 source;
        uint256 destination;
        uint256 first;
        uint256 end;
        uint256 skips;
        bytes items;
        bytes proof;
        uint8 level;
        bool counts;
    }

    /// @dev Of one action.
    uint256 private constant DELIVERIES = 2;

    /// @dev Gas beside what the recipients get.
    uint256 private constant SLACK = 2_000_000;

    uint256 private constant HELD = 0;
    uint256 private constant CERTIFICATE = 1;

    /// @notice Anyone delivers on a certificate alongside.
    function deliverCertified(uint256 seed) external {
        Dice memory dice = _act(seed);
        for (uint256 left = DELIVERIES; left > 0; --left) {
            Batch memory batch = _rollBatch(dice);
            _certify(dice, batch);
            _deliver(dice, batch);
        }
    }

    /// @notice Anyone delivers on a certified word that is held, or is not.
    function deliverHeld(uint256 seed) external {
        Dice memory dice = _act(seed);
        for (uint256 left = DELIVERIES; left > 0; --left) _deliverHeld(dice, _rollBatch(dice));
    }

    /// @notice Anyone settles a word over L1 and delivers on it.
    function deliverSettled(uint256 seed) external {
        Dice memory dice = _act(seed);
        for (uint256 left = DELIVERIES; left > 0; --left) {
            Batch memory batch = _rollBatch(dice);
            bytes32 word = _lanes[batch.source][batch.destination].words[batch.end];
            if (!dice.oneIn(4)) _settle(batch.source, batch.destination, word);
            _proveSettled(batch);
            _deliver(dice, batch);
        }
    }

    /// @notice Every lane is settled and delivered from its beginning, whatever was paused, revoked, delayed or expired.
    /// At the end of a run: what should execute then has, once.
    function finish() external {
        vm.warp(clock += 15 days);
        SOMETIMES.setOpen(true);
        for (uint256 source = 0; source < MEMBERS; ++source) {
            for (uint256 destination = 0; destination < MEMBERS; ++destination) {
                if (_lanes[source][destination].messages.length != 0) _finishLane(source, destination);
            }
        }
    }

    /// @dev A range of some lane on which something was sent.
    function _rollBatch(Dice memory dice) internal view returns (Batch memory batch) {
        uint256 length = 0;
        while (length == 0) {
            (batch.source, batch.destination) = _rollLane(dice);
            length = _lanes[batch.source][batch.destination].messages.length;
        }
        batch.first = dice.roll(length);
        batch.end = dice.oneIn(2) ? length : batch.first + 1 + dice.roll(length - batch.first);
        if (dice.oneIn(2)) batch.skips = uint256(dice.word()) & uint256(dice.word());
    }

    function _deliverHeld(Dice memory dice, Batch memory batch) private {
        batch.level = uint8(1 + dice.roll(2));
        bytes32[] storage words = _lanes[batch.source][batch.destination].words;
        if (!dice.oneIn(3)) _hold(batch.source, batch.destination, words[batch.end], batch.level);
        bytes32 held = _sources[batch.destination][batch.source].held[batch.level];
        // Mostly to the word that is held, if some message leads there.
        if (held != 0 && held != words[0] && !dice.oneIn(4)) {
            batch.end = Wire.count(held) - Wire.count(words[0]);
            if (batch.first >= batch.end) batch.first = dice.roll(batch.end);
        }
        batch.proof = abi.encodePacked(uint8(HELD), batch.level);
        batch.counts = held == words[batch.end];
        _deliver(dice, batch);
    }

    /// @dev A certificate of some signers over a tree with the statement that the batch needs.
    function _certify(Dice memory dice, Batch memory batch) internal view {
        bytes32 word = _lanes[batch.source][batch.destination].words[batch.end];
        uint256 flaw = dice.roll(4);
        Statement memory statement = _rollStatement(dice, batch.destination, batch.source, word, flaw == 0);
        Signers memory signers = _rollSigners(dice, batch.destination, flaw == 1);
        batch.level = statement.level;
        // A proof carries a block if and only if it is of level fast.
        if (statement.level != 1) statement.blockHash = 0;
        batch.counts =
            _mayCount(batch.destination, statement) &&
            _isQuorum(batch.destination, signers, _quorumOf(batch.destination, batch.source));
        batch.proof = _certificateProof(dice, batch.destination, statement, signers);
    }

    function _certificateProof(
        Dice memory dice,
        uint256 destination,
        Statement memory statement,
        Signers memory signers
    ) internal view returns (bytes memory) {
        bytes32[] memory leaves = new bytes32[](dice.oneIn(2) ? 1 : 4);
        for (uint256 i = 1; i < leaves.length; ++i) leaves[i] = dice.word();
        uint256 place = dice.roll(leaves.length);
        leaves[place] = _leafOf(destination, statement);
        return
            bytes.concat(
                abi.encodePacked(uint8(CERTIFICATE), statement.level, statement.reachedBy),
                statement.level == 1 ? abi.encodePacked(statement.blockHash) : bytes(""),
                Wire.siblings(leaves, place),
                _certificate(signers.set, signers.mask, Wire.root(leaves))
            );
    }

    function _proveSettled(Batch memory batch) internal view {
        bytes32 word = _lanes[batch.source][batch.destination].words[batch.end];
        uint256 from = _sources[batch.destination][batch.source].settledFrom[Wire.count(word)];
        batch.level = 3;
        batch.proof = abi.encodePacked(uint8(HELD), uint8(3));
        batch.counts = from != 0 && from - 1 <= clock;
    }

    function _itemsOf(Batch memory batch) internal view returns (bytes memory items) {
        LaneModel storage lane = _lanes[batch.source][batch.destination];
        for (uint256 i = batch.first; i < batch.end; ++i) {
            Message memory message = lane.messages[i];
            items = bytes.concat(
                items,
                _isSkipped(batch, i)
                    ? Wire.skip(message.messageHash)
                    : Wire.message(message.sender, message.recipient, message.options, _payloadOf(message))
            );
        }
    }

    function _isSkipped(Batch memory batch, uint256 index) internal pure returns (bool) {
        return (batch.skips >> (index % 256)) & 1 != 0;
    }

    function _deliverCall(Batch memory batch) internal view returns (bytes memory) {
        bytes32 from = _lanes[batch.source][batch.destination].words[batch.first];
        MemberRef memory source = MemberRef(_chainId(batch.source), address(gateways[batch.source]));
        return abi.encodeCall(gateways[batch.destination].deliver, (source, batch.items, batch.proof, Lane.wrap(from)));
    }

    /// @dev Delivers, and compares what happened with what should. Every fifth time the gas is short.
    function _deliver(Dice memory dice, Batch memory batch) internal {
        batch.items = _itemsOf(batch);
        bytes memory call = _deliverCall(batch);
        uint256 gas = _gasOf(batch);
        bool isShort = dice.oneIn(5);
        // Around what the recipients need: the slack is left out.
        if (isShort) gas = 100_000 + dice.roll(gas - SLACK + 200_000);

        vm.chainId(_chainId(batch.destination));
        (Statement[] memory statements, bool counts) = _prepareReentry(dice, batch, call);
        uint256[] memory before = _timesOf(batch);
        LEDGER.begin();
        (bool success, ) = address(gateways[batch.destination]).call{gas: gas}(call);

        _require(3, !success || batch.counts, "deliver: a proof counted that should not");
        _require(5, success || !batch.counts || isShort, "deliver: a batch that is proven was refused");
        _reach(
            success
                ? string.concat("delivered on ", _nameOf(batch))
                : batch.counts
                    ? "a delivery was short of gas"
                    : "a proof did not count"
        );
        _compare(batch, before, success, isShort);
        if (REENTERING.advanced()) _advanced(batch.destination, statements, true, counts);
        _noteNested(batch);
    }

    /// @dev What every recipient of the batch must have seen. A failing neighbour, or none, makes no difference.
    function _compare(Batch memory batch, uint256[] memory before, bool success, bool isShort) private {
        uint256 last = batch.end;
        while (last > batch.first && _isSkipped(batch, last - 1)) --last;
        for (uint256 i = batch.first; i < batch.end; ++i) {
            Message memory message = _lanes[batch.source][batch.destination].messages[i];
            (uint64 times, uint8 level) = LEDGER.executions(message.digest);
            bool mayExecute = success && before[i - batch.first] == 0 && !_isSkipped(batch, i);
            mayExecute = mayExecute && message.options >> 56 <= batch.level && _executes(message.recipient);
            // The last one gets all the gas there is.
            bool isTight = _gasLimitOf(message) < ENOUGH_GAS && (isShort || i + 1 != last);
            bool executed = times != before[i - batch.first];
            _require(1, times <= 1, "a message executed twice");
            _require(2, !executed || mayExecute, "a message executed that should not");
            _require(2, !executed || level == batch.level, "a message was executed at another level");
            _require(5, executed || isTight || !mayExecute, "a message did not execute that should");
            if (executed) _reach("a message was executed");
            else if (success && before[i - batch.first] == 1 && !_isSkipped(batch, i)) _reach("one was repeated");
            else if (success && !_isSkipped(batch, i)) _reach("a message failed");
        }
    }

    /// @dev A delivery to the re-entering recipient tries the same batch again, an `advance`, and a message of its own.
    function _prepareReentry(
        Dice memory dice,
        Batch memory batch,
        bytes memory call
    ) private returns (Statement[] memory statements, bool counts) {
        bytes memory advanceCall;
        (advanceCall, statements, counts) = _rollAdvance(dice, batch.destination);
        uint256 to = (batch.destination + 1 + dice.roll(MEMBERS - 1)) % MEMBERS;
        REENTERING.prepare(call.length > 5_000 ? bytes("") : call, advanceCall, _chainId(to), _recipients[0]);
    }

    /// @dev Takes what the re-entering recipient sent meanwhile into the model.
    function _noteNested(Batch memory batch) private {
        uint256 to = REENTERING.destinationChainId() - _chainId(0);
        uint256 sent = REENTERING.sentCount();
        for (uint256 i = 0; i < sent; ++i) {
            (bytes32 outerId, bytes32 id) = REENTERING.sent(i);
            Message memory message;
            message.sender = address(REENTERING);
            message.recipient = _recipients[0];
            message.payloadSeed = uint256(outerId);
            message.payloadLength = 32;
            _note(batch.destination, to, message, _payloadOf(message));
            Message[] storage messages = _lanes[batch.destination][to].messages;
            _require(4, messages[messages.length - 1].id == id, "a nested message has another id");
            _reach("a message was sent from within a delivery");
        }
        _require(1, !REENTERING.delivered(), "a recipient could enter deliver");
    }

    function _finishLane(uint256 source, uint256 destination) private {
        if (!_sources[destination][source].accepted) {
            vm.prank(OWNER);
            gateways[destination].acceptMember(ids[source]);
            _opened(destination, source);
        }
        bytes32[] storage words = _lanes[source][destination].words;
        Batch memory batch;
        (batch.source, batch.destination, batch.end) = (source, destination, words.length - 1);
        _settle(source, destination, words[batch.end]);
        _proveSettled(batch);
        _require(10, batch.counts, "a settled word does not count");
        _deliver(Dice(0), batch);
        for (uint256 i = 0; i < batch.end; ++i) {
            Message memory message = _lanes[source][destination].messages[i];
            if (!_executes(message.recipient) || LEDGER.times(message.digest) != 0) continue;
            // It asked for too little gas; as the last message of a batch it gets all there is.
            batch.skips = ~(uint256(1) << (i % 256));
            _deliver(Dice(0), batch);
            _require(5, LEDGER.times(message.digest) == 1, "a message that would execute cannot be delivered");
        }
    }

    function _timesOf(Batch memory batch) private view returns (uint256[] memory before) {
        before = new uint256[](batch.end - batch.first);
        for (uint256 i = batch.first; i < batch.end; ++i) {
            before[i - batch.first] = LEDGER.times(_lanes[batch.source][batch.destination].messages[i].digest);
        }
    }

    /// @dev Enough for every message's limit.
    function _gasOf(Batch memory batch) private view returns (uint256 gas) {
        gas = SLACK + 20 * batch.items.length;
        for (uint256 i = batch.first; i < batch.end; ++i) {
            gas += ((_gasLimitOf(_lanes[batch.source][batch.destination].messages[i]) + 60_000) * 64) / 63;
        }
    }

    function _executes(address recipient) private view returns (bool) {
        Behaviour behaviour = _behaviourOf(recipient);
        return behaviour < Behaviour.Sometimes || (behaviour == Behaviour.Sometimes && SOMETIMES.open());
    }

    function _nameOf(Batch memory batch) private pure returns (string memory) {
        if (batch.level == 3) return "a settled word";
        bool isFast = batch.level == 1;
        if (uint8(batch.proof[0]) == HELD) return isFast ? "a held fast word" : "a held final word";
        return isFast ? "a fast certificate" : "a final certificate";
    }
}
