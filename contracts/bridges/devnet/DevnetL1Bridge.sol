// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../../interfaces/ISettlement.sol";
import {L1Bridge} from "../L1Bridge.sol";
import {Derivation} from "./Derivation.sol";

/// @title L1's end of the devnet bridge
/// @notice A stand-in for a rollup's own bridge, for simulated chains. What a real stack proves, the derivation account says:
/// which contract on the rollup sent the items. It says so truthfully; nobody else may call.
contract DevnetL1Bridge is L1Bridge, Derivation {
    /// @param settlement Settlement.
    /// @param serviceManager ServiceManager.
    /// @param rollupBridge The other end, on the rollup.
    /// @param derivation The account that carries items.
    constructor(
        ISettlement settlement,
        address serviceManager,
        address rollupBridge,
        address derivation
    ) L1Bridge(settlement, serviceManager) Derivation(rollupBridge, derivation) {}

    function _sendToChild(bytes[] calldata items, address, bytes calldata) internal override {
        _sendToCounterpart(items);
    }

    function _receiveFromCounterpart(bytes[] calldata items) internal override {
        _receiveFromChild(items);
    }

    function _quoteToChild(bytes[] calldata, bytes calldata) internal pure override returns (uint256) {
        return 0;
    }
}
