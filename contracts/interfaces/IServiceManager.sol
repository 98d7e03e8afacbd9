// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAVSRegistrar} from "./eigenlayer/IAVSRegistrar.sol";
import {IRewardsCoordinator} from "./eigenlayer/IRewardsCoordinator.sol";
import {IStrategy} from "./eigenlayer/IStrategy.sol";
import {G2Point} from "../types/Bn254.sol";
import {ISettlement} from "./ISettlement.sol";
import {ISlasher} from "./ISlasher.sol";

/// @notice The AVS: Parley's operator set on EigenLayer, and the tables that tell every member who its operators are.
/// Everything is fixed at construction; there is no owner.
interface IServiceManager is IAVSRegistrar {
    /// @notice An operator joined the operator set.
    /// @param operator EigenLayer's operator.
    /// @param key What it signs with: ECDSA, the key's address; BN254, its key id (docs/PROTOCOL.md).
    /// @param endpoint Where it answers.
    event OperatorJoined(address indexed operator, address indexed key, string endpoint);

    /// @notice An operator answers elsewhere now.
    event EndpointChanged(address indexed operator, string endpoint);

    /// @notice An operator left the operator set, by itself or because it was evicted or pruned.
    event OperatorLeft(address indexed operator);

    /// @notice Wei were added to an operator's bond.
    event BondDeposited(address indexed operator, uint256 amount);

    /// @notice An operator took back wei of its bond.
    event BondWithdrawn(address indexed operator, uint256 amount, address to);

    /// @notice A convicted operator lost wei of its bond: `bounty` went to the reporter, `burned` to nobody.
    event BondForfeited(address indexed operator, address indexed reporter, uint256 bounty, uint256 burned);

    /// @notice A reporter took its bounties.
    event BountyWithdrawn(address indexed reporter, uint256 amount, address to);

    /// @notice A table was taken.
    /// @param tableId Hash of its item.
    /// @param snapshot Now, in seconds.
    /// @param operators Operators in it.
    /// @param totalWeight Sum of their weights.
    event TableTaken(bytes32 indexed tableId, uint256 snapshot, uint256 operators, uint256 totalWeight);

    /// @notice A table was sent to a member.
    event TablePublished(bytes32 indexed tableId, bytes32 indexed member);

    /// @notice A table, and all before it, were revoked: two quorums of it contradicted each other.
    event TableRevoked(bytes32 indexed tableId, uint256 snapshot);

    /// @notice A member was sent the revocation of all tables up to a snapshot.
    event RevocationPublished(uint256 snapshot, bytes32 indexed member);

    /// @notice Only EigenLayer's AllocationManager may call.
    error NotAllocationManager(address caller);

    /// @notice Only the Slasher may call.
    error NotSlasher(address caller);

    /// @notice Another AVS, or another operator set than `OPERATOR_SET_ID`.
    error WrongOperatorSet(address avs);

    /// @notice Register a key at EigenLayer's KeyRegistrar first.
    error MissingKey(address operator);

    /// @notice The operator was convicted: it never joins again.
    error Tombstoned(address operator);

    /// @notice The stake that the operator lets Parley slash weighs less than `MIN_WEIGHT`.
    error InsufficientWeight(address operator, uint256 weight, uint256 minWeight);

    /// @notice Deposit a bond first.
    error InsufficientBond(address operator, uint256 bond, uint256 required);

    /// @notice An endpoint is 1 to `max` bytes long.
    error InvalidEndpoint(uint256 length, uint256 max);

    /// @notice The operator is no member of the operator set.
    error NotOperator(address account);

    /// @notice The operator set is full: name a lighter operator to evict.
    error TooManyOperators(uint256 max);

    /// @notice The operator to be evicted weighs no less than the one that joins.
    error NotLighter(address evicted, uint256 weight, uint256 weightOfNewcomer);

    /// @notice The operator is a member, or left less than DEALLOCATION_DELAY blocks ago: its bond answers for what it signed.
    error StillLiable(address operator);

