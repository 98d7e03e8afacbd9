// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceManager} from "../interfaces/IServiceManager.sol";
import {Admission} from "./manager/Admission.sol";
import {Bonds} from "./manager/Bonds.sol";
import {OperatorKeys} from "./manager/OperatorKeys.sol";
import {OperatorSetOwner} from "./manager/OperatorSetOwner.sol";
import {Rewards} from "./manager/Rewards.sol";
import {Tables} from "./manager/Tables.sol";
import {ServiceManagerConfig} from "./ServiceManagerConfig.sol";

/// @title ServiceManager
/// @notice Parley's AVS on EigenLayer. Its parts, each to be read alone:
///
/// OperatorSetOwner: what it is to EigenLayer, and what operators weigh. Bonds: what they deposit, and who gets it.
/// OperatorKeys: what they sign with. Admission: who is in. Tables: who is told to the members. Rewards: how operators are paid.
/// TRUST: EigenLayer, and nobody else: there is no owner. It has no function that slashes; that is the Slasher's.
contract ServiceManager is Tables, Rewards {
    /// @param config What it is made of, for good.
    constructor(
        ServiceManagerConfig memory config
    ) OperatorSetOwner(config) Bonds(config) OperatorKeys(config) Admission(config) Tables(config) Rewards(config) {}

    /// @inheritdoc IServiceManager
    function onConvicted(address operator, address reporter, bool isGravest) external onlySlasher {
        _unseat(operator);
        _hurry();
        _forfeit(operator, reporter, isGravest);
    }
}
