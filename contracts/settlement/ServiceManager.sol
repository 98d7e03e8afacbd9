// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IL1Bridge} from "../interfaces/IL1Bridge.sol";
import {IServiceManager} from "../interfaces/IServiceManager.sol";
import {ISettlement} from "../interfaces/ISettlement.sol";
import {IAllocationManager} from "../interfaces/eigenlayer/IAllocationManager.sol";
import {IAVSRegistrar} from "../interfaces/eigenlayer/IAVSRegistrar.sol";
import {IKeyRegistrar} from "../interfaces/eigenlayer/IKeyRegistrar.sol";
import {IStrategy} from "../interfaces/eigenlayer/IStrategy.sol";
import {OperatorSet} from "../interfaces/eigenlayer/OperatorSet.sol";
import {CodeData} from "../types/CodeData.sol";
import {Item} from "../types/Item.sol";
import {FAULTED, MAX_OPERATORS} from "../types/Table.sol";

/// @notice What a ServiceManager is made of.
/// @param settlement The registry of members.
/// @param allocationManager EigenLayer's AllocationManager.
/// @param keyRegistrar EigenLayer's KeyRegistrar.
/// @param strategies Strategies whose stake counts, strictly ascending.
/// @param multipliers Weight of a share of each, in parts of 1e18.
/// @param metadataURI Where the AVS describes itself.
/// @param tableAge Seconds for which a table verifies certificates.
/// @param minInterval Least seconds between two tables.
/// @param weightFloor A table of less total weight verifies nothing.
struct ServiceManagerConfig {
    ISettlement settlement;
    IAllocationManager allocationManager;
    IKeyRegistrar keyRegistrar;
    IStrategy[] strategies;
    uint256[] multipliers;
    string metadataURI;
    uint256 tableAge;
    uint256 minInterval;
    uint96 weightFloor;
}

