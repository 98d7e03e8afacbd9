// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Campaign} from "../Campaign.sol";
import {check} from "../Vm.sol";
import {Application} from "./Application.sol";

/// @notice A campaign of random steps over one application: after each everything is somewhere, once; and at the end of each run
/// everything arrives that can.
abstract contract SupplyInvariants is Campaign {
    event Reached(string what, uint256 times);

    Application private _application;

    function setUp() public {
        _application = _start();
    }

    function afterInvariant() public {
        _application.finish();
        _application.checkSupply();
    }

    /// @notice Invariant 13: nothing that moves between rollups is doubled or lost.
    function invariant_13_supplyIsConserved() public view {
        _application.checkSupply();
    }

    /// @notice The runs reach all that they are for, so that the invariant does not hold for want of trying.
    function test_theRunsReachWhatTheyAreFor() public {
        string[8] memory whats = [
            "a batch was delivered",
            "a batch was short of gas",
            "a message was executed",
            "a message was refused",
            "a message came again",
            "a source took back a message",
            "a lie was refused",
            "a stranger wrote"
        ];
        uint256[8] memory times;
        for (uint256 run = 0; run < 4; ++run) {
            setUp();
            for (uint256 i = 0; i < 40; ++i) {
                _step(run, i);
                _application.checkSupply();
            }
            afterInvariant();
            for (uint256 i = 0; i < whats.length; ++i) times[i] += _application.reached(whats[i]);
        }
        for (uint256 i = 0; i < whats.length; ++i) {
            emit Reached(whats[i], times[i]);
            check(times[i] != 0, string.concat("not reached: ", whats[i]));
        }
    }

    /// @inheritdoc Campaign
    function _handler() internal view override returns (address) {
        return address(_application);
    }

    function _start() internal virtual returns (Application);
}
