// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../contracts/interfaces/IGateway.sol";
import {Lane} from "../../contracts/types/Lane.sol";
import {Campaign} from "./support/Campaign.sol";
import {Dice} from "./support/Dice.sol";
import {Forging} from "./support/Forging.sol";
import {check} from "./support/Vm.sol";
import {Wire} from "./support/Wire.sol";
import {MEMBERS, World} from "./support/World.sol";

/// @notice What may happen to three Gateways, in any order: the actions here, and `send`, `deliverCertified`, `deliverHeld`,
/// `deliverSettled`, `advance`, `settle` and `warp`.
contract Handler is Forging {
    constructor() {
        _adoptFirstTables();
        Dice memory dice = Dice(0);
        // Two owners listen to fast certificates; the third has accepted one of two members so far.
        _setSource(0, 1, 1, 0, false);
        _setSource(1, 0, 1, 0, false);
        _accept(2, 0);
        for (uint256 source = 0; source < MEMBERS; ++source) {
            for (uint256 i = 0; i < 3 * MEMBERS; ++i) {
                if (i / 3 != source) _send(dice, source, i / 3);
            }
        }
    }

    /// @notice L1 publishes a table.
    function rotateTable(uint256 seed) external {
        _probe(_rotateTable(_act(seed)));
    }

    /// @notice Something that ends a table or a recipient's mood, or that an owner decides.
    function govern(uint256 seed) external {
        Dice memory dice = _act(seed);
        uint256 choice = dice.roll(6);
        if (choice == 0) _probe(_revokeFromSettlement(dice));
        else if (choice == 1) _revokeByEvidence(dice);
        else if (choice == 2) _setSource(dice);
        else if (choice == 3) _delaySettled(dice);
        else if (choice == 4) _accept(dice);
        else _toggleRecipient();
    }

    /// @notice Something that must be refused.
    function forge(uint256 seed) external {
        Dice memory dice = _act(seed);
        uint256 choice = dice.roll(8);
        if (choice < 2) for (uint256 left = 4; left > 0; --left) _forgeMessage(dice);
        else if (choice < 4) for (uint256 left = 2; left > 0; --left) _tamper(dice);
        else if (choice == 4) _usurp(dice);
        else if (choice == 5) _speakAsImpostor(dice);
        else if (choice == 6) _dropTrue(dice);
        else _sendRefused(dice);
    }

    /// @notice The actions of a run.
    function actions() external pure returns (bytes4[] memory list) {
        list = new bytes4[](10);
        (list[0], list[1], list[2]) = (this.send.selector, this.deliverCertified.selector, this.deliverHeld.selector);
        (list[3], list[4], list[5]) = (this.deliverSettled.selector, this.advance.selector, this.rotateTable.selector);
        (list[6], list[7], list[8]) = (this.settle.selector, this.govern.selector, this.forge.selector);
        list[9] = this.warp.selector;
    }
}

