// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPausable} from "../../interfaces/eigenlayer/IPausable.sol";
import {PAUSER, UNPAUSER} from "./EigenLayerAddresses.sol";

/// @title Part of the EigenLayer stand-in: functions that can be paused
/// @notice One pauser and one unpauser, at their mainnet addresses. Leaves out the PauserRegistry, and `pauseAll`.
abstract contract Pausable is IPausable {
    uint256 private _paused;

    modifier onlyWhenNotPaused(uint8 index) {
        require(!paused(index), CurrentlyPaused());
        _;
    }

    /// @inheritdoc IPausable
    function pause(uint256 newPausedStatus) external {
        require(msg.sender == PAUSER, OnlyPauser());
        require(_paused & newPausedStatus == _paused, InvalidNewPausedStatus());
        _paused = newPausedStatus;
        emit Paused(msg.sender, newPausedStatus);
    }

    /// @inheritdoc IPausable
    function unpause(uint256 newPausedStatus) external {
        require(msg.sender == UNPAUSER, OnlyUnpauser());
        require(_paused | newPausedStatus == _paused, InvalidNewPausedStatus());
        _paused = newPausedStatus;
        emit Unpaused(msg.sender, newPausedStatus);
    }

    /// @inheritdoc IPausable
    function paused() external view returns (uint256) {
        return _paused;
    }

    /// @inheritdoc IPausable
    function paused(uint8 index) public view returns (bool) {
        return _paused & (1 << index) != 0;
    }
}
