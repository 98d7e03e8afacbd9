// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IArbitrumInbox} from "../../interfaces/arbitrum/IArbitrumInbox.sol";
import {ArbitrumParentEnd} from "../arbitrum/ArbitrumParentEnd.sol";
import {OptimismChildEnd} from "../optimism/OptimismChildEnd.sol";
import {Hop} from "./Hop.sol";

/// @title The hop to an Arbitrum chain that settles on an OP Stack chain
/// @notice Deployed on the OP Stack chain. L1's end is an `OptimismL1Bridge`, the L3's end an `ArbitrumRollupBridge`; each takes
/// this contract for its counterpart. Stack parameters and fees of `push`: `ArbitrumParentEnd`.
contract ArbitrumOnOptimismHop is Hop, OptimismChildEnd, ArbitrumParentEnd {
    /// @param l1Bridge L1's end.
    /// @param l3Bridge The L3's end.
    /// @param inbox The L3's delayed Inbox on the OP Stack chain.
    constructor(
        address l1Bridge,
        address l3Bridge,
        IArbitrumInbox inbox
    ) OptimismChildEnd(l1Bridge) ArbitrumParentEnd(inbox, l3Bridge) {}
}
