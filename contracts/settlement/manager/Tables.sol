// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IL1Bridge} from "../../interfaces/IL1Bridge.sol";
import {IServiceManager} from "../../interfaces/IServiceManager.sol";
import {ISettlement} from "../../interfaces/ISettlement.sol";
import {areKeysOfOne, G1Point, G2Point} from "../../types/Bn254.sol";
import {Bn254Operators, packOperators} from "../../types/Bn254Operators.sol";
import {CodeData} from "../../types/CodeData.sol";
import {Item} from "../../types/Item.sol";
import {Scheme} from "../../types/Scheme.sol";
import {FAULTED} from "../../types/Table.sol";
import {clampWeights, sortWords} from "../../types/TableOperators.sol";
import {ServiceManagerConfig} from "../ServiceManagerConfig.sol";
import {Admission} from "./Admission.sol";

/// @title Tables
/// @notice Operator tables: taken once, sent to many members. A table is kept as the code of an account of its own, and named by
/// its hash.
///
/// LIVENESS: anyone may take and send tables; no role can stop it. A table that would verify nothing is not taken, so it cannot
/// take the place of one that does.
/// BN254: the sum of the operators' keys in G2 is brought by whoever takes a table, and checked against their keys in G1: what one
/// brings holds up nobody else.
/// FORWARD: each has a second of its own. What is revoked is never sent again (invariant 7).
/// TIME: a table is in force for less time than the stake behind it stays slashable (invariant 8, docs/SECURITY.md).
abstract contract Tables is Admission {
    /// @dev Where a table is. Seconds of 40 bits and block numbers of 48 last for ever.
    struct Taken {
        address data;
        uint48 blockNumber;
        uint40 snapshot;
    }

    /// @dev The shortest slot that L1 may plausibly have while EigenLayer counts its delay in blocks, seconds (EIP-7782).
    uint256 private constant SHORTEST_SLOT = 6;

    /// @dev How far a rollup's clock may be behind L1's (a table expires by it), and ahead of it; and how long a conviction may take
    /// to get onto L1, seconds (R33). The farthest behind is a ZK Stack chain's.
    uint256 private constant CLOCK_LAG = 3 days;
    uint256 private constant CLOCK_DRIFT = 1 hours;
    uint256 private constant EXECUTION_MARGIN = 36 hours;

    /// @inheritdoc IServiceManager
    ISettlement public immutable SETTLEMENT;
    /// @inheritdoc IServiceManager
    uint256 public immutable TABLE_AGE;
    /// @inheritdoc IServiceManager
    uint256 public immutable MIN_INTERVAL;
    /// @inheritdoc IServiceManager
    uint96 public immutable WEIGHT_FLOOR;
    /// @inheritdoc IServiceManager
    uint256 public immutable MIN_OPERATORS;

    bytes32 private _latestTable;
    uint40 private _latestSnapshot;
    uint40 private _revokedUntil;

    /// @dev Whether the next table need not wait for the interval.
    bool private _isUrgent;

    mapping(bytes32 tableId => Taken) private _tables;

    constructor(ServiceManagerConfig memory config) {
        require(config.tableAge != 0 && config.weightFloor != 0 && config.minOperators != 0, InvalidConfiguration());
        uint256 slashable = config.allocationManager.DEALLOCATION_DELAY() * SHORTEST_SLOT;
        uint256 maxAge = slashable - Math.min(slashable, CLOCK_LAG + CLOCK_DRIFT + EXECUTION_MARGIN);
        require(config.tableAge < maxAge, TableAgeTooLong(config.tableAge, maxAge));
        SETTLEMENT = config.settlement;
        TABLE_AGE = config.tableAge;
        MIN_INTERVAL = config.minInterval;
        WEIGHT_FLOOR = config.weightFloor;
        MIN_OPERATORS = config.minOperators;
    }

    /// @inheritdoc IServiceManager
    function snapshot() external returns (bytes32 tableId) {
        _requireTurn(Scheme.ECDSA);
        (uint256[] memory operators, uint256 totalWeight) = _weighOperators();
        return _take(abi.encodePacked(_tableHead(), operators), operators.length, totalWeight);
    }

    /// @inheritdoc IServiceManager
    function snapshotBn254(G2Point calldata aggregateKey) external returns (bytes32 tableId) {
        _requireTurn(Scheme.BN254);
        (Bn254Operators memory operators, uint256 totalWeight) = _weighBn254Operators();
        require(areKeysOfOne(operators.sum(), aggregateKey), WrongAggregateKey());
        bytes memory item = abi.encodePacked(_tableHead(), abi.encode(aggregateKey), operators.packed);
        return _take(item, operators.count(), totalWeight);
    }

    /// @inheritdoc IServiceManager
    function publish(bytes32 tableId, bytes32 member, bytes calldata stackParams) external payable {
        bytes memory item = tableItem(tableId);
        require(_tables[tableId].snapshot > _revokedUntil, RevokedTable(tableId));
        emit TablePublished(tableId, member);
        _send(item, member, stackParams);
    }

    /// @inheritdoc IServiceManager
    function publishRevocation(bytes32 member, bytes calldata stackParams) external payable {
        require(_revokedUntil != 0, NothingRevoked());
        emit RevocationPublished(_revokedUntil, member);
        _send(abi.encodePacked(Item.REVOKED, uint64(_revokedUntil)), member, stackParams);
    }

    /// @inheritdoc IServiceManager
    function onRevoked(bytes32 tableId) external onlySlasher {
        uint40 taken = _tables[tableId].snapshot;
        if (taken <= _revokedUntil) return;
        _revokedUntil = taken;
        if (tableId == _latestTable) _isUrgent = true;
        emit TableRevoked(tableId, taken);
    }

    /// @inheritdoc IServiceManager
    function latestTable() external view returns (bytes32 tableId, uint256 snapshotTime) {
        if (_latestSnapshot > _revokedUntil) return (_latestTable, _latestSnapshot);
    }

    /// @inheritdoc IServiceManager
    function revokedUntil() external view returns (uint256) {
        return _revokedUntil;
    }

    /// @inheritdoc IServiceManager
    function tableBlock(bytes32 tableId) external view returns (uint256) {
        Taken storage taken = _tables[tableId];
        require(taken.data != address(0), UnknownTable(tableId));
        return taken.blockNumber;
    }

    /// @inheritdoc IServiceManager
    function tableItem(bytes32 tableId) public view returns (bytes memory) {
        address data = _tables[tableId].data;
        require(data != address(0), UnknownTable(tableId));
        return CodeData.read(data, 1);
    }

    /// @dev Lets the next table be taken at once.
    function _hurry() internal {
        _isUrgent = true;
    }

    function _send(bytes memory item, bytes32 member, bytes calldata stackParams) private {
        IL1Bridge bridge = SETTLEMENT.member(member).bridge;
        require(address(bridge) != address(0), UnknownMember(member));
        bytes[] memory items = new bytes[](1);
        items[0] = item;
        bridge.send{value: msg.value}(items, msg.sender, stackParams);
    }

    /// @dev Keeps a table's item, and makes it the latest.
    function _take(bytes memory item, uint256 operators, uint256 totalWeight) private returns (bytes32 tableId) {
        tableId = keccak256(item);
        _latestTable = tableId;
        // Seconds fit 40 bits for 34,000 years, block numbers 48 for longer.
        _latestSnapshot = uint40(block.timestamp);
        _isUrgent = false;
        // STOP first: the account cannot be called to any effect.
        address data = CodeData.deploy(abi.encodePacked(bytes1(0), item));
        _tables[tableId] = Taken(data, uint48(block.number), uint40(block.timestamp));
        emit TableTaken(tableId, block.timestamp, operators, totalWeight);
    }

    /// @dev Reverts unless the next table may be taken, and is of this scheme.
    function _requireTurn(uint8 scheme) private view {
        require(scheme == SCHEME, WrongScheme(SCHEME));
        uint256 nextTime = _latestSnapshot + (_isUrgent ? 1 : Math.max(MIN_INTERVAL, 1));
        require(block.timestamp >= nextTime, TooEarly(nextTime));
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

    /// @dev The operators with a seat and enough weight, as words `key ‖ weight`, ascending.
    function _weighOperators() private view returns (uint256[] memory operators, uint256 totalWeight) {
        address[] memory members = ALLOCATION_MANAGER.getMembers(_operatorSet());
        uint256[] memory weights = _weightsOf(members);
        operators = new uint256[](members.length);
        uint256 packed = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            uint256 key = uint160(keyOf[members[i]]);
            if (key == 0 || weights[i] < MIN_WEIGHT) continue;
            operators[packed++] = (key << 96) | weights[i];
        }
        require(packed >= MIN_OPERATORS, TooFewOperators(packed, MIN_OPERATORS));
        // Shortens the array to what was written: packed <= members.length.
        assembly ("memory-safe") {
            mstore(operators, packed)
        }
        operators = sortWords(operators);
        totalWeight = clampWeights(operators);
        require(totalWeight >= WEIGHT_FLOOR, WeightBelowFloor(totalWeight, WEIGHT_FLOOR));
    }

    /// @dev The operators with a seat and enough weight, in a table's order.
    function _weighBn254Operators() private view returns (Bn254Operators memory operators, uint256 totalWeight) {
        address[] memory members = ALLOCATION_MANAGER.getMembers(_operatorSet());
        uint256[] memory weights = _weightsOf(members);
        G1Point[] memory keys = new G1Point[](members.length);
        uint256 packed = 0;
        for (uint256 i = 0; i < members.length; ++i) {
            if (weights[i] < MIN_WEIGHT) continue;
            G1Point memory key = _pointOf[members[i]];
            if (key.isIdentity()) continue;
            keys[packed] = key;
            weights[packed++] = weights[i];
        }
        require(packed >= MIN_OPERATORS, TooFewOperators(packed, MIN_OPERATORS));
        // Shortens the arrays to what was written: packed <= members.length.
        assembly ("memory-safe") {
            mstore(keys, packed)
            mstore(weights, packed)
        }
        (operators, totalWeight) = packOperators(keys, weights);
        require(totalWeight >= WEIGHT_FLOOR, WeightBelowFloor(totalWeight, WEIGHT_FLOOR));
    }
}
