// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {CrosschainRemoteExecutor} from "@openzeppelin/contracts/crosschain/CrosschainRemoteExecutor.sol";

/// @title Remote executor
/// @notice OpenZeppelin's `CrosschainRemoteExecutor`: does on this chain what a `CrosschainGovernor` on another decided, and
/// nothing that anyone else sends. It owns what the governor is to govern here.
contract RemoteExecutor is CrosschainRemoteExecutor {
    /// @param gateway_ The ERC-7786 gateway of this chain.
    /// @param controller_ ERC-7930 address of the governor.
    constructor(address gateway_, bytes memory controller_) CrosschainRemoteExecutor(gateway_, controller_) {}
}
