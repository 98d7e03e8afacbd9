// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {ISlasher} from "../../interfaces/ISlasher.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IAllocationManagerV18} from "../../interfaces/eigenlayer/IAllocationManagerV18.sol";
import {IKeyRegistrar} from "../../interfaces/eigenlayer/IKeyRegistrar.sol";
import {IPermissionController} from "../../interfaces/eigenlayer/IPermissionController.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {Scheme} from "../../types/Scheme.sol";
import {MAX_OPERATORS} from "../../types/Table.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {Slasher} from "../Slasher.sol";

/// @title Owner of the operator set
/// @notice What Parley is to EigenLayer: an AVS with one operator set, not redistributing (what is slashed burns).
/// This contract is its registrar; the Slasher, which it makes, is its slasher. There is no function to change either, nor
/// the strategies and what they weigh (R30).
abstract contract OperatorSetOwner is IServiceManager {
    /// @inheritdoc IServiceManager
    uint32 public constant OPERATOR_SET_ID = 1;

    /// @dev Most strategies, and most pairs of an operator and a strategy: each costs up to 21,000 gas in a snapshot, which must fit one
    /// transaction (EIP-7825) whoever joins.
    uint256 private constant MAX_STRATEGIES = 4;
    uint256 private constant MAX_STAKES = 2 * MAX_OPERATORS;

    /// @dev The same for BN254, where each operator costs 13,000 gas more.
    uint256 private constant MAX_BN254_STAKES = 400;

    uint256 private constant WAD = 1e18;

    /// @dev At most what lets MAX_OPERATORS weights fit 96 bits together.
    uint256 private constant MAX_WEIGHT = type(uint96).max / MAX_OPERATORS;

    /// @notice EigenLayer's AllocationManager.
    IAllocationManager public immutable ALLOCATION_MANAGER;
    /// @notice EigenLayer's KeyRegistrar.
    IKeyRegistrar public immutable KEY_REGISTRAR;
    /// @inheritdoc IServiceManager
    ISlasher public immutable SLASHER;
    /// @inheritdoc IServiceManager
    uint256 public immutable CAPACITY;

    IStrategy[] private _strategies;
    uint256[] private _multipliers;

    modifier onlyAllocationManager() {
        require(msg.sender == address(ALLOCATION_MANAGER), NotAllocationManager(msg.sender));
        _;
    }

    modifier onlySlasher() {
        require(msg.sender == address(SLASHER), NotSlasher(msg.sender));
        _;
    }

    constructor(ServiceManagerConfig memory config) {
        uint256 length = config.strategies.length;
        require(length != 0 && length <= MAX_STRATEGIES && length == config.multipliers.length, InvalidConfiguration());
        for (uint256 i = 0; i < length; ++i) {
            require(
                config.multipliers[i] != 0 &&
                    (i == 0 || address(config.strategies[i]) > address(config.strategies[i - 1])),
                InvalidConfiguration()
            );
        }
        ALLOCATION_MANAGER = config.allocationManager;
        KEY_REGISTRAR = config.keyRegistrar;
        uint256 maxStakes = config.scheme == Scheme.ECDSA ? MAX_STAKES : MAX_BN254_STAKES;
        CAPACITY = Math.min(MAX_OPERATORS, maxStakes / length);
        _strategies = config.strategies;
        _multipliers = config.multipliers;

        SLASHER = new Slasher(config.settlement, config.allocationManager, config.keyRegistrar, OPERATOR_SET_ID);
        config.allocationManager.updateAVSMetadataURI(address(this), config.metadataURI);
        _createOperatorSet(config.allocationManager, config.strategies, address(SLASHER));
        config.keyRegistrar.configureOperatorSet(
            _operatorSet(),
            config.scheme == Scheme.ECDSA ? IKeyRegistrar.CurveType.ECDSA : IKeyRegistrar.CurveType.BN254
        );
    }

    /// @inheritdoc IServiceManager
    function weightsOf(address[] calldata operators) external view returns (uint256[] memory) {
        return _weightsOf(operators);
    }

    /// @inheritdoc IServiceManager
    function strategies() external view returns (IStrategy[] memory, uint256[] memory multipliers) {
        return (_strategies, _multipliers);
    }

    /// @dev Has EigenLayer remove an operator from the set; ends in `deregisterOperator`.
    function _remove(address operator) internal {
        uint32[] memory ids = new uint32[](1);
        ids[0] = OPERATOR_SET_ID;
        ALLOCATION_MANAGER.deregisterFromOperatorSets(
            IAllocationManager.DeregisterParams({operator: operator, avs: address(this), operatorSetIds: ids})
        );
    }

    /// @dev Stake that stays slashable until a lie told on the word of a table of this block can be punished (R32), times the
    /// multipliers.
    function _weightsOf(address[] memory operators) internal view returns (uint256[] memory weights) {
        // Block numbers of L1 fit 32 bits for 1,600 years.
        uint256[][] memory stakes = ALLOCATION_MANAGER.getMinimumSlashableStake(
            _operatorSet(),
            operators,
            _strategies,
            uint32(block.number) + ALLOCATION_MANAGER.DEALLOCATION_DELAY() + 1
        );
        uint256[] memory multipliers = _multipliers;
        weights = new uint256[](operators.length);
        for (uint256 i = 0; i < operators.length; ++i) {
            uint256 weight = 0;
            for (uint256 j = 0; j < multipliers.length; ++j) {
                weight += Math.mulDiv(stakes[i][j], multipliers[j], WAD);
            }
            weights[i] = Math.min(weight, MAX_WEIGHT);
        }
    }

    function _weightOf(address operator) internal view returns (uint256) {
        address[] memory operators = new address[](1);
        operators[0] = operator;
        return _weightsOf(operators)[0];
    }

    function _operatorSet() internal view returns (OperatorSet memory) {
        return OperatorSet(address(this), OPERATOR_SET_ID);
    }

    /// @dev Makes the set with its slasher. EigenLayer before v1.9 knows none: there the PermissionController lets it slash, and
    /// EigenLayer takes it from there when it is upgraded.
    function _createOperatorSet(
        IAllocationManager allocationManager,
        IStrategy[] memory strategies_,
        address slasher
    ) private {
        bool knowsSlashers;
        try allocationManager.getSlasher(_operatorSet()) returns (address) {
            knowsSlashers = true;
        } catch {
            knowsSlashers = false;
        }
        if (knowsSlashers) {
            IAllocationManager.CreateSetParamsV2[] memory sets = new IAllocationManager.CreateSetParamsV2[](1);
            sets[0] = IAllocationManager.CreateSetParamsV2(OPERATOR_SET_ID, strategies_, slasher);
            allocationManager.createOperatorSets(address(this), sets);
        } else {
            IAllocationManagerV18.CreateSetParams[] memory sets = new IAllocationManagerV18.CreateSetParams[](1);
            sets[0] = IAllocationManagerV18.CreateSetParams(OPERATOR_SET_ID, strategies_);
            IAllocationManagerV18(address(allocationManager)).createOperatorSets(address(this), sets);
            IPermissionController(allocationManager.permissionController()).setAppointee(
                address(this),
                slasher,
                address(allocationManager),
                IAllocationManager.slashOperator.selector
            );
        }
    }
}
