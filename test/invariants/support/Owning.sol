// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Delivering} from "./Delivering.sol";
import {Dice} from "./Dice.sol";
import {vm} from "./Vm.sol";

/// @notice All that an owner can do, at any time and in any order; and time.
abstract contract Owning is Delivering {
    /// @notice The owner sets on what word the Gateway listens to a source.
    function _setSource(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        uint16[6] memory quorums = [uint16(0), 0, 6_667, 7_000, 9_000, 6_666];
        uint8[8] memory levels = [uint8(0), 0, 1, 1, 1, 2, 3, 4];
        uint8 minLevel = levels[dice.roll(8)];
        uint16 quorumBps = quorums[dice.roll(6)];
        bool paused = dice.oneIn(3);
        _setSource(destination, source, minLevel, quorumBps, paused);
        _probe(destination);
    }

    /// @notice The owner delays what is settled from now on.
    function _delaySettled(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        SourceModel storage model = _sources[destination][source];
        uint32 delay = uint32(dice.oneIn(2) ? dice.roll(1 hours) : dice.roll(14 days + 2 hours));
        bool success = _own(destination, abi.encodeCall(gateways[destination].delaySettled, (ids[source], delay)));
        bool allowed = delay <= 14 days && clock >= model.delayableFrom;
        _require(10, success == allowed, "delaySettled: not what the bounds say");
        if (!success) return;
        (model.delayedUntil, model.delayableFrom) = (clock + delay, clock + 60 days);
        _reach("an owner delayed settled words");
    }

    /// @notice The owner accepts a member; once, and for good.
    function _accept(Dice memory dice) internal {
        (uint256 source, uint256 destination) = _rollLane(dice);
        _accept(destination, source);
        bool success = _own(destination, abi.encodeCall(gateways[destination].setAcceptAll, (dice.oneIn(2))));
        _require(10, success, "setAcceptAll was refused");
    }

    function _accept(uint256 destination, uint256 source) internal {
        bool wasAccepted = _sources[destination][source].accepted;
        bool success = _own(destination, abi.encodeCall(gateways[destination].acceptMember, (ids[source])));
        _require(10, success == !wasAccepted, "acceptMember: not what the member list says");
        if (success) {
            _opened(destination, source);
            _reach("an owner accepted a member");
        }
    }

    /// @notice Time passes: mostly little, sometimes enough for tables and sources to expire.
    function warp(uint256 seed) external {
        Dice memory dice = _act(seed);
        clock += dice.oneIn(6) ? dice.roll(3 days) : dice.roll(2 hours);
        _act(seed);
    }

    function _setSource(uint256 destination, uint256 source, uint8 minLevel, uint16 quorumBps, bool paused) internal {
        bool success = _own(
            destination,
            abi.encodeCall(gateways[destination].setSource, (ids[source], minLevel, quorumBps, paused))
        );
        _require(10, success == (minLevel <= 3 && quorumBps != 6_666), "setSource: not what the bounds say");
        if (!success) return;
        SourceModel storage model = _sources[destination][source];
        (model.minLevel, model.quorumBps, model.paused) = (minLevel, quorumBps, paused);
        _dropCertified(destination, source);
        _reach(paused ? "an owner paused a source" : "an owner set a source");
    }

    function _own(uint256 destination, bytes memory call) internal returns (bool success) {
        vm.prank(OWNER);
        (success, ) = address(gateways[destination]).call(call);
    }
}