    /// @notice Nothing is to be withdrawn, or less than was asked for.
    error InsufficientBalance(uint256 amount, uint256 balance);

    /// @notice Strategies must be strictly ascending, at least one and at most four, each with a multiplier; the weight floor, the
    /// least weight and the least number of operators are not zero; the scheme is known.
    error InvalidConfiguration();

    /// @notice Tables of this age would still count when the stake behind them may be gone; at most `max` seconds.
    error TableAgeTooLong(uint256 tableAge, uint256 max);

    /// @notice The next table may be taken from `nextTime` (seconds) on.
    error TooEarly(uint256 nextTime);

    /// @notice Fewer operators than `MIN_OPERATORS` have a key and weight.
    error TooFewOperators(uint256 operators, uint256 min);

    /// @notice The table would verify nothing.
    error WeightBelowFloor(uint256 totalWeight, uint256 floor);

    /// @notice No member is live yet.
    error NoMembers();

    /// @notice The operators sign in this scheme.
    error WrongScheme(uint8 scheme);

    /// @notice It is not the sum of the keys of those who are in the table now, or they cancel each other out.
    error WrongAggregateKey();

    /// @notice No such table was taken.
    error UnknownTable(bytes32 tableId);

    /// @notice The table is revoked.
    error RevokedTable(bytes32 tableId);

    /// @notice No table was revoked.
    error NothingRevoked();

    /// @notice No member of this id is registered.
    error UnknownMember(bytes32 member);

    /// @notice Adds the call's value to an operator's bond. Open to anyone; what is deposited is the operator's.
    /// Reverts with `Tombstoned`.
    function depositBond(address operator) external payable;

    /// @notice Pays wei of the caller's bond out, once it can no longer be slashed for anything it signed as an operator.
    /// Reverts with `StillLiable`, `InsufficientBalance`, or as the recipient does.
    function withdrawBond(uint256 amount, address payable to) external;

    /// @notice Pays all of the caller's bounties out. Reverts with `InsufficientBalance`, or as the recipient does.
    function withdrawBounty(address payable to) external;

    /// @notice Says where the calling operator answers now. Reverts with `NotOperator`, `InvalidEndpoint`.
    function changeEndpoint(string calldata endpoint) external;

    /// @notice Removes operators from the operator set that were convicted, or weigh less than `MIN_WEIGHT`. Leaves the others of the
    /// list alone. Open to anyone. What is removed stays slashable for DEALLOCATION_DELAY blocks, as if it had left by itself.
    function prune(address[] calldata operators) external;

    /// @notice Takes a table of the operators as they are now: weight is the stake that stays slashable for
    /// DEALLOCATION_DELAY + 1 blocks, whatever the operator does, times the strategies' multipliers; of three operators or
    /// more none has more than a third of the table's sum. Open to anyone, once per `MIN_INTERVAL`, and once more as soon as an
    /// operator was convicted or the latest table revoked. For the ECDSA scheme. Reverts with `WrongScheme`, `TooEarly`,
    /// `TooFewOperators`, `WeightBelowFloor`, `NoMembers`.
    function snapshot() external returns (bytes32 tableId);

    /// @notice The same for the BN254 scheme. Reverts as `snapshot` does, and with `WrongAggregateKey`.
    /// @param aggregateKey Sum of the keys in G2, as EigenLayer's KeyRegistrar has them, of the members of the operator set with a seat
    /// (`keyOf`) and a weight of `MIN_WEIGHT` (`weightsOf`).
    function snapshotBn254(G2Point calldata aggregateKey) external returns (bytes32 tableId);

    /// @notice Sends a table to a member. Open to anyone, as often as anyone pays for it.
    /// Reverts with `UnknownTable`, `RevokedTable`, `UnknownMember`, or an error of the bridge.
    /// @param tableId A table that was taken.
    /// @param member Id of the member.
    /// @param stackParams See `IL1Bridge.send`.
    function publish(bytes32 tableId, bytes32 member, bytes calldata stackParams) external payable;

