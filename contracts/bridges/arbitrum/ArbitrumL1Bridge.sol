// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../../interfaces/ISettlement.sol";
import {IArbitrumInbox} from "../../interfaces/arbitrum/IArbitrumInbox.sol";
import {L1Bridge} from "../L1Bridge.sol";
import {ArbitrumParentEnd} from "./ArbitrumParentEnd.sol";

/// @title L1's end of the bridge to an Arbitrum chain
/// @notice For Nitro chains that settle on L1 and whose gas is paid in ether. Stack parameters and fees: `ArbitrumParentEnd`.
contract ArbitrumL1Bridge is L1Bridge, ArbitrumParentEnd {
    /// @param settlement Settlement.
    /// @param serviceManager ServiceManager.
    /// @param rollupBridge The other end, on the rollup.
    /// @param inbox The chain's delayed Inbox on L1.
    constructor(
        ISettlement settlement,
        address serviceManager,
        address rollupBridge,
        IArbitrumInbox inbox
    ) L1Bridge(settlement, serviceManager) ArbitrumParentEnd(inbox, rollupBridge) {}
}