/// @notice The invariants of DESIGN that the Gateway and the table enforce, after every step of random runs: see `Handler`
/// and what it is made of for the steps. Each campaign ends with `finish`: every lane settled, everything delivered.
contract GatewayInvariants is Campaign {
    event Reached(string what, uint256 times);

    Handler internal handler;

    function setUp() public {
        handler = new Handler();
    }

    /// @notice However a run went: what is on a lane and would execute is deliverable with every operator gone (the settled
    /// path), and no invariant broke on the way.
    function afterInvariant() public {
        _checkAll();
        handler.finish();
        _checkAll();
    }

    /// @notice Invariant 1: a message executes at most once. And what the Gateway calls delivered is what the recipient
    /// executed: isDelivered(nonce) if and only if it saw exactly one call that stood.
    function invariant_1_aMessageExecutesAtMostOnce() public view {
        _holds(1);
        _everyLane(_checkExecutions);
    }

    /// @notice Invariant 2: unless a quorum lies, only what is on the source's lane executes. (No quorum lies here.)
    function invariant_2_onlyWhatIsOnTheLaneExecutes() public view {
        _holds(2);
        _checkTotal(_everyLane(_checkNothing));
    }

    /// @notice Invariant 3: no certificate at or below the quorum of live slashable weight counts, nor any from an empty,
    /// expired, revoked or foreign table. So the words that are held are those that the model holds.
    function invariant_3_onlyAQuorumOfTheTableInForceCounts() public view {
        _holds(3);
        for (uint256 source = 0; source < MEMBERS; ++source) {
            for (uint256 destination = 0; destination < MEMBERS; ++destination) {
                for (uint8 level = 1; level <= 2; ++level) {
                    Lane held = handler.gateways(destination).heldCertified(handler.ids(source), level);
                    check(
                        Lane.unwrap(held) == handler.heldOf(destination, source, level),
                        "invariant 3: a certified word is held that should not, or is not that should"
                    );
                }
            }
        }
    }

    /// @notice Invariant 4: a lane only grows, and its word is the fold of its messages.
    function invariant_4_aLaneOnlyGrowsAndItsWordIsTheFold() public view {
        _holds(4);
        _everyLane(_checkFold);
    }

    /// @notice Invariant 5: a failing, re-entering, gas-burning or return-bombing recipient never blocks, consumes or
    /// reorders another message.
    function invariant_5_aRecipientHarmsNoOtherMessage() public view {
        _holds(5);
        (, , bool outOfOrder) = handler.LEDGER().state();
        check(!outOfOrder, "invariant 5: a batch was executed out of order");
    }

    /// @notice Invariant 7: tables only move forward; one that is revoked does not come back.
    function invariant_7_tablesOnlyMoveForward() public view {
        _holds(7);
        for (uint256 destination = 0; destination < MEMBERS; ++destination) {
            World.TableModel memory model = handler.tableOf(destination);
            (bool present, uint64 snapshot) = _tableInForce(handler.gateways(destination));
            check(snapshot == model.snapshot, "invariant 7: the snapshot is not the newest that arrived");
            check(present == model.present, "invariant 7: a table is in force that is not, or none");
        }
    }

    /// @notice Invariant 10: no privileged role can forge, replay or delete a message. Settled words stay, whatever an owner
    /// does; `finish` delivers on them.
    function invariant_10_noRoleForgesReplaysOrDeletes() public view {
        _holds(10);
        _everyLane(_checkSettled);
    }

    /// @notice All of them after each step, so that each outlives every run: what `npm run audit` runs for long.
    function invariant_all_ofGatewaysHoldTogether() public view {
        _checkAll();
    }

    /// @notice The runs reach all that they are for, so that no invariant holds for want of trying.
    function test_theRunsReachWhatTheyAreFor() public {
        uint256[30] memory times;
        for (uint256 run = 0; run < 16; ++run) {
            setUp();
            for (uint256 i = 0; i < 32; ++i) _step(run, i);
            for (uint256 i = 0; i < times.length; ++i) times[i] += handler.reached(_whatToReach()[i]);
            afterInvariant();
        }
        for (uint256 i = 0; i < times.length; ++i) {
            emit Reached(_whatToReach()[i], times[i]);
        }
        for (uint256 i = 0; i < times.length; ++i) {
            check(times[i] != 0, string.concat("not reached: ", _whatToReach()[i]));
        }
    }

    /// @inheritdoc Campaign
    function _handler() internal view override returns (address) {
        return address(handler);
    }

    function _checkAll() private view {
        _holds(1);
        _holds(2);
        _holds(4);
        _holds(10);
        _checkTotal(_everyLane(_checkLane));
        invariant_3_onlyAQuorumOfTheTableInForceCounts();
        invariant_5_aRecipientHarmsNoOtherMessage();
        invariant_7_tablesOnlyMoveForward();
    }

    /// @dev Has every lane checked, and counts what was executed.
    function _everyLane(function(World.Sent memory) view checks) private view returns (uint256 executed) {
        for (uint256 source = 0; source < MEMBERS; ++source) {
            for (uint256 destination = 0; destination < MEMBERS; ++destination) {
                World.Sent memory sent = handler.sentOn(source, destination);
                for (uint256 i = 0; i < sent.times.length; ++i) executed += sent.times[i];
                checks(sent);
            }
        }
    }

    function _checkLane(World.Sent memory sent) internal view {
        _checkExecutions(sent);
        _checkFold(sent);
        _checkSettled(sent);
    }

    function _checkNothing(World.Sent memory) internal pure {}

    function _checkTotal(uint256 executed) private view {
        (uint64 total, , ) = handler.LEDGER().state();
        check(total == executed, "invariant 2: something executed that is on no lane");
    }

    function _checkExecutions(World.Sent memory sent) private view {
        IGateway gateway = handler.gateways(sent.destination);
        bytes32 id = handler.ids(sent.source);
        for (uint256 i = 0; i < sent.times.length; ++i) {
            check(sent.times[i] <= 1, "invariant 1: a message executed twice");
            bool isDelivered = gateway.isDelivered(id, uint40(Wire.count(sent.words[i])));
            check(isDelivered == (sent.times[i] == 1), "invariant 1: isDelivered is not what the recipient saw");
        }
    }

    /// @dev The fold, once more from the first word, and the anchors of the pages that were filled.
    function _checkFold(World.Sent memory sent) private view {
        if (sent.words.length == 0) return;
        IGateway gateway = handler.gateways(sent.source);
        bytes32 id = handler.ids(sent.destination);
        bytes32 word = sent.words[0];
        bytes32 anchor;
        for (uint256 i = 0; i < sent.messageHashes.length; ++i) {
            uint256 page = Wire.count(word) / 256;
            if (i == 0 || Wire.count(word) % 256 == 0) anchor = Lane.unwrap(gateway.anchor(id, page));
            word = Wire.next(word, sent.messageHashes[i]);
            bool isPageEnd = Wire.count(word) % 256 == 0;
            bool isFilled = Wire.count(sent.words[sent.words.length - 1]) / 256 > page;
            check(
                anchor == word || (!isPageEnd && (isFilled || anchor == 0)),
                "invariant 4: an anchor is not the last word of its page"
            );
        }
        Lane current = gateway.laneTo(1001 + sent.destination);
        check(Lane.unwrap(current) == word, "invariant 4: the lane's word is not the fold of its messages");
    }

    function _checkSettled(World.Sent memory sent) private view {
        IGateway gateway = handler.gateways(sent.destination);
        bytes32 id = handler.ids(sent.source);
        uint256 clock = handler.clock();
        for (uint256 i = 0; i < sent.words.length; ++i) {
            uint256 from = sent.settledFrom[i];
            Lane held = gateway.held(id, 3, uint40(Wire.count(sent.words[i])));
            bytes32 expected = from != 0 && from - 1 <= clock ? sent.words[i] : bytes32(0);
            check(Lane.unwrap(held) == expected, "invariant 10: a settled word was lost, or forged");
        }
    }

    function _tableInForce(IGateway gateway) private view returns (bool present, uint64 snapshot) {
        bytes memory result;
        (present, result) = address(gateway).staticcall(abi.encodeCall(gateway.tableInForce, ()));
        address table;
        (table, snapshot, ) = abi.decode(result, (address, uint64, bool));
        present = table != address(0);
    }

    function _whatToReach() private pure returns (string[30] memory) {
        return
            [
                "a message was sent",
                "a full lane refused a message",
                "a lane that is not open refused a message",
                "a send was refused",
                "a table was adopted",
                "a table was ignored",
                "a settled word was held",
                "a settled word was delayed",
                "a settled word of another lane was ignored",
                "L1 revoked a table",
                "evidence revoked a table",
                "evidence was refused",
                "a certificate held words",
                "a certificate held nothing",
                "delivered on a settled word",
                "delivered on a held fast word",
                "delivered on a held final word",
                "delivered on a fast certificate",
                "delivered on a final certificate",
                "a delivery was short of gas",
                "a proof did not count",
                "a message was executed",
                "one was repeated",
                "a message failed",
                "a message was sent from within a delivery",
                "an owner paused a source",
                "an owner set a source",
                "an owner delayed settled words",
                "an owner accepted a member",
                "a forgery was refused"
            ];
    }

    function _holds(uint256 invariant) private view {
        string memory how = handler.broken(invariant);
        check(bytes(how).length == 0, string.concat("broken: ", how));
    }
}
