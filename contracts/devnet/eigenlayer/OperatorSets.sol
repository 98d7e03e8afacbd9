// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IAllocationManager} from "../../interfaces/eigenlayer/IAllocationManager.sol";
import {IAVSRegistrar} from "../../interfaces/eigenlayer/IAVSRegistrar.sol";
import {IDelegationManager} from "../../interfaces/eigenlayer/IDelegationManager.sol";
import {IStrategy} from "../../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../../interfaces/eigenlayer/OperatorSet.sol";
import {DEFAULT_BURN_ADDRESS, DELEGATION_MANAGER} from "./EigenLayerAddresses.sol";
import {Pausable} from "./Pausable.sol";
import {Permissioned} from "./Permissioned.sol";

/// @title Part of the AllocationManager's stand-in: AVSs, their operator sets, and who is a member
/// @notice Leaves out adding strategies to a set, changing its slasher, the strategies that no redistributing set may have (beacon
/// chain ETH and EIGEN), and the older forms of `createOperatorSets` without a slasher.
abstract contract OperatorSets is IAllocationManager, Pausable, Permissioned {
    using EnumerableSet for EnumerableSet.AddressSet;
    using EnumerableSet for EnumerableSet.Bytes32Set;
    using EnumerableSet for EnumerableSet.UintSet;

    /// @dev `slashableUntil` is the last block at which one that has left can be slashed.
    struct Registration {
        bool registered;
        uint32 slashableUntil;
    }

    /// @inheritdoc IAllocationManager
    uint32 public constant override DEALLOCATION_DELAY = 100_800;

    /// @dev The bit that pauses who comes and goes.
    uint8 private constant PAUSED_REGISTRATION = 2;

    mapping(address avs => bool described) private _described;
    mapping(address avs => IAVSRegistrar registrar) private _registrar;
    mapping(address avs => EnumerableSet.UintSet ids) private _setsOf;
    mapping(bytes32 setKey => address slasher) private _slasher;
    mapping(bytes32 setKey => address recipient) private _redistributionRecipient;
    mapping(bytes32 setKey => EnumerableSet.AddressSet strategies) private _strategies;
    mapping(bytes32 setKey => EnumerableSet.AddressSet operators) private _members;
    mapping(address operator => EnumerableSet.Bytes32Set setKeys) private _setsEntered;
    mapping(address operator => mapping(bytes32 setKey => Registration registration)) private _registration;

    /// @inheritdoc IAllocationManager
    function updateAVSMetadataURI(address avs, string calldata metadataURI) external onlyFor(avs) {
        _described[avs] = true;
        emit AVSMetadataURIUpdated(avs, metadataURI);
    }

    /// @inheritdoc IAllocationManager
    function setAVSRegistrar(address avs, IAVSRegistrar registrar) external onlyFor(avs) {
        require(registrar.supportsAVS(avs), InvalidAVSRegistrar());
        _registrar[avs] = registrar;
        emit AVSRegistrarSet(avs, registrar);
    }

    /// @inheritdoc IAllocationManager
    function createOperatorSets(address avs, CreateSetParamsV2[] calldata params) external onlyFor(avs) {
        require(_described[avs], NonexistentAVSMetadata());
        for (uint256 i = 0; i < params.length; ++i) {
            _create(avs, params[i], DEFAULT_BURN_ADDRESS);
        }
    }

    /// @inheritdoc IAllocationManager
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParamsV2[] calldata params,
        address[] calldata redistributionRecipients
    ) external onlyFor(avs) {
        require(params.length == redistributionRecipients.length, InputArrayLengthMismatch());
        require(_described[avs], NonexistentAVSMetadata());
        for (uint256 i = 0; i < params.length; ++i) {
            require(redistributionRecipients[i] != address(0), InputAddressZero());
            require(redistributionRecipients[i] != DEFAULT_BURN_ADDRESS, InvalidRedistributionRecipient());
            _create(avs, params[i], redistributionRecipients[i]);
        }
    }

    /// @inheritdoc IAllocationManager
    function removeStrategiesFromOperatorSet(
        address avs,
        uint32 operatorSetId,
        IStrategy[] calldata strategies
    ) external onlyFor(avs) {
        OperatorSet memory set = OperatorSet(avs, operatorSetId);
        require(_exists(set), InvalidOperatorSet());
        for (uint256 i = 0; i < strategies.length; ++i) {
            require(_strategies[set.key()].remove(address(strategies[i])), StrategyNotInOperatorSet());
            emit StrategyRemovedFromOperatorSet(set, strategies[i]);
        }
    }

    /// @inheritdoc IAllocationManager
    function registerForOperatorSets(
        address operator,
        RegisterParams calldata params
    ) external onlyWhenNotPaused(PAUSED_REGISTRATION) onlyFor(operator) {
        require(IDelegationManager(DELEGATION_MANAGER).isOperator(operator), InvalidOperator());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            OperatorSet memory set = OperatorSet(params.avs, params.operatorSetIds[i]);
            bytes32 setKey = set.key();
            require(_exists(set), InvalidOperatorSet());
            require(!_isSlashable(operator, setKey), AlreadyMemberOfSet());
            _setsEntered[operator].add(setKey);
            _members[setKey].add(operator);
            _registration[operator][setKey].registered = true;
            emit OperatorAddedToOperatorSet(operator, set);
        }
        getAVSRegistrar(params.avs).registerOperator(operator, params.avs, params.operatorSetIds, params.data);
    }

    /// @inheritdoc IAllocationManager
    function deregisterFromOperatorSets(
        DeregisterParams calldata params
    ) external onlyWhenNotPaused(PAUSED_REGISTRATION) {
        require(_mayActFor(params.operator) || _mayActFor(params.avs), InvalidCaller());
        for (uint256 i = 0; i < params.operatorSetIds.length; ++i) {
            OperatorSet memory set = OperatorSet(params.avs, params.operatorSetIds[i]);
            bytes32 setKey = set.key();
            require(_exists(set), InvalidOperatorSet());
            require(_registration[params.operator][setKey].registered, NotMemberOfSet());
            _setsEntered[params.operator].remove(setKey);
            _members[setKey].remove(params.operator);
            _registration[params.operator][setKey] = Registration({
                registered: false,
                slashableUntil: uint32(block.number) + DEALLOCATION_DELAY
            });
            emit OperatorRemovedFromOperatorSet(params.operator, set);
        }
        getAVSRegistrar(params.avs).deregisterOperator(params.operator, params.avs, params.operatorSetIds);
    }

    /// @inheritdoc IAllocationManager
    function getAVSRegistrar(address avs) public view returns (IAVSRegistrar) {
        IAVSRegistrar registrar = _registrar[avs];
        return address(registrar) == address(0) ? IAVSRegistrar(avs) : registrar;
    }

    /// @inheritdoc IAllocationManager
    function isOperatorSet(OperatorSet calldata operatorSet) external view returns (bool) {
        return _exists(operatorSet);
    }

    /// @inheritdoc IAllocationManager
    function getOperatorSetCount(address avs) external view returns (uint256) {
        return _setsOf[avs].length();
    }

    /// @inheritdoc IAllocationManager
    function getSlasher(OperatorSet memory operatorSet) public view returns (address) {
        return _slasher[operatorSet.key()];
    }

    /// @inheritdoc IAllocationManager
    function isRedistributingOperatorSet(OperatorSet calldata operatorSet) external view returns (bool) {
        return getRedistributionRecipient(operatorSet) != DEFAULT_BURN_ADDRESS;
    }

    /// @inheritdoc IAllocationManager
    function getRedistributionRecipient(OperatorSet calldata operatorSet) public view returns (address) {
        address recipient = _redistributionRecipient[operatorSet.key()];
        return recipient == address(0) ? DEFAULT_BURN_ADDRESS : recipient;
    }

    /// @inheritdoc IAllocationManager
    function getStrategiesInOperatorSet(
        OperatorSet calldata operatorSet
    ) external view returns (IStrategy[] memory strategies) {
        address[] memory listed = _strategies[operatorSet.key()].values();
        strategies = new IStrategy[](listed.length);
        for (uint256 i = 0; i < listed.length; ++i) {
            strategies[i] = IStrategy(listed[i]);
        }
    }

    /// @inheritdoc IAllocationManager
    function getMembers(OperatorSet calldata operatorSet) external view returns (address[] memory) {
        return _members[operatorSet.key()].values();
    }

    /// @inheritdoc IAllocationManager
    function getMemberCount(OperatorSet calldata operatorSet) public view virtual returns (uint256) {
        return _members[operatorSet.key()].length();
    }

    /// @inheritdoc IAllocationManager
    function isMemberOfOperatorSet(address operator, OperatorSet calldata operatorSet) external view returns (bool) {
        return _members[operatorSet.key()].contains(operator);
    }

    /// @inheritdoc IAllocationManager
    function getRegisteredSets(address operator) external view returns (OperatorSet[] memory sets) {
        bytes32[] memory setKeys = _setsEntered[operator].values();
        sets = new OperatorSet[](setKeys.length);
        for (uint256 i = 0; i < setKeys.length; ++i) {
            sets[i] = OperatorSet(address(bytes20(setKeys[i])), uint32(uint256(setKeys[i])));
        }
    }

    /// @inheritdoc IAllocationManager
    function isOperatorSlashable(address operator, OperatorSet calldata operatorSet) external view returns (bool) {
        return _isSlashable(operator, operatorSet.key());
    }

    function _exists(OperatorSet memory set) internal view returns (bool) {
        return _setsOf[set.avs].contains(set.id);
    }

    function _isSlashable(address operator, bytes32 setKey) internal view returns (bool) {
        Registration storage registration = _registration[operator][setKey];
        return registration.registered || block.number <= registration.slashableUntil;
    }

    function _usesStrategy(bytes32 setKey, IStrategy strategy) internal view returns (bool) {
        return _strategies[setKey].contains(address(strategy));
    }

    function _create(address avs, CreateSetParamsV2 calldata params, address recipient) private {
        OperatorSet memory set = OperatorSet(avs, params.operatorSetId);
        bytes32 setKey = set.key();
        require(_setsOf[avs].add(set.id), InvalidOperatorSet());
        emit OperatorSetCreated(set);
        if (recipient != DEFAULT_BURN_ADDRESS) {
            _redistributionRecipient[setKey] = recipient;
            emit RedistributionAddressSet(set, recipient);
        }
        for (uint256 i = 0; i < params.strategies.length; ++i) {
            IStrategy strategy = params.strategies[i];
            require(_strategies[setKey].add(address(strategy)), StrategyAlreadyInOperatorSet());
            emit StrategyAddedToOperatorSet(set, strategy);
        }
        require(params.slasher != address(0), InputAddressZero());
        _slasher[setKey] = params.slasher;
        emit SlasherUpdated(set, params.slasher, uint32(block.number));
    }
}