    /// @notice Sends a member the revocation of all tables up to the latest that was revoked. Open to anyone, as often as anyone pays
    /// for it. Reverts with `NothingRevoked`, `UnknownMember`, or an error of the bridge.
    /// @param member Id of the member.
    /// @param stackParams See `IL1Bridge.send`.
    function publishRevocation(bytes32 member, bytes calldata stackParams) external payable;

    /// @notice Rewards operators and their stakers through EigenLayer, with the caller's tokens, which it has approved this contract
    /// for. Open to anyone. Reverts as the token or EigenLayer's RewardsCoordinator do.
    function rewardOperators(IRewardsCoordinator.OperatorDirectedRewardsSubmission[] calldata submissions) external;

    /// @notice An operator was convicted: it loses its seat, and of its bond all (`isGravest`) or a half, of which half is the
    /// reporter's and half burns. The Slasher alone, else `NotSlasher`.
    function onConvicted(address operator, address reporter, bool isGravest) external;

    /// @notice Two quorums of a table contradicted each other: it is revoked with all before it. Does nothing if it is already.
    /// The Slasher alone, else `NotSlasher`.
    function onRevoked(bytes32 tableId) external;

    /// @notice What an operator signs with; zero if it has no seat: it is no member, or was convicted.
    function keyOf(address operator) external view returns (address);

    /// @notice Weights of operators in a table taken now, before the clamp to a third; zero for one without stake here.
    function weightsOf(address[] calldata operators) external view returns (uint256[] memory);

    /// @notice Wei of an operator's bond.
    function bondOf(address operator) external view returns (uint256);

    /// @notice Wei of bounties that wait for a reporter.
    function bountyOf(address reporter) external view returns (uint256);

    /// @notice A table's item (docs/PROTOCOL.md), of which `tableId` is the hash, also after it was revoked.
    /// Reverts with `UnknownTable`.
    function tableItem(bytes32 tableId) external view returns (bytes memory);

    /// @notice Number of L1's block in which a table was taken. Reverts with `UnknownTable`.
    function tableBlock(bytes32 tableId) external view returns (uint256);

    /// @notice The table that was taken last; zeros if none, or if it was revoked.
    function latestTable() external view returns (bytes32 tableId, uint256 snapshot);

    /// @notice All tables with a snapshot up to this one (seconds) are revoked; zero if none.
    function revokedUntil() external view returns (uint256);

    /// @notice The strategies whose stake counts, and their multipliers in parts of 1e18.
    function strategies() external view returns (IStrategy[] memory, uint256[] memory multipliers);

    /// @notice What operators sign with, and the scheme of the tables: 1 ECDSA, 2 BN254.
    function SCHEME() external view returns (uint8);

    /// @notice EigenLayer's number for Parley's operator set.
    function OPERATOR_SET_ID() external view returns (uint32);

    /// @notice Who convicts operators, and alone may slash them.
    function SLASHER() external view returns (ISlasher);

    /// @notice The registry of members.
    function SETTLEMENT() external view returns (ISettlement);

    /// @notice Seconds for which a table verifies certificates.
    function TABLE_AGE() external view returns (uint256);

    /// @notice Least seconds between two tables.
    function MIN_INTERVAL() external view returns (uint256);

    /// @notice A table of less total weight is not taken, and verifies nothing.
    function WEIGHT_FLOOR() external view returns (uint96);

    /// @notice An operator of less weight is not admitted, and in no table.
    function MIN_WEIGHT() external view returns (uint96);

    /// @notice Least number of operators in a table.
    function MIN_OPERATORS() external view returns (uint256);

    /// @notice Most operators in the set: 256, and fewer if there are more than two strategies (BN254: more than one).
    function CAPACITY() external view returns (uint256);

    /// @notice Wei of bond with which an operator may join.
    function BOND() external view returns (uint256);
}
