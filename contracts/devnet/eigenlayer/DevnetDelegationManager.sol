// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {ALLOCATION_MANAGER, STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";
import {Signatures} from "./Signatures.sol";
import {WithdrawalQueue} from "./WithdrawalQueue.sol";

/// @title Stand-in for EigenLayer's DelegationManager, for simulated chains
/// @notice Whose shares stand behind an operator, and how they leave, come from DelegatedShares and WithdrawalQueue; here: how one
/// becomes an operator, and delegates to one. Leaves out changes of an operator's details, the reentrancy guard, and pausing.
contract DevnetDelegationManager is WithdrawalQueue, Signatures {
    bytes32 private constant DELEGATION_APPROVAL_TYPEHASH = keccak256(
        "DelegationApproval(address delegationApprover,address staker,address operator,bytes32 salt,uint256 expiry)"
    );

    /// @inheritdoc IDelegationManager
    mapping(address approver => mapping(bytes32 salt => bool spent)) public override delegationApproverSaltIsSpent;

    /// @inheritdoc IDelegationManager
    function registerAsOperator(
        address initDelegationApprover,
        uint32 allocationDelay,
        string calldata metadataURI
    ) external {
        require(!isDelegated(msg.sender), ActivelyDelegated());
        IAllocationManager(ALLOCATION_MANAGER).setAllocationDelay(msg.sender, allocationDelay);
        delegationApprover[msg.sender] = initDelegationApprover;
        emit DelegationApproverUpdated(msg.sender, initDelegationApprover);
        _delegate(msg.sender, msg.sender);
        emit OperatorRegistered(msg.sender, initDelegationApprover);
        emit OperatorMetadataURIUpdated(msg.sender, metadataURI);
    }

    /// @inheritdoc IDelegationManager
    function delegateTo(
        address operator,
        SignatureWithExpiry calldata approverSignatureAndExpiry,
        bytes32 approverSalt
    ) external {
        require(!isDelegated(msg.sender), ActivelyDelegated());
        require(isOperator(operator), OperatorNotRegistered());
        address approver = delegationApprover[operator];
        if (approver != address(0)) {
            require(!delegationApproverSaltIsSpent[approver][approverSalt], SaltSpent());
            delegationApproverSaltIsSpent[approver][approverSalt] = true;
            uint256 expiry = approverSignatureAndExpiry.expiry;
            bytes32 digest = calculateDelegationApprovalDigestHash(
                msg.sender,
                operator,
                approver,
                approverSalt,
                expiry
            );
            _checkSignature(approver, digest, approverSignatureAndExpiry.signature, expiry);
        }
        _delegate(msg.sender, operator);
    }

    /// @inheritdoc IDelegationManager
    function increaseDelegatedShares(
        address staker,
        IStrategy strategy,
        uint256 prevDepositShares,
        uint256 addedShares
    ) external {
        require(msg.sender == STRATEGY_MANAGER, OnlyStrategyManagerOrEigenPodManager());
        _increase(delegatedTo[staker], staker, strategy, prevDepositShares, addedShares);
    }

    /// @inheritdoc IDelegationManager
    function isOperator(address operator) public view returns (bool) {
        return operator != address(0) && delegatedTo[operator] == operator;
    }

    /// @inheritdoc IDelegationManager
    function isDelegated(address staker) public view returns (bool) {
        return delegatedTo[staker] != address(0);
    }

    /// @inheritdoc IDelegationManager
    function getOperatorShares(
        address operator,
        IStrategy[] calldata strategies
    ) public view returns (uint256[] memory shares) {
        shares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            shares[i] = operatorShares[operator][strategies[i]];
        }
    }

    /// @inheritdoc IDelegationManager
    function getOperatorsShares(
        address[] calldata operators,
        IStrategy[] calldata strategies
    ) external view returns (uint256[][] memory shares) {
        shares = new uint256[][](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            shares[i] = getOperatorShares(operators[i], strategies);
        }
    }

    /// @inheritdoc IDelegationManager
    function calculateDelegationApprovalDigestHash(
        address staker,
        address operator,
        address approver,
        bytes32 approverSalt,
        uint256 expiry
    ) public view returns (bytes32) {
        return
            _digest(
                keccak256(abi.encode(DELEGATION_APPROVAL_TYPEHASH, approver, staker, operator, approverSalt, expiry))
            );
    }

    /// @inheritdoc IDelegationManager
    function allocationManager() external pure returns (address) {
        return ALLOCATION_MANAGER;
    }

    /// @inheritdoc IDelegationManager
    function strategyManager() external pure returns (address) {
        return STRATEGY_MANAGER;
    }

    /// @dev Deposits made before a delegation count from it on.
    function _delegate(address staker, address operator) private {
        delegatedTo[staker] = operator;
        emit StakerDelegated(staker, operator);
        (IStrategy[] memory strategies, uint256[] memory shares) = IStrategyManager(STRATEGY_MANAGER).getDeposits(
            staker
        );
        for (uint256 i = 0; i < strategies.length; ++i) {
            _increase(operator, staker, strategies[i], 0, shares[i]);
        }
    }
}
