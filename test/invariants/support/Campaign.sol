// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {FuzzSelector} from "./FuzzSelector.sol";
import {check} from "./Vm.sol";

/// @notice What takes the steps of a run.
interface IHandler {
    /// @notice The actions of a run.
    function actions() external view returns (bytes4[] memory list);
}

/// @notice Runs of random steps that one contract takes, and nothing else.
abstract contract Campaign {
    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = _handler();
    }

    function targetSelectors() external view returns (FuzzSelector[] memory targets) {
        targets = new FuzzSelector[](1);
        targets[0] = FuzzSelector(_handler(), IHandler(_handler()).actions());
    }

    /// @dev A step of a run of a test's own, the same each time; the runner takes others.
    function _step(uint256 run, uint256 number) internal {
        bytes4[] memory actions = IHandler(_handler()).actions();
        uint256 seed = uint256(keccak256(abi.encode(run, number)));
        (bool success, ) = _handler().call(abi.encodeWithSelector(actions[seed % actions.length], seed));
        check(success, "an action failed");
    }

    /// @dev What takes the steps: an `IHandler`.
    function _handler() internal view virtual returns (address);
}
