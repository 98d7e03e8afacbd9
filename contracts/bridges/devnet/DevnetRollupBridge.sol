// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../interfaces/IGateway.sol";
import {RollupBridge} from "../RollupBridge.sol";
import {Derivation} from "./Derivation.sol";

/// @title A rollup's end of the devnet bridge
/// @notice The other end of `DevnetL1Bridge`.
contract DevnetRollupBridge is RollupBridge, Derivation {
    /// @param gateway The Gateway that it serves.
    /// @param l1Bridge The other end, on L1.
    /// @param derivation The account that carries items.
    constructor(
        IGateway gateway,
        address l1Bridge,
        address derivation
    ) RollupBridge(gateway) Derivation(l1Bridge, derivation) {}

    function _sendToParent(bytes[] memory items) internal override {
        _sendToCounterpart(items);
    }

    function _receiveFromCounterpart(bytes[] calldata items) internal override {
        _receiveFromParent(items);
    }
}
