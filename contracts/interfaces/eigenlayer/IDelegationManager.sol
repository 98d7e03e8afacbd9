// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ISignatures} from "./ISignatures.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's DelegationManager, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Knows the operators and whose shares stand behind them. Leaves out withdrawals, undelegation, beacon-chain ETH and what
/// slashing leaves to each staker.
interface IDelegationManager is ISignatures {
    /// @notice An operator's approver's word for one delegation.
    /// @param signature The approver's signature; empty if the operator has no approver.
    /// @param expiry The last second at which it counts.
    struct SignatureWithExpiry {
        bytes signature;
        uint256 expiry;
    }

    /// @notice `operator` became an operator.
    event OperatorRegistered(address indexed operator, address delegationApprover);

    /// @notice `newDelegationApprover` now approves delegations to `operator`; zero: anyone may delegate.
    event DelegationApproverUpdated(address indexed operator, address newDelegationApprover);

    /// @notice Where `operator` describes itself; kept in no storage.
    event OperatorMetadataURIUpdated(address indexed operator, string metadataURI);

    /// @notice `staker` delegated to `operator`.
    event StakerDelegated(address indexed staker, address indexed operator);

    /// @notice `operator` has `shares` more of `strategy`, which are `staker`'s.
    event OperatorSharesIncreased(address indexed operator, address staker, IStrategy strategy, uint256 shares);

    /// @notice `operator` has `shares` less of `strategy`; slashed ones are nobody's (zero).
    event OperatorSharesDecreased(address indexed operator, address staker, IStrategy strategy, uint256 shares);

    /// @notice `operator` was slashed `totalSlashedShares` of `strategy`.
    event OperatorSharesSlashed(address indexed operator, IStrategy strategy, uint256 totalSlashedShares);

    /// @notice The caller is not the AllocationManager.
    error OnlyAllocationManager();

    /// @notice The operator's stake of this strategy was slashed to nothing: nobody can add to it.
    error FullySlashed();

    /// @notice The account is delegated already (an operator counts as delegated to itself, for ever).
    error ActivelyDelegated();

    /// @notice The account is not an operator.
    error OperatorNotRegistered();

    /// @notice The approver has used this salt before.
    error SaltSpent();

    /// @notice The caller is neither the StrategyManager nor the EigenPodManager.
    error OnlyStrategyManagerOrEigenPodManager();

    /// @notice Makes the caller an operator, for ever, delegated to itself. Reverts with ActivelyDelegated.
    /// @param initDelegationApprover Whose signature a staker needs to delegate to the caller; zero: nobody's.
    /// @param allocationDelay Blocks until an allocation takes effect; for a new operator it counts at once.
    /// @param metadataURI Where the operator describes itself.
    function registerAsOperator(
        address initDelegationApprover,
        uint32 allocationDelay,
        string calldata metadataURI
    ) external;

    /// @notice Puts all of the caller's shares, present and future, behind `operator`.
    /// Reverts with ActivelyDelegated, OperatorNotRegistered, and if the operator has an approver with SaltSpent, SignatureExpired or
    /// InvalidSignature.
    /// @param operator Who gets them.
    /// @param approverSignatureAndExpiry The approver's word, read only if the operator has an approver.
    /// @param approverSalt Makes the approver's word a single one.
    function delegateTo(
        address operator,
        SignatureWithExpiry calldata approverSignatureAndExpiry,
        bytes32 approverSalt
    ) external;

    /// @notice Counts shares that `staker` has just deposited; only the StrategyManager may call (beacon-chain ETH: the
    /// EigenPodManager), else OnlyStrategyManagerOrEigenPodManager.
    function increaseDelegatedShares(
        address staker,
        IStrategy strategy,
        uint256 prevDepositShares,
        uint256 addedShares
    ) external;

    /// @notice Takes an operator's shares away as its magnitude shrinks; only the AllocationManager may call, else
    /// OnlyAllocationManager. Panics (0x11) while block.number <= the withdrawal delay of 100,800 blocks.
    /// @return totalDepositSharesToSlash What it lost, with what is in withdrawal.
    function slashOperatorShares(
        address operator,
        OperatorSet calldata operatorSet,
        uint256 slashId,
        IStrategy strategy,
        uint64 prevMaxMagnitude,
        uint64 newMaxMagnitude
    ) external returns (uint256 totalDepositSharesToSlash);

    /// @notice Whether `operator` is an operator.
    function isOperator(address operator) external view returns (bool);

    /// @notice Whether `staker` has delegated.
    function isDelegated(address staker) external view returns (bool);

    /// @notice The operator to whom `staker` has delegated; zero if none.
    function delegatedTo(address staker) external view returns (address);

    /// @notice Who approves delegations to `operator`; zero: anyone may delegate.
    function delegationApprover(address operator) external view returns (address);

    /// @notice Whether `approver` has used `salt`.
    function delegationApproverSaltIsSpent(address approver, bytes32 salt) external view returns (bool);

    /// @notice The shares of `strategy` behind `operator`.
    function operatorShares(address operator, IStrategy strategy) external view returns (uint256);

    /// @notice The shares behind `operator`, one entry a strategy.
    function getOperatorShares(
        address operator,
        IStrategy[] calldata strategies
    ) external view returns (uint256[] memory);

    /// @notice The shares behind operators: a row an operator, an entry a strategy.
    function getOperatorsShares(
        address[] calldata operators,
        IStrategy[] calldata strategies
    ) external view returns (uint256[][] memory);

    /// @notice What an approver signs (EIP-712, ISignatures): `DelegationApproval(address delegationApprover,address staker,address
    /// operator,bytes32 salt,uint256 expiry)`.
    function calculateDelegationApprovalDigestHash(
        address staker,
        address operator,
        address approver,
        bytes32 approverSalt,
        uint256 expiry
    ) external view returns (bytes32);

    /// @notice EigenLayer's AllocationManager.
    function allocationManager() external view returns (address);

    /// @notice EigenLayer's StrategyManager.
    function strategyManager() external view returns (address);
}
