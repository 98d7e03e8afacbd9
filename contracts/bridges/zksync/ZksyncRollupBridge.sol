// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../interfaces/IGateway.sol";
import {RollupBridge} from "../RollupBridge.sol";
import {ZksyncChildEnd} from "./ZksyncChildEnd.sol";

/// @title A ZK Stack rollup's end of its bridge
/// @notice The other end of `ZksyncL1Bridge`.
contract ZksyncRollupBridge is RollupBridge, ZksyncChildEnd {
    /// @param gateway The Gateway that it serves.
    /// @param l1Bridge The other end, on L1.
    constructor(IGateway gateway, address l1Bridge) RollupBridge(gateway) ZksyncChildEnd(l1Bridge) {}
}
