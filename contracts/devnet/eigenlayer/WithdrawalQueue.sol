// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {IWithdrawalQueue} from "../../interfaces/eigenlayer/IWithdrawalQueue.sol";
import {DelegatedShares} from "./DelegatedShares.sol";
import {ALLOCATION_MANAGER, PERMISSION_CONTROLLER, STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";

/// @title Part of the DelegationManager's stand-in: how stake leaves
/// @notice Leaves out `redelegate`, several withdrawals at once, lists of what is queued, withdrawals from before slashing, and pausing.
abstract contract WithdrawalQueue is DelegatedShares {
    /// @inheritdoc IWithdrawalQueue
    mapping(bytes32 withdrawalRoot => bool isPending) public override pendingWithdrawals;

    mapping(address staker => uint256 count) private _queuedBy;

    /// @inheritdoc IWithdrawalQueue
    function queueWithdrawals(
        QueuedWithdrawalParams[] calldata params
    ) external returns (bytes32[] memory withdrawalRoots) {
        withdrawalRoots = new bytes32[](params.length);
        for (uint256 i = 0; i < params.length; ++i) {
            require(params[i].strategies.length == params[i].depositShares.length, InputArrayLengthMismatch());
            address operator = delegatedTo[msg.sender];
            withdrawalRoots[i] = _queue(msg.sender, operator, params[i].strategies, params[i].depositShares);
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function undelegate(address staker) external returns (bytes32[] memory withdrawalRoots) {
        address operator = delegatedTo[staker];
        require(operator != address(0), NotActivelyDelegated());
        require(operator != staker, OperatorsCannotUndelegate());
        require(msg.sender == staker || _mayUndelegateFrom(operator), CallerCannotUndelegate());
        if (msg.sender != staker) emit StakerForceUndelegated(staker, operator);
        delegatedTo[staker] = address(0);
        emit StakerUndelegated(staker, operator);

        (IStrategy[] memory strategies, uint256[] memory shares) = IStrategyManager(STRATEGY_MANAGER).getDeposits(
            staker
        );
        withdrawalRoots = new bytes32[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy[] memory strategy = new IStrategy[](1);
            uint256[] memory share = new uint256[](1);
            (strategy[0], share[0]) = (strategies[i], shares[i]);
            withdrawalRoots[i] = _queue(staker, operator, strategy, share);
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function completeQueuedWithdrawal(
        Withdrawal calldata withdrawal,
        IERC20[] calldata tokens,
        bool receiveAsTokens
    ) external {
        require(tokens.length == withdrawal.strategies.length, InputArrayLengthMismatch());
        require(msg.sender == withdrawal.withdrawer, WithdrawerNotCaller());
        bytes32 root = keccak256(abi.encode(withdrawal));
        require(pendingWithdrawals[root], WithdrawalNotQueued());
        uint32 slashableUntil = withdrawal.startBlock + WITHDRAWAL_DELAY;
        require(block.number > slashableUntil, WithdrawalDelayNotElapsed());
        delete pendingWithdrawals[root];
        emit SlashingWithdrawalCompleted(root);

        uint64[] memory magnitudes = IAllocationManager(ALLOCATION_MANAGER).getMaxMagnitudesAtBlock(
            withdrawal.delegatedTo,
            withdrawal.strategies,
            slashableUntil
        );
        IStrategyManager manager = IStrategyManager(STRATEGY_MANAGER);
        address staker = withdrawal.staker;
        for (uint256 i = 0; i < tokens.length; ++i) {
            IStrategy strategy = withdrawal.strategies[i];
            uint256 shares = Math.mulDiv(withdrawal.scaledShares[i], magnitudes[i], WAD);
            if (shares == 0) continue;
            if (receiveAsTokens) {
                manager.withdrawSharesAsTokens(staker, strategy, tokens[i], shares);
            } else {
                (uint256 before, uint256 added) = manager.addShares(staker, strategy, shares);
                _increase(delegatedTo[staker], staker, strategy, before, added);
            }
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function minWithdrawalDelayBlocks() external pure returns (uint32) {
        return WITHDRAWAL_DELAY;
    }

    /// @inheritdoc IWithdrawalQueue
    function getWithdrawableShares(
        address staker,
        IStrategy[] calldata strategies
    ) external view returns (uint256[] memory withdrawableShares, uint256[] memory depositShares) {
        withdrawableShares = new uint256[](strategies.length);
        depositShares = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            IStrategy strategy = strategies[i];
            depositShares[i] = IStrategyManager(STRATEGY_MANAGER).stakerDepositShares(staker, strategy);
            withdrawableShares[i] = _withdrawable(
                depositShares[i],
                depositScalingFactor(staker, strategy),
                _magnitude(delegatedTo[staker], strategy)
            );
        }
    }

    /// @inheritdoc IWithdrawalQueue
    function getSlashableSharesInQueue(address operator, IStrategy strategy) external view returns (uint256) {
        return _lostInQueue(operator, strategy, _magnitude(operator, strategy), 0);
    }

    function _queue(
        address staker,
        address operator,
        IStrategy[] memory strategies,
        uint256[] memory depositShares
    ) private returns (bytes32 root) {
        require(strategies.length != 0, InputArrayLengthZero());
        uint256[] memory scaled = new uint256[](strategies.length);
        uint256[] memory withdrawable = new uint256[](strategies.length);
        for (uint256 i = 0; i < strategies.length; ++i) {
            (scaled[i], withdrawable[i]) = _remove(staker, operator, strategies[i], depositShares[i]);
        }
        Withdrawal memory withdrawal = Withdrawal({
            staker: staker,
            delegatedTo: operator,
            withdrawer: staker,
            nonce: _queuedBy[staker]++,
            startBlock: uint32(block.number),
            strategies: strategies,
            scaledShares: scaled
        });
        root = keccak256(abi.encode(withdrawal));
        pendingWithdrawals[root] = true;
        emit SlashingWithdrawalQueued(root, withdrawal, withdrawable);
    }

    /// @dev Takes deposit shares from a staker and what they are worth from its operator.
    function _remove(
        address staker,
        address operator,
        IStrategy strategy,
        uint256 depositShares
    ) private returns (uint256 scaled, uint256 withdrawable) {
        uint256 factor = depositScalingFactor(staker, strategy);
        scaled = Math.mulDiv(depositShares, factor, WAD);
        withdrawable = _withdrawable(depositShares, factor, _magnitude(operator, strategy));
        if (operator != address(0)) {
            _noteQueued(operator, strategy, scaled);
            _decrease(operator, staker, strategy, withdrawable);
        }
        uint256 left = IStrategyManager(STRATEGY_MANAGER).removeDepositShares(staker, strategy, depositShares);
        if (left == 0) _setFactor(staker, strategy, WAD);
    }

    function _mayUndelegateFrom(address operator) private view returns (bool) {
        return
            msg.sender == delegationApprover[operator] ||
            IPermissionController(PERMISSION_CONTROLLER).canCall(operator, msg.sender, address(this), msg.sig);
    }
}
