// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISettlement} from "../../interfaces/ISettlement.sol";
import {IBridgehub} from "../../interfaces/zksync/IBridgehub.sol";
import {L1Bridge} from "../L1Bridge.sol";
import {ZksyncParentEnd} from "./ZksyncParentEnd.sol";

/// @title L1's end of the bridge to a ZK Stack rollup
/// @notice For chains whose base token is Ether. `stackParams`: empty, or
/// `abi.encode(uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit)`. `quote` depends on the gas price of the call: ask it with
/// that of the transaction that is to come.
contract ZksyncL1Bridge is L1Bridge, ZksyncParentEnd {
    /// @param settlement Settlement.
    /// @param serviceManager ServiceManager.
    /// @param rollupBridge The other end, on the rollup.
    /// @param bridgehub ZK Stack's Bridgehub.
    /// @param chainId The rollup's chain id.
    constructor(
        ISettlement settlement,
        address serviceManager,
        address rollupBridge,
        IBridgehub bridgehub,
        uint256 chainId
    ) L1Bridge(settlement, serviceManager) ZksyncParentEnd(rollupBridge, bridgehub, chainId) {}
}
