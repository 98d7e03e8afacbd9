// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IGateway} from "../../interfaces/IGateway.sol";
import {RollupBridge} from "../RollupBridge.sol";
import {ArbitrumChildEnd} from "./ArbitrumChildEnd.sol";

/// @title An Arbitrum chain's end of its bridge to L1
/// @notice The other end of `ArbitrumL1Bridge`.
contract ArbitrumRollupBridge is RollupBridge, ArbitrumChildEnd {
    /// @param gateway The Gateway that it serves.
    /// @param l1Bridge The other end, on L1.
    constructor(IGateway gateway, address l1Bridge) RollupBridge(gateway) ArbitrumChildEnd(l1Bridge) {}
}
