// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceManager} from "../interfaces/IServiceManager.sol";

/// @title A contract for tests that sends tables down, and takes, refuses or spends at once what comes back
contract Publisher {
    enum Manner {
        Takes,
        Refuses,
        PublishesAgain
    }

    Manner public immutable manner;
    IServiceManager public immutable manager;
    bytes32 private _table;
    bytes32 private _member;
    bytes private _stackParams;

    error Refused();

    constructor(IServiceManager manager_, Manner manner_) {
        manager = manager_;
        manner = manner_;
    }

    receive() external payable {
        require(manner != Manner.Refuses, Refused());
        if (manner == Manner.Takes) return;
        bytes32 table = _table;
        _table = 0;
        if (table != 0) manager.publish{value: msg.value}(table, _member, _stackParams);
    }

    function publish(bytes32 table, bytes32 member, bytes calldata stackParams) external payable {
        (_table, _member, _stackParams) = (table, member, stackParams);
        manager.publish{value: msg.value}(table, member, stackParams);
    }
}
