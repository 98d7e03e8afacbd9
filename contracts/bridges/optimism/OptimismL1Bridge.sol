// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICrossDomainMessenger} from "../../interfaces/optimism/ICrossDomainMessenger.sol";
import {ISettlement} from "../../interfaces/ISettlement.sol";
import {L1Bridge} from "../L1Bridge.sol";
import {OptimismParentEnd} from "./OptimismParentEnd.sol";

/// @title L1's end of the bridge to an OP Stack chain
/// @notice For OP Stack chains that settle on L1, whatever their gas is paid in. Stack parameters and fees: `OptimismParentEnd`.
contract OptimismL1Bridge is L1Bridge, OptimismParentEnd {
    /// @param settlement Settlement.
    /// @param serviceManager ServiceManager.
    /// @param rollupBridge The other end, on the rollup.
    /// @param messenger The chain's L1CrossDomainMessenger.
    constructor(
        ISettlement settlement,
        address serviceManager,
        address rollupBridge,
        ICrossDomainMessenger messenger
    ) L1Bridge(settlement, serviceManager) OptimismParentEnd(messenger, rollupBridge) {}
}
