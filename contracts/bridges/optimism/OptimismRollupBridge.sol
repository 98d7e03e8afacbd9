// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../interfaces/IGateway.sol";
import {RollupBridge} from "../RollupBridge.sol";
import {OptimismChildEnd} from "./OptimismChildEnd.sol";

/// @title An OP Stack chain's end of its bridge to L1
/// @notice The other end of `OptimismL1Bridge`.
contract OptimismRollupBridge is RollupBridge, OptimismChildEnd {
    /// @param gateway The Gateway that it serves.
    /// @param l1Bridge The other end, on L1.
    constructor(IGateway gateway, address l1Bridge) RollupBridge(gateway) OptimismChildEnd(l1Bridge) {}
}
