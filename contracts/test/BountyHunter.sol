// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceManager} from "../interfaces/IServiceManager.sol";
import {ISlasher} from "../interfaces/ISlasher.sol";
import {Kind} from "../types/Conviction.sol";

/// @title A reporter for tests that asks for its bounty again while it is paid
contract BountyHunter {
    IServiceManager public immutable manager;
    ISlasher public immutable slasher;
    uint256 public attempts;

    constructor(IServiceManager manager_, ISlasher slasher_) {
        manager = manager_;
        slasher = slasher_;
    }

    receive() external payable {
        ++attempts;
        try manager.withdrawBounty(payable(address(this))) {
            ++attempts;
        } catch {
            return;
        }
    }

    function report(address operator, bytes calldata evidence) external {
        slasher.convict(operator, Kind.Equivocation, evidence);
    }

    function collect() external {
        manager.withdrawBounty(payable(address(this)));
    }
}
