// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Mode} from "@openzeppelin/contracts/account/utils/draft-ERC7579Utils.sol";
import {CrosschainGovernor} from "../../../contracts/examples/governance/CrosschainGovernor.sol";
import {GovernanceToken} from "../../../contracts/examples/governance/GovernanceToken.sol";
import {Charter} from "../../../contracts/test/tokens/Charter.sol";
import {Application} from "../support/apps/Application.sol";
import {Dice} from "../support/Dice.sol";
import {check, vm} from "../support/Vm.sol";

/// @notice A governor on the first rollup (GovernorCrosschain) and what it governs on the others (CrosschainRemoteExecutor); now
/// and then that is closed. Each decision takes effect once, and nothing else does.
abstract contract Governance is Application {
    uint256 private constant VOTES = 100;
    /// @dev Of what no vote decided.
    uint256 private constant USURPED = 2 ** 128;

    CrosschainGovernor private immutable GOVERNOR;
    Charter[3] private _charters;
    /// @dev Decisions are numbered from 1 on; on which rollup each is to take effect.
    uint256[] private _destinations;

    constructor() {
        address token = _create(
            0,
            "contracts/examples/governance/GovernanceToken.sol:GovernanceToken",
            abi.encode("Votes", "VOTE", address(this), VOTES)
        );
        GovernanceToken(token).delegate(address(this));
        _ends[0] = _create(
            0,
            "contracts/examples/governance/CrosschainGovernor.sol:CrosschainGovernor",
            abi.encode(token, uint48(0), uint32(1), VOTES)
        );
        GOVERNOR = CrosschainGovernor(payable(_ends[0]));
        for (uint256 i = 1; i < 3; ++i) {
            _ends[i] = _create(
                i,
                "contracts/examples/governance/RemoteExecutor.sol:RemoteExecutor",
                abi.encode(gateways[i], _on(0, _ends[0]))
            );
            _charters[i] = Charter(_create(i, "contracts/test/tokens/Charter.sol:Charter", abi.encode(_ends[i])));
        }
        _destinations.push(0);
        vm.warp(++_clock);
    }

    /// @inheritdoc Application
    function checkSupply() external view override {
        uint256[3] memory enacted;
        for (uint256 decision = 1; decision < _destinations.length; ++decision) {
            uint256 destination = _destinations[decision];
            uint256 times = _charters[destination].timesEnacted(decision);
            check(times + inFlight[decision] == 1, "a decision took effect twice, or is lost");
            enacted[destination] += times;
        }
        for (uint256 i = 1; i < 3; ++i) {
            check(_charters[i].enacted() == enacted[i], "something took effect that nobody decided");
        }
    }

    /// @dev A proposal that is carried, about one rollup or both.
    function _transfer(Dice memory dice) internal override {
        uint256 length = 1 + dice.roll(2);
        uint256 first = 1 + dice.roll(2);
        address[] memory targets = new address[](length);
        bytes[] memory calls = new bytes[](length);
        for (uint256 i = 0; i < length; ++i) {
            uint256 destination = i == 0 ? first : 3 - first;
            targets[i] = _ends[0];
            calls[i] = abi.encodeCall(
                GOVERNOR.relayCrosschain,
                (
                    address(gateways[0]),
                    _on(destination, _ends[destination]),
                    Mode.wrap(0),
                    _execution(address(_charters[destination]), _destinations.length)
                )
            );
            _destinations.push(destination);
        }
        _decide(targets, calls);
        vm.prank(STRANGER);
        (bool success, ) = _ends[0].call(calls[0]);
        check(!success, "the governor obeyed a stranger");
    }

    function _changeMoods(Dice memory dice) internal override {
        Charter charter = _charters[1 + dice.roll(2)];
        charter.setClosed(!charter.isClosed());
    }

    function _relent() internal override {
        for (uint256 i = 1; i < 3; ++i) _charters[i].setClosed(false);
    }

    function _decide(address[] memory targets, bytes[] memory calls) private {
        uint256[] memory values = new uint256[](targets.length);
        string memory why = string(abi.encodePacked(_destinations.length));
        _at(0);
        uint256 proposal = GOVERNOR.propose(targets, values, calls, why);
        vm.warp(++_clock);
        GOVERNOR.castVote(proposal, 1);
        vm.warp(++_clock);
        GOVERNOR.execute(targets, values, calls, keccak256(bytes(why)));
        _reach("a decision went out");
    }

    function _parcels(bytes memory payload) internal pure override returns (uint256[] memory, uint256[] memory) {
        uint256[] memory decisions = new uint256[](1);
        uint256[] memory amounts = new uint256[](1);
        uint256 decision;
        // mode, target, value, selector, decision: docs of ERC-7579
        assembly ("memory-safe") {
            decision := mload(add(payload, 120))
        }
        (decisions[0], amounts[0]) = (decision, 1);
        return (decisions, amounts);
    }

    function _isHopeless(bytes memory) internal pure override returns (bool) {
        return false;
    }

    function _greedyPayload(Dice memory dice, uint256 destination) internal view override returns (bytes memory) {
        return bytes.concat(bytes32(0), _execution(address(_charters[destination]), USURPED + dice.roll(2)));
    }

    /// @dev One call, as ERC-7579 has it.
    function _execution(address charter, uint256 decision) private pure returns (bytes memory) {
        return abi.encodePacked(charter, uint256(0), abi.encodeCall(Charter.enact, (decision)));
    }
}
