// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {OperatorSetOwner} from "./OperatorSetOwner.sol";

/// @title Bonds
/// @notice What operators deposit in ether, so that whoever reports one of them is paid (R29).
///
/// LOCK: a bond answers for as long as its operator can be slashed. PROFIT: of what a convicted operator loses the reporter gets
/// half and nobody the other, so operator and reporter together lose (invariant 12). RESERVE: a lone offence takes half of what
/// is there, so that there is something left for whoever reports a graver one.
/// REENTRANCY: ether leaves by withdrawal alone, after everything is written; and to the burn address, which has no code.
abstract contract Bonds is OperatorSetOwner {
    /// @dev Nobody's.
    address payable private constant BURN = payable(0x000000000000000000000000000000000000dEaD);

    /// @inheritdoc IServiceManager
    uint256 public immutable BOND;

    /// @inheritdoc IServiceManager
    mapping(address operator => uint256 amount) public bondOf;

    /// @inheritdoc IServiceManager
    mapping(address reporter => uint256 amount) public bountyOf;

    constructor(ServiceManagerConfig memory config) {
        BOND = config.bond;
    }

    /// @inheritdoc IServiceManager
    function depositBond(address operator) external payable {
        require(!SLASHER.isTombstoned(operator), Tombstoned(operator));
        bondOf[operator] += msg.value;
        emit BondDeposited(operator, msg.value);
    }

    /// @inheritdoc IServiceManager
    function withdrawBond(uint256 amount, address payable to) external {
        require(!ALLOCATION_MANAGER.isOperatorSlashable(msg.sender, _operatorSet()), StillLiable(msg.sender));
        uint256 balance = bondOf[msg.sender];
        require(amount != 0 && amount <= balance, InsufficientBalance(amount, balance));
        bondOf[msg.sender] = balance - amount;
        emit BondWithdrawn(msg.sender, amount, to);
        Address.sendValue(to, amount);
    }

    /// @inheritdoc IServiceManager
    function withdrawBounty(address payable to) external {
        uint256 amount = bountyOf[msg.sender];
        require(amount != 0, InsufficientBalance(0, 0));
        bountyOf[msg.sender] = 0;
        emit BountyWithdrawn(msg.sender, amount, to);
        Address.sendValue(to, amount);
    }

    /// @dev Takes a convicted operator's bond, whole or half of what is left.
    function _forfeit(address operator, address reporter, bool whole) internal {
        uint256 bond = bondOf[operator];
        uint256 forfeited = whole ? bond : bond / 2;
        uint256 bounty = forfeited / 2;
        uint256 burned = forfeited - bounty;
        bondOf[operator] = bond - forfeited;
        bountyOf[reporter] += bounty;
        emit BondForfeited(operator, reporter, bounty, burned);
        Address.sendValue(BURN, burned);
    }
}
