// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {ALLOCATION_MANAGER, STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";
import {Signatures} from "./Signatures.sol";

/// @title Stand-in for EigenLayer's DelegationManager, for simulated chains
/// @notice What is slashed goes from the operator's shares. What that leaves to each staker (the scaling factors) is left out, and
/// with it withdrawals, undelegation, beacon-chain ETH, changes of an operator's details, the reentrancy guard, and pausing.
contract DevnetDelegationManager is IDelegationManager, Signatures {
    uint32 private constant MIN_WITHDRAWAL_DELAY_BLOCKS = 100_800;

    bytes32 private constant DELEGATION_APPROVAL_TYPEHASH = keccak256(
        "DelegationApproval(address delegationApprover,address staker,address operator,bytes32 salt,uint256 expiry)"
    );

    /// @inheritdoc IDelegationManager
    mapping(address staker => address operator) public override delegatedTo;

    /// @inheritdoc IDelegationManager
    mapping(address operator => address approver) public override delegationApprover;

    /// @inheritdoc IDelegationManager
    mapping(address approver => mapping(bytes32 salt => bool spent)) public override delegationApproverSaltIsSpent;

    /// @inheritdoc IDelegationManager
    mapping(address operator => mapping(IStrategy strategy => uint256 shares)) public override operatorShares;

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
    function increaseDelegatedShares(address staker, IStrategy strategy, uint256, uint256 addedShares) external {
        require(msg.sender == STRATEGY_MANAGER, OnlyStrategyManagerOrEigenPodManager());
        address operator = delegatedTo[staker];
        if (operator != address(0)) _addShares(operator, staker, strategy, addedShares);
    }

    /// @inheritdoc IDelegationManager
    function slashOperatorShares(
        address operator,
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint64 prevMaxMagnitude,
        uint64 newMaxMagnitude
    ) external returns (uint256 totalDepositSharesToSlash) {
        require(msg.sender == ALLOCATION_MANAGER, OnlyAllocationManager());
        // EigenLayer adds what went into withdrawal since then, which cannot be reckoned on a chain that is not higher than
        // the delay. There are no withdrawals here.
        uint32 since = uint32(block.number) - MIN_WITHDRAWAL_DELAY_BLOCKS - 1;
        assert(since < block.number);
        uint256 shares = operatorShares[operator][strategy];
        totalDepositSharesToSlash = shares - Math.mulDiv(shares, newMaxMagnitude, prevMaxMagnitude, Math.Rounding.Ceil);
        operatorShares[operator][strategy] = shares - totalDepositSharesToSlash;
        emit OperatorSharesDecreased(operator, address(0), strategy, totalDepositSharesToSlash);
        emit OperatorSharesSlashed(operator, strategy, totalDepositSharesToSlash);
        IStrategyManager(STRATEGY_MANAGER).increaseBurnOrRedistributableShares(
            operatorSet,
            slashId,
            strategy,
            totalDepositSharesToSlash
        );
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
            _addShares(operator, staker, strategies[i], shares[i]);
        }
    }

    function _addShares(address operator, address staker, IStrategy strategy, uint256 shares) private {
        require(IAllocationManager(ALLOCATION_MANAGER).getMaxMagnitude(operator, strategy) != 0, FullySlashed());
        operatorShares[operator][strategy] += shares;
        emit OperatorSharesIncreased(operator, staker, strategy, shares);
    }
}
