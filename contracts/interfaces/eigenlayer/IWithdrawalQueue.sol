// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IStrategy} from "./IStrategy.sol";

/// @title The part of EigenLayer's DelegationManager by which stake leaves, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice A withdrawal is queued first: its shares leave the operator at once, and can still be slashed for minWithdrawalDelayBlocks.
/// Two kinds of shares: *deposit shares* say what a staker put in, *withdrawable shares* what slashing has left of it.
/// Leaves out beacon-chain ETH, several withdrawals at once, and lists of what is queued.
interface IWithdrawalQueue {
    /// @notice What to withdraw.
    /// @param strategies From where.
    /// @param depositShares How many from each.
    /// @param __deprecated_withdrawer Ignored.
    struct QueuedWithdrawalParams {
        IStrategy[] strategies;
        uint256[] depositShares;
        // EigenLayer's name.
        // solhint-disable-next-line var-name-mixedcase
        address __deprecated_withdrawer;
    }

    /// @notice A withdrawal in the queue.
    /// @param staker Whose it is.
    /// @param delegatedTo The operator behind which the stake stood.
    /// @param withdrawer The staker.
    /// @param nonce How many the staker queued before.
    /// @param startBlock The block at which it was queued.
    /// @param strategies From where.
    /// @param scaledShares How many, before the operator's slashings.
    // The order is EigenLayer's.
    // solhint-disable-next-line gas-struct-packing
    struct Withdrawal {
        address staker;
        address delegatedTo;
        address withdrawer;
        uint256 nonce;
        uint32 startBlock;
        IStrategy[] strategies;
        uint256[] scaledShares;
    }

    /// @notice `staker`'s shares stand behind `operator` no more.
    event StakerUndelegated(address indexed staker, address indexed operator);

    /// @notice It was not the staker who ended it.
    event StakerForceUndelegated(address indexed staker, address indexed operator);

    /// @notice A withdrawal is queued, of `sharesToWithdraw` as things stand.
    event SlashingWithdrawalQueued(bytes32 withdrawalRoot, Withdrawal withdrawal, uint256[] sharesToWithdraw);

    /// @notice A withdrawal is done.
    event SlashingWithdrawalCompleted(bytes32 withdrawalRoot);

    /// @notice The staker has delegated to nobody.
    error NotActivelyDelegated();

    /// @notice An operator stays one for ever.
    error OperatorsCannotUndelegate();

    /// @notice The caller is neither the staker, nor the operator, nor its approver.
    error CallerCannotUndelegate();

    /// @notice Two lists that belong together differ in length.
    error InputArrayLengthMismatch();

    /// @notice Nothing to withdraw.
    error InputArrayLengthZero();

    /// @notice Only the staker may.
    error WithdrawerNotCaller();

    /// @notice No such withdrawal is queued.
    error WithdrawalNotQueued();

    /// @notice It could still be slashed.
    error WithdrawalDelayNotElapsed();

    /// @notice Queues withdrawals of the caller's shares. Reverts with InputArrayLengthMismatch or InputArrayLengthZero.
    /// @return withdrawalRoots keccak256(abi.encode(withdrawal)) of each.
    function queueWithdrawals(
        QueuedWithdrawalParams[] calldata params
    ) external returns (bytes32[] memory withdrawalRoots);

    /// @notice Takes the tokens, or keeps them as shares; for the staker, later than minWithdrawalDelayBlocks after it was queued.
    /// Reverts with InputArrayLengthMismatch, WithdrawerNotCaller, WithdrawalNotQueued or WithdrawalDelayNotElapsed.
    /// @param tokens What each strategy keeps.
    function completeQueuedWithdrawal(
        Withdrawal calldata withdrawal,
        IERC20[] calldata tokens,
        bool receiveAsTokens
    ) external;

    /// @notice Ends a delegation and queues a withdrawal from each strategy; for the staker, the operator and its approver.
    /// Reverts with NotActivelyDelegated, OperatorsCannotUndelegate or CallerCannotUndelegate.
    function undelegate(address staker) external returns (bytes32[] memory withdrawalRoots);

    /// @notice Blocks for which a queued withdrawal can be slashed (mainnet: 100,800).
    function minWithdrawalDelayBlocks() external view returns (uint32);

    /// @notice Whether that withdrawal is queued.
    function pendingWithdrawals(bytes32 withdrawalRoot) external view returns (bool);

    /// @notice What slashing has left of a staker's deposits.
    function getWithdrawableShares(
        address staker,
        IStrategy[] calldata strategies
    ) external view returns (uint256[] memory withdrawableShares, uint256[] memory depositShares);

    /// @notice Shares in the queue that can be slashed with the operator.
    function getSlashableSharesInQueue(address operator, IStrategy strategy) external view returns (uint256);
}
