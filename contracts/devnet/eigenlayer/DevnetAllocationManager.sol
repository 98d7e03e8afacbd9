// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {DELEGATION_MANAGER} from "./EigenLayerAddresses.sol";
import {OperatorSets} from "./OperatorSets.sol";

/// @title Stand-in for EigenLayer's AllocationManager, for simulated chains
/// @notice Operator sets and members come from OperatorSets; here: how much of its stake an operator lets each set slash, and since
/// when. A change is kept with the block at which it takes effect and is applied whenever it is read, so the queue of deallocations
/// (`clearDeallocationQueue`) and the event EncumberedMagnitudeUpdated are left out, and the history of magnitudes.
contract DevnetAllocationManager is OperatorSets {
    using EnumerableSet for EnumerableSet.Bytes32Set;

    /// @dev `pending` replaces `delay` at `effectBlock`.
    struct AllocationDelay {
        bool isSet;
        uint32 delay;
        uint32 pending;
        uint32 effectBlock;
    }

    /// @inheritdoc IAllocationManager
    uint32 public constant override ALLOCATION_CONFIGURATION_DELAY = 126_000;

    uint64 private constant WAD = 1e18;

    /// @dev The bits that pause.
    uint8 private constant PAUSED_MODIFY_ALLOCATIONS = 0;
    uint8 private constant PAUSED_OPERATOR_SLASHING = 1;

    mapping(address operator => AllocationDelay delay) private _allocationDelay;
    mapping(address operator => mapping(IStrategy strategy => EnumerableSet.Bytes32Set setKeys)) private _allocatedSets;
    mapping(address operator => mapping(bytes32 setKey => mapping(IStrategy strategy => Allocation allocation)))
        private _allocations;

    /// @dev What slashing took of an operator's magnitude.
    mapping(address operator => mapping(IStrategy strategy => uint64 magnitude)) private _slashed;

    mapping(bytes32 setKey => uint256 count) private _slashCount;

    /// @inheritdoc IAllocationManager
    function setAllocationDelay(address operator, uint32 delay) external {
        bool isNewOperator = msg.sender == DELEGATION_MANAGER;
        if (!isNewOperator) {
            require(_mayActFor(operator), InvalidPermissions());
            require(IDelegationManager(DELEGATION_MANAGER).isOperator(operator), InvalidOperator());
        }
        (bool isSet, uint32 current) = getAllocationDelay(operator);
        uint32 effectBlock = uint32(block.number);
        if (!isNewOperator) effectBlock += ALLOCATION_CONFIGURATION_DELAY + 1;
        _allocationDelay[operator] = AllocationDelay({
            isSet: isSet,
            delay: current,
            pending: delay,
            effectBlock: effectBlock
        });
        emit AllocationDelaySet(operator, delay, effectBlock);
    }

    /// @inheritdoc IAllocationManager
    function modifyAllocations(
        address operator,
        AllocateParams[] calldata params
    ) external onlyWhenNotPaused(PAUSED_MODIFY_ALLOCATIONS) onlyFor(operator) {
        (bool isSet, uint32 delay) = getAllocationDelay(operator);
        require(isSet, UninitializedAllocationDelay());
        for (uint256 i = 0; i < params.length; ++i) {
            AllocateParams calldata change = params[i];
            require(change.strategies.length == change.newMagnitudes.length, InputArrayLengthMismatch());
            require(_exists(change.operatorSet), InvalidOperatorSet());
            for (uint256 j = 0; j < change.strategies.length; ++j) {
                _allocate(operator, change.operatorSet, change.strategies[j], change.newMagnitudes[j], delay);
            }
        }
    }

    /// @inheritdoc IAllocationManager
    function slashOperator(
        address avs,
        SlashingParams calldata params
    ) external onlyWhenNotPaused(PAUSED_OPERATOR_SLASHING) returns (uint256 slashId, uint256[] memory shares) {
        OperatorSet memory set = OperatorSet(avs, params.operatorSetId);
        bytes32 setKey = set.key();
        require(params.strategies.length == params.wadsToSlash.length, InputArrayLengthMismatch());
        require(_exists(set), InvalidOperatorSet());
        require(_isSlashable(params.operator, setKey), OperatorNotSlashable());
        require(msg.sender == getSlasher(set), InvalidCaller());
        slashId = ++_slashCount[setKey];
        shares = new uint256[](params.strategies.length);
        uint256[] memory wadSlashed = new uint256[](params.strategies.length);
        for (uint256 i = 0; i < params.strategies.length; ++i) {
            require(
                i == 0 || address(params.strategies[i]) > address(params.strategies[i - 1]),
                StrategiesMustBeInAscendingOrder()
            );
            require(params.wadsToSlash[i] != 0 && params.wadsToSlash[i] <= WAD, InvalidWadToSlash());
            require(_usesStrategy(setKey, params.strategies[i]), StrategyNotInOperatorSet());
            (wadSlashed[i], shares[i]) = _slash(set, params, i, slashId);
        }
        emit OperatorSlashed(params.operator, set, params.strategies, wadSlashed, params.description);
    }

    /// @inheritdoc IAllocationManager
    function getAllocationDelay(address operator) public view returns (bool isSet, uint32 delay) {
        AllocationDelay storage info = _allocationDelay[operator];
        bool pendingCounts = info.effectBlock != 0 && block.number >= info.effectBlock;
        return pendingCounts ? (true, info.pending) : (info.isSet, info.delay);
    }

    /// @inheritdoc IAllocationManager
    function getAllocation(
        address operator,
        OperatorSet calldata operatorSet,
        IStrategy strategy
    ) external view returns (Allocation memory) {
        return _allocationNow(operator, operatorSet.key(), strategy);
    }

    /// @inheritdoc IAllocationManager
    function getEncumberedMagnitude(address operator, IStrategy strategy) public view returns (uint64 encumbered) {
        bytes32[] memory setKeys = _allocatedSets[operator][strategy].values();
        for (uint256 i = 0; i < setKeys.length; ++i) {
            Allocation memory allocation = _allocationNow(operator, setKeys[i], strategy);
            // What is on its way in is taken already; what is on its way out is not free yet.
            encumbered +=
                allocation.pendingDiff > 0
                    ? _sum(allocation.currentMagnitude, allocation.pendingDiff)
                    : allocation.currentMagnitude;
        }
    }

    /// @inheritdoc IAllocationManager
    function getAllocatableMagnitude(address operator, IStrategy strategy) public view returns (uint64) {
        return getMaxMagnitude(operator, strategy) - getEncumberedMagnitude(operator, strategy);
    }

    /// @inheritdoc IAllocationManager
    function getMaxMagnitude(address operator, IStrategy strategy) public view returns (uint64) {
        return WAD - _slashed[operator][strategy];
    }

    /// @inheritdoc IAllocationManager
    function getSlashCount(OperatorSet calldata operatorSet) external view returns (uint256) {
        return _slashCount[operatorSet.key()];
    }

    /// @inheritdoc IAllocationManager
    function getMinimumSlashableStake(
        OperatorSet calldata operatorSet,
        address[] calldata operators,
        IStrategy[] calldata strategies,
        uint32 futureBlock
    ) external view returns (uint256[][] memory slashableStake) {
        bytes32 setKey = operatorSet.key();
        slashableStake = IDelegationManager(DELEGATION_MANAGER).getOperatorsShares(operators, strategies);
        for (uint256 i = 0; i < operators.length; ++i) {
            bool isSlashable = _isSlashable(operators[i], setKey);
            for (uint256 j = 0; j < strategies.length; ++j) {
                uint256 magnitude = isSlashable ? _leastMagnitude(operators[i], setKey, strategies[j], futureBlock) : 0;
                uint64 maxMagnitude = getMaxMagnitude(operators[i], strategies[j]);
                // All of it was slashed, and all of the shares with it.
                if (maxMagnitude == 0) continue;
                // EigenLayer rounds down twice: the proportion, then the shares.
                slashableStake[i][j] = Math.mulDiv(
                    slashableStake[i][j],
                    Math.mulDiv(magnitude, WAD, maxMagnitude),
                    WAD
                );
            }
        }
    }

    /// @inheritdoc IAllocationManager
    function delegation() external pure returns (address) {
        return DELEGATION_MANAGER;
    }

    function _allocate(
        address operator,
        OperatorSet calldata set,
        IStrategy strategy,
        uint64 magnitude,
        uint32 delay
    ) private {
        bytes32 setKey = set.key();
        Allocation memory allocation = _allocationNow(operator, setKey, strategy);
        require(allocation.effectBlock == 0, ModificationAlreadyPending());
        uint64 current = allocation.currentMagnitude;
        require(magnitude != current, SameMagnitude());

        allocation.pendingDiff = int128(uint128(magnitude)) - int128(uint128(current));
        if (magnitude > current) {
            require(magnitude - current <= getAllocatableMagnitude(operator, strategy), InsufficientMagnitude());
            allocation.effectBlock = uint32(block.number) + delay;
        } else if (current != 0 && _isSlashable(operator, setKey) && _usesStrategy(setKey, strategy)) {
            // Slashable through the last block of the delay, so it takes effect one block later.
            allocation.effectBlock = uint32(block.number) + DEALLOCATION_DELAY + 1;
        } else {
            allocation.effectBlock = uint32(block.number);
        }
        _allocations[operator][setKey][strategy] = allocation;
        _allocatedSets[operator][strategy].add(setKey);
        emit AllocationUpdated(operator, set, strategy, magnitude, allocation.effectBlock);
    }

    /// @dev Slashes one strategy of `params`. Rounds up what is taken, as EigenLayer does.
    function _slash(
        OperatorSet memory set,
        SlashingParams calldata params,
        uint256 index,
        uint256 slashId
    ) private returns (uint256 wadSlashed, uint256 shares) {
        (address operator, IStrategy strategy) = (params.operator, params.strategies[index]);
        uint256 wad = params.wadsToSlash[index];
        Allocation memory allocation = _allocationNow(operator, set.key(), strategy);
        if (allocation.currentMagnitude == 0) return (0, 0);

        // At most the magnitude itself: fits 64 bits. So does what is pending.
        uint64 taken = uint64(Math.mulDiv(allocation.currentMagnitude, wad, WAD, Math.Rounding.Ceil));
        uint64 maxBefore = getMaxMagnitude(operator, strategy);
        wadSlashed = Math.mulDiv(taken, WAD, maxBefore);
        allocation.currentMagnitude -= taken;
        if (allocation.pendingDiff < 0) {
            uint256 pending = uint128(-allocation.pendingDiff);
            allocation.pendingDiff += int128(uint128(Math.mulDiv(pending, wad, WAD, Math.Rounding.Ceil)));
            uint64 left = _sum(allocation.currentMagnitude, allocation.pendingDiff);
            emit AllocationUpdated(operator, set, strategy, left, allocation.effectBlock);
        }
        _allocations[operator][set.key()][strategy] = allocation;
        _slashed[operator][strategy] += taken;
        uint64 maxAfter = maxBefore - taken;
        emit AllocationUpdated(operator, set, strategy, allocation.currentMagnitude, uint32(block.number));
        emit MaxMagnitudeUpdated(operator, strategy, maxAfter);
        shares = IDelegationManager(DELEGATION_MANAGER).slashOperatorShares(
            operator,
            set,
            slashId,
            strategy,
            maxBefore,
            maxAfter
        );
    }

    /// @dev The allocation with its pending change applied, if that has taken effect by this block.
    function _allocationNow(
        address operator,
        bytes32 setKey,
        IStrategy strategy
    ) private view returns (Allocation memory allocation) {
        allocation = _allocations[operator][setKey][strategy];
        if (block.number >= allocation.effectBlock) {
            allocation.currentMagnitude = _sum(allocation.currentMagnitude, allocation.pendingDiff);
            allocation.pendingDiff = 0;
            allocation.effectBlock = 0;
        }
    }

    function _leastMagnitude(
        address operator,
        bytes32 setKey,
        IStrategy strategy,
        uint32 futureBlock
    ) private view returns (uint64) {
        Allocation memory allocation = _allocationNow(operator, setKey, strategy);
        bool shrinksInTime = allocation.pendingDiff < 0 && allocation.effectBlock <= futureBlock;
        return shrinksInTime ? _sum(allocation.currentMagnitude, allocation.pendingDiff) : allocation.currentMagnitude;
    }

    /// @dev Fits: a change never takes a magnitude below zero nor above 1e18.
    function _sum(uint64 magnitude, int128 change) private pure returns (uint64) {
        return uint64(uint128(int128(uint128(magnitude)) + change));
    }
}
