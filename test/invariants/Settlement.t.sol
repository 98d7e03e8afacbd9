// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {Settlement} from "../../contracts/settlement/Settlement.sol";
import {Lane} from "../../contracts/types/Lane.sol";
import {Campaign} from "./support/Campaign.sol";
import {CHAINS, Registry} from "./support/Registry.sol";
import {check} from "./support/Vm.sol";

/// @notice What may happen to Settlement: the runner calls contracts of a test's file alone.
contract Handler is Registry {}

/// @notice The rules that Settlement enforces, after every step of random runs: see `Registry` for the steps.
contract SettlementInvariants is Campaign {
    Handler internal registry;
    Settlement internal settlement;

    function setUp() public {
        registry = new Handler();
        settlement = registry.SETTLEMENT();
    }

    /// @notice All of them: what `npm run audit` runs for long.
    function invariant_all_ofSettlementHoldTogether() public view {
        _R1();
        _R20();
        _R27();
        _R28();
        _settledWordsStay();
        _latestWords();
    }

    /// @notice The runs reach all that they are for.
    function test_theRunsReachWhatTheyAreFor() public {
        string[10] memory what = [
            "a member was refused",
            "a member was replaced",
            "a wad was announced",
            "a fall was waited for",
            "a source contradicted itself at a count",
            "a lane shrank",
            "an anchor was settled",
            "a current word was settled",
            "items were ignored",
            "a stranger was refused"
        ];
        uint256[10] memory times;
        for (uint256 run = 0; run < 4; ++run) {
            setUp();
            for (uint256 i = 0; i < 128; ++i) _step(run, i);
            invariant_all_ofSettlementHoldTogether();
            for (uint256 i = 0; i < what.length; ++i) times[i] += registry.reached(what[i]);
        }
        for (uint256 i = 0; i < what.length; ++i) check(times[i] != 0, string.concat("not reached: ", what[i]));
    }

    /// @inheritdoc Campaign
    function _handler() internal view override returns (address) {
        return address(registry);
    }

    /// @dev R1: members are only added, as they were named; one a chain is live, and ids ascend.
    function _R1() private view {
        uint256 total = registry.memberCount();
        for (uint256 i = 0; i < total; ++i) {
            bytes32 id = registry.ids(i);
            ISettlement.Member memory expected = registry.added(id);
            ISettlement.Member memory member = settlement.member(id);
            check(
                member.chainId == expected.chainId &&
                    member.gateway == expected.gateway &&
                    address(member.bridge) == address(expected.bridge) &&
                    member.liveFrom == expected.liveFrom &&
                    settlement.memberOf(expected.bridge) == id,
                "R1: a member is not what was added"
            );
        }
        (bytes32[] memory live, ISettlement.Member[] memory members) = settlement.liveMembers();
        for (uint256 i = 0; i < live.length; ++i) {
            check(i == 0 || live[i - 1] < live[i], "R1: ids do not ascend");
            check(members[i].liveFrom <= block.timestamp, "R1: a member is live before its notice is over");
            for (uint256 j = 0; j < i; ++j) {
                check(members[j].chainId != members[i].chainId, "R1: two members are live on one chain");
            }
        }
        // The first of each chain are added in one block, and nobody takes a place without being live from then on.
        uint256 first = registry.added(registry.ids(0)).liveFrom;
        check(block.timestamp < first || live.length == CHAINS, "R1: a chain has no live member");
    }

    /// @dev R20: a source is certifiable by what it settled until now, not by a clock that runs ahead.
    function _R20() private view {
        uint256 total = registry.memberCount();
        for (uint256 i = 0; i < total; ++i) {
            bytes32 id = registry.ids(i);
            uint256 time = settlement.member(id).settledTime;
            check(time == registry.settledTimeOf(id), "R20: a settled time is not the latest");
            check(time <= block.timestamp, "R20: a settled time is ahead of L1");
        }
    }

    /// @dev R27, invariant 11: a falsehood costs at most what operators accepted, who had the whole notice to leave.
    function _R27() private view {
        uint256 total = registry.memberCount();
        for (uint256 i = 0; i < total; ++i) {
            bytes32 id = registry.ids(i);
            uint256 accepted = registry.acceptedWad(id);
            uint64[3] memory reachedBy = [0, uint64(block.timestamp), type(uint64).max];
            for (uint256 j = 0; j < 3; ++j) {
                check(settlement.falsehoodWad(id, reachedBy[j]) <= accepted, "R27: more than was accepted");
            }
        }
    }

    /// @dev R28, invariant 6: who never contradicted itself is not faulted; who did stays so.
    function _R28() private view {
        uint256 total = registry.memberCount();
        for (uint256 i = 0; i < total; ++i) {
            bytes32 id = registry.ids(i);
            check(settlement.member(id).isFaulted == registry.lied(id), "R28: faulted without a lie, or the reverse");
        }
    }

    /// @dev Invariant 10: what was settled first at a count stays, whatever is said afterwards, and by whom.
    function _settledWordsStay() private view {
        uint256 total = registry.saidCount();
        for (uint256 i = 0; i < total; ++i) {
            (bytes32 source, bytes32 destination, Lane word) = registry.said(i);
            // No word of count 0 has a place: `settled` answers the genesis word where one was said.
            check(
                settlement.settled(source, destination, uint40(word.count())) == word,
                "invariant 10: a settled word changed"
            );
        }
    }

    /// @dev R28: the latest word only moves forward.
    function _latestWords() private view {
        uint256 total = registry.memberCount();
        for (uint256 i = 0; i < total; ++i) {
            for (uint256 j = 0; j < CHAINS; ++j) {
                (bytes32 source, bytes32 destination) = (registry.ids(i), registry.ids(j));
                ISettlement.Latest memory latest = settlement.latest(source, destination);
                (Lane word, uint64 time) = registry.latestOf(source, destination);
                check(latest.word == word && latest.time == time, "R28: the latest word is another");
            }
        }
    }
}
