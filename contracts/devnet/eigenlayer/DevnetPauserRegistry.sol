// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IPauserRegistry} from "../../interfaces/eigenlayer/IPauserRegistry.sol";
import {PAUSER, UNPAUSER} from "./EigenLayerAddresses.sol";

/// @title Stand-in for EigenLayer's PauserRegistry, for simulated chains
/// @notice One pauser at first, and one unpauser. Leaves out changing the unpauser.
contract DevnetPauserRegistry is IPauserRegistry {
    mapping(address account => bool isOne) private _pausers;
    bool private _isPauserDismissed;

    /// @inheritdoc IPauserRegistry
    function setIsPauser(address newPauser, bool canPause) external {
        require(msg.sender == UNPAUSER, OnlyUnpauser());
        require(newPauser != address(0), InputAddressZero());
        if (newPauser == PAUSER) _isPauserDismissed = !canPause;
        else _pausers[newPauser] = canPause;
        emit PauserStatusChanged(newPauser, canPause);
    }

    /// @inheritdoc IPauserRegistry
    function isPauser(address pauser) external view returns (bool) {
        return pauser == PAUSER ? !_isPauserDismissed : _pausers[pauser];
    }

    /// @inheritdoc IPauserRegistry
    function unpauser() external pure returns (address) {
        return UNPAUSER;
    }
}
