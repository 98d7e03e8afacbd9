// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Lane} from "../../../contracts/types/Lane.sol";
import {Dice} from "./Dice.sol";
import {check, vm} from "./Vm.sol";
import {Wire} from "./Wire.sol";
import {MEMBERS, OPERATORS, World} from "./World.sol";

/// @notice What comes from L1: tables, true settled words, revocations; well-formed or not.
abstract contract Settling is World {
    /// @dev A table on its way, and what is wrong with it.
    struct Draft {
        uint256 destination;
        TableModel table;
        bool listsImpostor;
        uint256 flaw;
    }

    /// @dev A Gateway on the first member's chain that took its place in the list, and that no owner accepted.
    address internal constant IMPOSTOR = address(0x1113705704);

    uint256 private constant FLAWS = 7;

    /// @notice L1 publishes a table: mostly a later one in order, else a stale or a malformed one, which changes nothing.
    function _rotateTable(Dice memory dice) internal returns (uint256 destination) {
        Draft memory draft = _draft(dice);
        bool adopts = draft.flaw == 0 && draft.table.snapshot > _tables[draft.destination].snapshot;
        _fromSettlement(draft.destination, _encodeTable(draft));
        if (adopts) _adopt(draft);
        _reach(adopts ? "a table was adopted" : "a table was ignored");
        return draft.destination;
    }

    /// @notice L1 settles a word that the lane has, or had; sometimes one of another lane, or twice.
    function settle(uint256 seed) external {
        Dice memory dice = _act(seed);
        (uint256 source, uint256 destination) = _rollLane(dice);
        bytes32[] storage words = _lanes[source][destination].words;
        if (words.length == 0) return;
        bytes32 word = words[dice.roll(words.length)];
        if (dice.oneIn(4)) {
            _fromSettlement(destination, _encodeSettled(destination, source, word));
            _reach("a settled word of another lane was ignored");
            return;
        }
        _settle(source, destination, word);
    }

    /// @notice L1 revokes the tables up to a snapshot.
    function _revokeFromSettlement(Dice memory dice) internal returns (uint256 destination) {
        destination = dice.roll(MEMBERS);
        TableModel storage table = _tables[destination];
        uint256 snapshot = table.snapshot + dice.roll(3) - 1;
        bool revokes = snapshot > table.snapshot || (snapshot == table.snapshot && table.present);
        _fromSettlement(destination, abi.encodePacked(uint8(3), uint64(snapshot)));
        if (!revokes) return destination;
        _revoked(destination, snapshot);
        _reach("L1 revoked a table");
    }

    /// @dev Brings a true word, and notes what becomes of it.
    function _settle(uint256 source, uint256 destination, bytes32 word) internal {
        SourceModel storage model = _sources[destination][source];
        _fromSettlement(destination, _encodeSettled(source, destination, word));
        uint256 count = Wire.count(word);
        if (count == 0 || !model.accepted || model.settledFrom[count] != 0) return;
        bool isDelayed = model.delayedUntil > clock;
        model.settledFrom[count] = (isDelayed ? model.delayedUntil : clock) + 1;
        _reach(isDelayed ? "a settled word was delayed" : "a settled word was held");
    }

    /// @dev A table is no more, and no certified word with it.
    function _revoked(uint256 destination, uint256 snapshot) internal {
        _tables[destination].present = false;
        _tables[destination].snapshot = snapshot;
        for (uint256 source = 0; source < MEMBERS; ++source) _dropCertified(destination, source);
    }

    function _dropCertified(uint256 destination, uint256 source) internal {
        delete _sources[destination][source].held;
    }

    /// @dev A member was accepted: the lane to it opens, at a place that the test wants to see.
    function _opened(uint256 by, uint256 member) internal {
        _sources[by][member].accepted = true;
        uint256 count = _firstNonce(by, member);
        bytes32 word = Wire.genesis(ids[by], ids[member]);
        if (count != 0) {
            _storeLane(by, member, word, bytes32(uint256(word) + count));
            word = bytes32(uint256(word) + count);
        }
        _lanes[by][member].words.push(word);
    }

    function _fromSettlement(uint256 destination, bytes memory item) internal {
        // Whatever it is, it must not hold up its neighbours: an unknown kind and an empty item travel with it.
        bytes[] memory items = new bytes[](3);
        items[0] = hex"7f00";
        items[1] = item;
        gateways[destination].fromSettlement(items);
    }

    /// @dev Sets the clock, which lasts, and returns the choices of one action.
    function _act(uint256 seed) internal returns (Dice memory) {
        vm.warp(clock);
        return Dice(uint256(keccak256(abi.encode(seed, ++reached["actions"]))));
    }

    function _rollLane(Dice memory dice) internal pure returns (uint256 source, uint256 destination) {
        source = dice.roll(MEMBERS);
        destination = (source + 1 + dice.roll(MEMBERS - 1)) % MEMBERS;
    }

    /// @dev The first tables: all operators, every source certifiable.
    function _adoptFirstTables() internal {
        for (uint256 destination = 0; destination < MEMBERS; ++destination) {
            Draft memory draft;
            draft.destination = destination;
            draft.table = TableModel(
                true,
                0,
                destination,
                1,
                clock + 1 days,
                1,
                [clock + 10 days, clock + 10 days, clock + 10 days],
                [false, false, false]
            );
            _fromSettlement(destination, _encodeTable(draft));
            _adopt(draft);
        }
    }

    function _draft(Dice memory dice) private view returns (Draft memory draft) {
        draft.destination = dice.roll(MEMBERS);
        TableModel memory table = draft.table;
        table.present = true;
        table.set = dice.oneIn(4) ? 1 : 0;
        table.weighting = dice.roll(3);
        uint256 newest = _tables[draft.destination].snapshot;
        table.snapshot = dice.oneIn(5) ? dice.roll(newest + 1) : newest + 1 + dice.roll(3);
        table.expiry = dice.oneIn(16) ? clock - dice.roll(2) : clock + 1 + dice.roll(4 days);
        table.floor = dice.oneIn(8) ? TOTAL_WEIGHT + 1 : 1 + dice.roll(TOTAL_WEIGHT);
        for (uint256 i = 0; i < MEMBERS; ++i) {
            // Zero: the table does not name it.
            if (!dice.oneIn(16)) {
                table.certifiableUntil[i] = dice.oneIn(16) ? clock - dice.roll(2) : clock + 1 + dice.roll(10 days);
                table.faulted[i] = dice.oneIn(16);
            }
        }
        // Where the first member is not accepted yet, it could never be, once another is listed in its place.
        draft.listsImpostor = dice.oneIn(4) && (draft.destination == 1 || _sources[draft.destination][0].accepted);
        draft.flaw = dice.oneIn(4) ? 1 + dice.roll(FLAWS) : 0;
    }

    function _adopt(Draft memory draft) private {
        uint256 destination = draft.destination;
        _tables[destination] = draft.table;
        for (uint256 source = 0; source < MEMBERS; ++source) {
            if (source == destination || draft.table.certifiableUntil[source] == 0) continue;
            SourceModel storage model = _sources[destination][source];
            bool isFirst = gateways[destination].destinationOn(_chainId(source)) == ids[source];
            if (!model.accepted && destination != MEMBERS - 1) {
                _require(7, isFirst, "a member seen for the first time was not accepted");
                _opened(destination, source);
            }
            if (draft.table.faulted[source]) _dropCertified(destination, source);
        }
    }

    function _encodeTable(Draft memory draft) private view returns (bytes memory) {
        TableModel memory table = draft.table;
        (bytes memory members, uint256 count) = _encodeMembers(draft);
        if (draft.flaw == 1) count = 0;
        bytes memory header = abi.encodePacked(
            uint8(1),
            uint8(draft.flaw == 2 ? 2 : 1),
            uint64(draft.flaw == 3 ? 2 ** 40 : table.snapshot),
            uint64(table.expiry),
            uint96(draft.flaw == 4 ? 0 : table.floor),
            uint8(count)
        );
        bytes memory operators;
        for (uint256 i = 0; i < OPERATORS; ++i) {
            // Out of order, or one twice.
            uint256 index =
                draft.flaw == 5
                    ? OPERATORS - 1 - i
                    : draft.flaw == 6 && i == 1
                        ? 0
                        : i;
            operators = abi.encodePacked(operators, vm.addr(_keys[table.set][index]), _weight(table.weighting, index));
        }
        if (draft.flaw == FLAWS) operators = bytes.concat(operators, hex"00");
        return bytes.concat(header, members, operators);
    }

    /// @dev The members that the table names, ascending by id.
    function _encodeMembers(Draft memory draft) private view returns (bytes memory list, uint256 count) {
        bytes32 impostor = Wire.memberId(SETTLEMENT_CHAIN, SETTLEMENT, _chainId(0), IMPOSTOR);
        bytes32 last = 0;
        while (true) {
            uint256 lowest = MEMBERS + 1;
            bytes32 id = bytes32(type(uint256).max);
            for (uint256 i = 0; i < MEMBERS; ++i) {
                bool isListed = draft.table.certifiableUntil[i] != 0 || i == draft.destination;
                if (isListed && ids[i] > last && ids[i] < id) (lowest, id) = (i, ids[i]);
            }
            if (draft.listsImpostor && impostor > last && impostor < id) (lowest, id) = (MEMBERS, impostor);
            if (lowest > MEMBERS) return (list, count);
            bool isImpostor = lowest == MEMBERS;
            list = abi.encodePacked(
                list,
                uint64(_chainId(isImpostor ? 0 : lowest)),
                isImpostor ? IMPOSTOR : address(gateways[lowest]),
                uint64(isImpostor ? clock + 10 days : draft.table.certifiableUntil[lowest]),
                uint8(!isImpostor && draft.table.faulted[lowest] ? 1 : 0)
            );
            last = id;
            ++count;
        }
    }

    function _encodeSettled(uint256 source, uint256 destination, bytes32 word) private view returns (bytes memory) {
        return abi.encodePacked(uint8(2), ids[source], ids[destination], word);
    }

    /// @dev Where the lane begins: at once, before the end of the first page and of the second, or near its very end.
    function _firstNonce(uint256 source, uint256 destination) private pure returns (uint256) {
        if (source == 0) return destination == 1 ? 251 : MAX_COUNT - 5;
        if (source == 1) return destination == 0 ? 0 : 507;
        return destination == 0 ? 255 : 0;
    }

    /// @dev Puts a lane where so many messages would have led it.
    function _storeLane(uint256 source, uint256 destination, bytes32 from, bytes32 to) private {
        address gateway = address(gateways[source]);
        uint256 chainId = _chainId(destination);
        for (uint256 slot = 0; slot < 32; ++slot) {
            bytes32 key = keccak256(abi.encode(chainId, slot));
            if (vm.load(gateway, key) == from) vm.store(gateway, key, to);
        }
        check(Lane.unwrap(gateways[source].laneTo(chainId)) == to, "the lane's slot was not found");
    }
}