/// @title ServiceManager
/// @notice Parley's AVS on EigenLayer.
///
/// OPERATOR SET: one, not redistributing (slashed stake burns), with ECDSA keys of EigenLayer's KeyRegistrar. This contract is
/// its registrar and its slasher; it has no function that slashes.
/// TABLES: taken once, sent to many members. A table is kept as the code of an account of its own, and named by its hash.
/// LIVENESS: anyone may take and send tables; no role can stop it.
contract ServiceManager is IServiceManager {
    /// @inheritdoc IServiceManager
    uint32 public constant OPERATOR_SET_ID = 1;

    /// @dev Scheme of the tables: ECDSA.
    uint8 private constant SCHEME = 1;
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_WEIGHT = type(uint96).max / MAX_OPERATORS;

    /// @inheritdoc IServiceManager
    ISettlement public immutable SETTLEMENT;
    /// @notice EigenLayer's AllocationManager.
    IAllocationManager public immutable ALLOCATION_MANAGER;
    /// @notice EigenLayer's KeyRegistrar.
    IKeyRegistrar public immutable KEY_REGISTRAR;
    /// @inheritdoc IServiceManager
    uint256 public immutable TABLE_AGE;
    /// @inheritdoc IServiceManager
    uint256 public immutable MIN_INTERVAL;
    /// @inheritdoc IServiceManager
    uint96 public immutable WEIGHT_FLOOR;

    IStrategy[] private _strategies;
    uint256[] private _multipliers;

    bytes32 private _latestTable;
    uint256 private _latestSnapshot;
    mapping(bytes32 tableId => address data) private _tables;

    modifier onlyAllocationManager() {
        require(msg.sender == address(ALLOCATION_MANAGER), NotAllocationManager(msg.sender));
        _;
    }

    /// @param config What it is made of, for good.
    constructor(ServiceManagerConfig memory config) {
        require(
            config.strategies.length != 0 &&
                config.strategies.length == config.multipliers.length &&
                config.tableAge != 0 &&
                config.weightFloor != 0,
            InvalidConfiguration()
        );
        for (uint256 i = 0; i < config.strategies.length; ++i) {
            require(
                config.multipliers[i] != 0 &&
                    (i == 0 || address(config.strategies[i]) > address(config.strategies[i - 1])),
                InvalidConfiguration()
            );
        }
        SETTLEMENT = config.settlement;
        ALLOCATION_MANAGER = config.allocationManager;
        KEY_REGISTRAR = config.keyRegistrar;
        TABLE_AGE = config.tableAge;
        MIN_INTERVAL = config.minInterval;
        WEIGHT_FLOOR = config.weightFloor;
        _strategies = config.strategies;
        _multipliers = config.multipliers;

        config.allocationManager.updateAVSMetadataURI(address(this), config.metadataURI);
        IAllocationManager.CreateSetParamsV2[] memory sets = new IAllocationManager.CreateSetParamsV2[](1);
        sets[0] = IAllocationManager.CreateSetParamsV2(OPERATOR_SET_ID, config.strategies, address(this));
        config.allocationManager.createOperatorSets(address(this), sets);
        config.keyRegistrar.configureOperatorSet(_operatorSet(), IKeyRegistrar.CurveType.ECDSA);
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev Reverts with `NotAllocationManager`, `WrongOperatorSet`, `MissingKey`, `TooManyOperators`.
    function registerOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds,
        bytes calldata
    ) external onlyAllocationManager {
        _requireOwnSet(avs, operatorSetIds);
        require(KEY_REGISTRAR.isRegistered(_operatorSet(), operator), MissingKey(operator));
        require(ALLOCATION_MANAGER.getMemberCount(_operatorSet()) <= MAX_OPERATORS, TooManyOperators(MAX_OPERATORS));
        emit OperatorJoined(operator);
    }

    /// @inheritdoc IAVSRegistrar
    /// @dev Reverts with `NotAllocationManager`, `WrongOperatorSet`.
    function deregisterOperator(
        address operator,
        address avs,
        uint32[] calldata operatorSetIds
    ) external onlyAllocationManager {
        _requireOwnSet(avs, operatorSetIds);
        emit OperatorLeft(operator);
    }

    /// @inheritdoc IServiceManager
    function snapshot() external returns (bytes32 tableId) {
        uint256 nextTime = _latestSnapshot + Math.max(MIN_INTERVAL, 1);
        require(block.timestamp >= nextTime, TooEarly(nextTime));
        (uint256[] memory operators, uint256 totalWeight) = _weighOperators();
        bytes memory item = abi.encodePacked(_tableHead(), operators);
        tableId = keccak256(item);
        _latestTable = tableId;
        _latestSnapshot = block.timestamp;
        // STOP first: the account cannot be called to any effect.
        _tables[tableId] = CodeData.deploy(abi.encodePacked(bytes1(0), item));
        emit TableTaken(tableId, block.timestamp, operators.length, totalWeight);
    }

    /// @inheritdoc IServiceManager
    function publish(bytes32 tableId, bytes32 member, bytes calldata stackParams) external payable {
        IL1Bridge bridge = SETTLEMENT.member(member).bridge;
        require(address(bridge) != address(0), UnknownMember(member));
        bytes[] memory items = new bytes[](1);
        items[0] = tableItem(tableId);
        emit TablePublished(tableId, member);
        bridge.send{value: msg.value}(items, msg.sender, stackParams);
    }

    /// @inheritdoc IAVSRegistrar
    function supportsAVS(address avs) external view returns (bool) {
        return avs == address(this);
    }

    /// @inheritdoc IServiceManager
    function latestTable() external view returns (bytes32 tableId, uint256 snapshotTime) {
        return (_latestTable, _latestSnapshot);
    }

    /// @inheritdoc IServiceManager
    function strategies() external view returns (IStrategy[] memory, uint256[] memory multipliers) {
        return (_strategies, _multipliers);
    }

    /// @inheritdoc IServiceManager
    function tableItem(bytes32 tableId) public view returns (bytes memory) {
        address data = _tables[tableId];
        require(data != address(0), UnknownTable(tableId));
        return CodeData.read(data, 1);
    }

    /// @dev Everything of the TABLE item but the operators.
    function _tableHead() private view returns (bytes memory head) {
        (, ISettlement.Member[] memory members) = SETTLEMENT.liveMembers();
        require(members.length != 0, NoMembers());
        // Times in seconds fit 64 bits, the number of live members 8.
        head = abi.encodePacked(
            Item.TABLE,
            SCHEME,
            uint64(block.timestamp),
            uint64(block.timestamp + TABLE_AGE),
            WEIGHT_FLOOR,
            uint8(members.length)
        );
        for (uint256 i = 0; i < members.length; ++i) {
            ISettlement.Member memory member = members[i];
            uint256 since = Math.max(member.settledTime, member.liveFrom);
            head = abi.encodePacked(
                head,
                member.chainId,
                member.gateway,
                uint64(since + member.maxSettleAge),
                member.isFaulted ? FAULTED : 0
            );
        }
    }

    /// @dev The operators that have a key and weight, as words `key ‖ weight`, ascending.
    function _weighOperators() private view returns (uint256[] memory operators, uint256 totalWeight) {
        OperatorSet memory set = _operatorSet();
        address[] memory members = ALLOCATION_MANAGER.getMembers(set);
        // Stake that stays slashable until a lie told on the word of this table can be proven (R32). Block numbers of L1
        // fit 32 bits for 1,600 years.
        uint256[][] memory stakes = ALLOCATION_MANAGER.getMinimumSlashableStake(
            set,
            members,
            _strategies,
            uint32(block.number) + ALLOCATION_MANAGER.DEALLOCATION_DELAY() + 1
        );
        operators = new uint256[](members.length);
        uint256 packed = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 weight = _weightOf(stakes[i]);
            uint256 key = uint160(KEY_REGISTRAR.getECDSAAddress(set, members[i]));
            if (weight == 0 || key == 0) continue;
            operators[packed++] = (key << 96) | weight;
        }
        require(packed != 0, NoOperators());
        // Shortens the array to what was written: packed <= members.length.
        assembly ("memory-safe") {
            mstore(operators, packed)
        }
        operators = _sort(operators);
        totalWeight = _clamp(operators);
    }

    /// @dev Stakes times multipliers; at most what lets 256 weights fit 96 bits.
    function _weightOf(uint256[] memory stakes) private view returns (uint256 weight) {
        for (uint256 i = 0; i < stakes.length; ++i) {
            weight += Math.mulDiv(stakes[i], _multipliers[i], WAD);
        }
        weight = Math.min(weight, MAX_WEIGHT);
    }

    function _requireOwnSet(address avs, uint32[] calldata operatorSetIds) private view {
        require(
            avs == address(this) && operatorSetIds.length == 1 && operatorSetIds[0] == OPERATOR_SET_ID,
            WrongOperatorSet(avs)
        );
    }

    function _operatorSet() private view returns (OperatorSet memory) {
        return OperatorSet(address(this), OPERATOR_SET_ID);
    }

    /// @dev The words, ascending; by merging, because operators choose their keys and with them the order, and a quicksort that
    /// they steer costs millions of gas more.
    function _sort(uint256[] memory words) private pure returns (uint256[] memory sorted) {
        uint256 length = words.length;
        sorted = words;
        uint256[] memory merged = new uint256[](length);
        for (uint256 run = 1; run < length; run *= 2) {
            for (uint256 start = 0; start < length; start += 2 * run) {
                _merge(sorted, merged, start, Math.min(start + run, length), Math.min(start + 2 * run, length));
            }
            (sorted, merged) = (merged, sorted);
        }
    }

    /// @dev Writes what `from` has from `left` to `end`, two ascending runs that meet at `middle`, as one to `to`.
    function _merge(
        uint256[] memory from,
        uint256[] memory to,
        uint256 left,
        uint256 middle,
        uint256 end
    ) private pure {
        uint256 right = middle;
        for (uint256 i = left; i < end; ++i) {
            bool takesLeft = left < middle && (right == end || from[left] < from[right]);
            to[i] = takesLeft ? from[left++] : from[right++];
        }
    }

    /// @dev Cuts weights so that none is more than a third of what they then sum to (R31). Two operators at most can be
    /// above: of one, half of what the others have is a third of the new sum; of two, as much as all others have.
    /// Fewer than three operators cannot each have a third at most: their weights stay.
    function _clamp(uint256[] memory operators) private pure returns (uint256 totalWeight) {
        uint256 heaviest = 0;
        uint256 second = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            // The weight's own bits.
            uint256 weight = uint96(operators[i]);
            totalWeight += weight;
            if (weight > heaviest) (heaviest, second) = (weight, heaviest);
            else if (weight > second) second = weight;
        }
        if (operators.length < 3 || heaviest * 3 <= totalWeight) return totalWeight;

        uint256 cap = (totalWeight - heaviest) / 2;
        if (second > cap) cap = totalWeight - heaviest - second;
        totalWeight = 0;
        for (uint256 i = 0; i < operators.length; ++i) {
            uint256 weight = Math.min(uint96(operators[i]), cap);
            operators[i] = ((operators[i] >> 96) << 96) | weight;
            totalWeight += weight;
        }
    }
}
