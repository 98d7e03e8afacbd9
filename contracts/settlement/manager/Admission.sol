// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {IAVSRegistrar} from "../../interfaces/eigenlayer/IAVSRegistrar.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {OperatorKeys} from "./OperatorKeys.sol";

/// @title Admission
/// @notice Who is in the operator set (R31): whoever has a key, enough stake, a bond and an endpoint, up to CAPACITY; then who
/// is heavier than another.
///
/// EXIT: nothing here keeps an operator in. It stays slashable for DEALLOCATION_DELAY blocks.
abstract contract Admission is OperatorKeys {
    uint256 private constant MAX_ENDPOINT_LENGTH = 256;

    /// @inheritdoc IServiceManager
    uint96 public immutable MIN_WEIGHT;

    constructor(ServiceManagerConfig memory config) {
        require(config.minWeight != 0, InvalidConfiguration());
        MIN_WEIGHT = config.minWeight;
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev `data` is `abi.encode(string endpoint, address evicted)`; `evicted` matters only if the set is full. Reverts with
    /// `NotAllocationManager`, `WrongOperatorSet`, `Tombstoned`, `MissingKey`, `InsufficientWeight`, `InsufficientBond`,
    /// `InvalidEndpoint`, `TooManyOperators`, `NotLighter`.
    function registerOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds,
        bytes calldata data
    ) external onlyAllocationManager {
        _requireOwnSet(avs, operatorSetIds);
        (string memory endpoint, address evicted) = abi.decode(data, (string, address));
        _requireEndpoint(bytes(endpoint).length);
        require(!SLASHER.isTombstoned(operator), Tombstoned(operator));
        address key = _seat(operator);
        require(bondOf[operator] >= BOND, InsufficientBond(operator, bondOf[operator], BOND));
        uint256 weight = _weightOf(operator);
        require(weight >= MIN_WEIGHT, InsufficientWeight(operator, weight, MIN_WEIGHT));

        emit OperatorJoined(operator, key, endpoint);
        // EigenLayer counts the newcomer already.
        if (ALLOCATION_MANAGER.getMemberCount(_operatorSet()) > CAPACITY) _evict(evicted, weight);
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev Reverts with `NotAllocationManager`, `WrongOperatorSet`.
    function deregisterOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds
    ) external onlyAllocationManager {
        _requireOwnSet(avs, operatorSetIds);
        _unseat(operator);
        emit OperatorLeft(operator);
    }

    /// @inheritdoc IServiceManager
    function changeEndpoint(string calldata endpoint) external {
        require(keyOf[msg.sender] != address(0), NotOperator(msg.sender));
        _requireEndpoint(bytes(endpoint).length);
        emit EndpointChanged(msg.sender, endpoint);
    }

    /// @inheritdoc IServiceManager
    function prune(address[] calldata operators) external {
        uint256[] memory weights = _weightsOf(operators);
        for (uint256 i = 0; i < operators.length; ++i) {
            bool isFit = keyOf[operators[i]] != address(0) && weights[i] >= MIN_WEIGHT;
            if (isFit || !ALLOCATION_MANAGER.isMemberOfOperatorSet(operators[i], _operatorSet())) continue;
            _remove(operators[i]);
        }
    }

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }

    /// @dev Makes room for a heavier operator. EigenLayer refuses to remove one that is no member.
    function _evict(address evicted, uint256 weightOfNewcomer) private {
        require(evicted != address(0), TooManyOperators(CAPACITY));
        uint256 weight = _weightOf(evicted);
        require(weight < weightOfNewcomer, NotLighter(evicted, weight, weightOfNewcomer));
        _remove(evicted);
    }

    function _requireOwnSet(address avs, uint32[] calldata operatorSetIds) private view {
        require(
            avs == address(this) && operatorSetIds.length == 1 && operatorSetIds[0] == OPERATOR_SET_ID,
            WrongOperatorSet(avs)
        );
    }

    function _requireEndpoint(uint256 length) private pure {
        require(length != 0 && length <= MAX_ENDPOINT_LENGTH, InvalidEndpoint(length, MAX_ENDPOINT_LENGTH));
    }
}
