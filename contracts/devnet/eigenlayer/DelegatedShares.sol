// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Checkpoints} from "@openzeppelin/contracts/utils/structs/Checkpoints.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {IStrategyManager} from "../../interfaces/eigenlayer/IStrategyManager.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {ALLOCATION_MANAGER, STRATEGY_MANAGER} from "./EigenLayerAddresses.sol";

/// @title Part of the DelegationManager's stand-in: whose shares stand behind an operator, and what slashing leaves of them
/// @notice Slashing writes nothing about any staker: withdrawable shares are deposit shares, times the staker's factor, times the
/// operator's magnitude. The factor is 1e18, and greater for who joined after a slashing, which must not touch what came later.
/// Leaves out beacon-chain ETH.
abstract contract DelegatedShares is IDelegationManager {
    using Checkpoints for Checkpoints.Trace224;

    uint256 internal constant WAD = 1e18;
    uint32 internal constant WITHDRAWAL_DELAY = 100_800;

    /// @inheritdoc IDelegationManager
    mapping(address staker => address operator) public override delegatedTo;

    /// @inheritdoc IDelegationManager
    mapping(address operator => address approver) public override delegationApprover;

    /// @inheritdoc IDelegationManager
    mapping(address operator => mapping(IStrategy strategy => uint256 shares)) public override operatorShares;

    /// @dev Zero stands for 1e18.
    mapping(address staker => mapping(IStrategy strategy => uint256 factor)) private _factors;

    /// @dev All that ever went into withdrawal, without the operator's slashings, by block.
    mapping(address operator => mapping(IStrategy strategy => Checkpoints.Trace224 shares)) private _queued;

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
        uint256 slashed = _lost(operatorShares[operator][strategy], prevMaxMagnitude, newMaxMagnitude);
        totalDepositSharesToSlash = slashed + _lostInQueue(operator, strategy, prevMaxMagnitude, newMaxMagnitude);
        _decrease(operator, address(0), strategy, slashed);
        emit OperatorSharesSlashed(operator, strategy, totalDepositSharesToSlash);
        IStrategyManager(STRATEGY_MANAGER).increaseBurnOrRedistributableShares(
            operatorSet,
            slashId,
            strategy,
            totalDepositSharesToSlash
        );
    }

    /// @inheritdoc IDelegationManager
    function depositScalingFactor(address staker, IStrategy strategy) public view returns (uint256) {
        uint256 factor = _factors[staker][strategy];
        return factor == 0 ? WAD : factor;
    }

    /// @dev Counts new deposit shares of a staker, and puts them behind its operator, if it has one.
    function _increase(
        address operator,
        address staker,
        IStrategy strategy,
        uint256 sharesBefore,
        uint256 sharesAdded
    ) internal {
        uint256 magnitude = _magnitude(operator, strategy);
        require(magnitude != 0, FullySlashed());
        if (sharesAdded == 0) return;
        uint256 factor = depositScalingFactor(staker, strategy);
        if (sharesBefore == 0) {
            factor = Math.mulDiv(factor, WAD, magnitude);
        } else {
            uint256 withdrawable = _withdrawable(sharesBefore, factor, magnitude) + sharesAdded;
            factor = Math.mulDiv(Math.mulDiv(withdrawable, WAD, sharesBefore + sharesAdded), WAD, magnitude);
        }
        _setFactor(staker, strategy, factor);
        if (operator == address(0)) return;
        operatorShares[operator][strategy] += sharesAdded;
        emit OperatorSharesIncreased(operator, staker, strategy, sharesAdded);
    }

    function _decrease(address operator, address staker, IStrategy strategy, uint256 shares) internal {
        operatorShares[operator][strategy] -= shares;
        emit OperatorSharesDecreased(operator, staker, strategy, shares);
    }

    /// @dev Notes shares that go into withdrawal and can still be slashed.
    function _noteQueued(address operator, IStrategy strategy, uint256 scaledShares) internal {
        Checkpoints.Trace224 storage queued = _queued[operator][strategy];
        queued.push(uint32(block.number), uint224(queued.latest() + scaledShares));
    }

    function _setFactor(address staker, IStrategy strategy, uint256 factor) internal {
        _factors[staker][strategy] = factor;
        emit DepositScalingFactorUpdated(staker, strategy, factor);
    }

    /// @dev The operator's magnitude now; all of it if there is no operator.
    function _magnitude(address operator, IStrategy strategy) internal view returns (uint256) {
        return IAllocationManager(ALLOCATION_MANAGER).getMaxMagnitude(operator, strategy);
    }

    /// @dev What of the shares that went into withdrawal within the delay a slashing takes. On a chain that is not higher than the
    /// delay, EigenLayer fails to reckon back (panic 0x11), and so does this.
    function _lostInQueue(
        address operator,
        IStrategy strategy,
        uint256 magnitudeBefore,
        uint256 magnitudeAfter
    ) internal view returns (uint256) {
        if (magnitudeBefore == 0) return 0;
        Checkpoints.Trace224 storage queued = _queued[operator][strategy];
        uint32 since = uint32(block.number) - WITHDRAWAL_DELAY - 1;
        uint256 shares = queued.latest() - queued.upperLookupRecent(since);
        return _lost(Math.mulDiv(shares, magnitudeBefore, WAD), magnitudeBefore, magnitudeAfter);
    }

    function _withdrawable(uint256 shares, uint256 factor, uint256 magnitude) internal pure returns (uint256) {
        return Math.mulDiv(Math.mulDiv(shares, factor, WAD), magnitude, WAD);
    }

    /// @dev Rounds in the operator's favour, as EigenLayer does.
    function _lost(uint256 shares, uint256 before, uint256 afterwards) private pure returns (uint256) {
        return shares - Math.mulDiv(shares, afterwards, before, Math.Rounding.Ceil);
    }
}
