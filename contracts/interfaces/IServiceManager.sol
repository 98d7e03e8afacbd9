// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAVSRegistrar} from "./eigenlayer/IAVSRegistrar.sol";
import {IStrategy} from "./eigenlayer/IStrategy.sol";
import {ISettlement} from "./ISettlement.sol";

/// @notice The AVS: Parley's operator set on EigenLayer, and the tables that tell every member who its operators are.
/// Strategies, multipliers and bounds are fixed at construction; there is no owner.
interface IServiceManager is IAVSRegistrar {
    /// @notice An operator joined the operator set.
    event OperatorJoined(address indexed operator);

    /// @notice An operator left the operator set.
    event OperatorLeft(address indexed operator);

    /// @notice A table was taken.
    /// @param tableId Hash of its item.
    /// @param snapshot Now, in seconds.
    /// @param operators Operators in it.
    /// @param totalWeight Sum of their weights.
    event TableTaken(bytes32 indexed tableId, uint256 snapshot, uint256 operators, uint256 totalWeight);

    /// @notice A table was sent to a member.
    event TablePublished(bytes32 indexed tableId, bytes32 indexed member);

    /// @notice Only EigenLayer's AllocationManager may call.
    error NotAllocationManager(address caller);

    /// @notice Another AVS, or another operator set than `OPERATOR_SET_ID`.
    error WrongOperatorSet(address avs);

    /// @notice Register a key at EigenLayer's KeyRegistrar first.
    error MissingKey(address operator);

    /// @notice The operator set is full.
    error TooManyOperators(uint256 max);

    /// @notice Strategies must be strictly ascending, at least one, each with a multiplier; intervals and floor not zero.
    error InvalidConfiguration();

    /// @notice The next table may be taken from `nextTime` (seconds) on.
    error TooEarly(uint256 nextTime);

    /// @notice Nobody in the operator set has a key and weight.
    error NoOperators();

    /// @notice No member is live yet.
    error NoMembers();

    /// @notice No such table was taken.
    error UnknownTable(bytes32 tableId);

    /// @notice No member of this id is registered.
    error UnknownMember(bytes32 member);

    /// @notice Takes a table of the operators as they are now: weight is the stake that stays slashable for
    /// DEALLOCATION_DELAY + 1 blocks, whatever the operator does, times the strategies' multipliers; of three operators or
    /// more none has more than a third of the table's sum. Open to anyone, once per `MIN_INTERVAL`. Reverts with `TooEarly`,
    /// `NoOperators`, `NoMembers`.
    function snapshot() external returns (bytes32 tableId);

    /// @notice Sends a table to a member. Open to anyone, as often as anyone pays for it.
    /// Reverts with `UnknownTable`, `UnknownMember`, or an error of the bridge.
    /// @param tableId A table that was taken.
    /// @param member Id of the member.
    /// @param stackParams See `IL1Bridge.send`.
    function publish(bytes32 tableId, bytes32 member, bytes calldata stackParams) external payable;

    /// @notice A table's item (docs/PROTOCOL.md), of which `tableId` is the hash. Reverts with `UnknownTable`.
    function tableItem(bytes32 tableId) external view returns (bytes memory);

    /// @notice The table that was taken last; zeros if none.
    function latestTable() external view returns (bytes32 tableId, uint256 snapshot);

    /// @notice The strategies whose stake counts, and their multipliers in parts of 1e18.
    function strategies() external view returns (IStrategy[] memory, uint256[] memory multipliers);

    /// @notice EigenLayer's number for Parley's operator set.
    function OPERATOR_SET_ID() external view returns (uint32);

    /// @notice The registry of members.
    function SETTLEMENT() external view returns (ISettlement);

    /// @notice Seconds for which a table verifies certificates.
    function TABLE_AGE() external view returns (uint256);

    /// @notice Least seconds between two tables.
    function MIN_INTERVAL() external view returns (uint256);

    /// @notice A table of less total weight verifies nothing.
    function WEIGHT_FLOOR() external view returns (uint96);
}
