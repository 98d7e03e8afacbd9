// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAVSRegistrar} from "./IAVSRegistrar.sol";
import {IPausable} from "./IPausable.sol";
import {IPermissioned} from "./IPermissioned.sol";
import {IStrategy} from "./IStrategy.sol";
import {OperatorSet} from "./OperatorSet.sol";

/// @title EigenLayer's AllocationManager, as far as Parley meets it (EigenLayer v1.9 and later)
/// @notice Keeps operator sets, their members, and how much of an operator's stake each set may slash. Stake is divided by *magnitude*,
/// parts of 1e18 per operator and strategy. All delays and times are in blocks. "For the AVS" and "for the operator" mean: itself or
/// whom it permits, else InvalidPermissions.
/// Slashing takes magnitude away for good, and with it that part of the stake behind the operator.
/// Leaves out changes of a slasher, and adding strategies. Bits of IPausable: 0 modifyAllocations, 1 slashOperator,
/// 2 registerForOperatorSets and deregisterFromOperatorSets; each reverts with CurrentlyPaused while its bit is set.
interface IAllocationManager is IPermissioned, IPausable {
    /// @notice A new operator set (EigenLayer's `CreateSetParamsV2`).
    /// @param operatorSetId The AVS's number for it.
    /// @param strategies The strategies whose stake it may slash.
    /// @param slasher Who may slash.
    // The order is EigenLayer's.
    // solhint-disable-next-line gas-struct-packing
    struct CreateSetParamsV2 {
        uint32 operatorSetId;
        IStrategy[] strategies;
        address slasher;
    }

    /// @notice Sets to enter.
    /// @param avs Whose sets.
    /// @param operatorSetIds Which.
    /// @param data Handed to the registrar.
    struct RegisterParams {
        address avs;
        uint32[] operatorSetIds;
        bytes data;
    }

    /// @notice Sets to leave.
    /// @param operator Who leaves.
    /// @param avs Whose sets.
    /// @param operatorSetIds Which.
    struct DeregisterParams {
        address operator;
        address avs;
        uint32[] operatorSetIds;
    }

    /// @notice What to slash.
    /// @param operator Whom.
    /// @param operatorSetId In which set of the AVS.
    /// @param strategies Strategies of the set, strictly ascending.
    /// @param wadsToSlash For each, the part of what the set may slash, of 1e18; not zero.
    /// @param description For people.
    // The order is EigenLayer's.
    // solhint-disable-next-line gas-struct-packing
    struct SlashingParams {
        address operator;
        uint32 operatorSetId;
        IStrategy[] strategies;
        uint256[] wadsToSlash;
        string description;
    }

    /// @notice New magnitudes in one operator set.
    /// @param operatorSet The set.
    /// @param strategies The strategies.
    /// @param newMagnitudes For each strategy, the magnitude the set may slash from then on, of 1e18.
    struct AllocateParams {
        OperatorSet operatorSet;
        IStrategy[] strategies;
        uint64[] newMagnitudes;
    }

    /// @notice One operator's allocation of one strategy to one set.
    /// @param currentMagnitude What the set may slash now.
    /// @param pendingDiff The change that is on its way; zero if none.
    /// @param effectBlock The first block at which that change counts; zero if none.
    struct Allocation {
        uint64 currentMagnitude;
        int128 pendingDiff;
        uint32 effectBlock;
    }

    /// @notice `operator`'s allocation delay is `delay` from `effectBlock`.
    event AllocationDelaySet(address operator, uint32 delay, uint32 effectBlock);

    /// @notice `slasher` may slash in `operatorSet` from `effectBlock`.
    event SlasherUpdated(OperatorSet operatorSet, address slasher, uint32 effectBlock);

    /// @notice `operator`'s allocation is `magnitude` from `effectBlock`.
    event AllocationUpdated(
        address operator,
        OperatorSet operatorSet,
        IStrategy strategy,
        uint64 magnitude,
        uint32 effectBlock
    );

    /// @notice `operator` has `encumberedMagnitude` of `strategy` allocated, on its way in, or not yet free again.
    event EncumberedMagnitudeUpdated(address operator, IStrategy strategy, uint64 encumberedMagnitude);

    /// @notice All of `operator`'s magnitude of `strategy` is `maxMagnitude`.
    event MaxMagnitudeUpdated(address operator, IStrategy strategy, uint64 maxMagnitude);

    /// @notice `operator` lost `wadSlashed` of its stake, of 1e18, strategy by strategy.
    event OperatorSlashed(
        address operator,
        OperatorSet operatorSet,
        IStrategy[] strategies,
        uint256[] wadSlashed,
        string description
    );

    /// @notice `registrar` speaks for `avs`.
    event AVSRegistrarSet(address avs, IAVSRegistrar registrar);

    /// @notice Where `avs` describes itself; kept in no storage.
    event AVSMetadataURIUpdated(address indexed avs, string metadataURI);

    /// @notice `operatorSet` exists.
    event OperatorSetCreated(OperatorSet operatorSet);

    /// @notice What `operatorSet` slashes goes to `redistributionRecipient`.
    event RedistributionAddressSet(OperatorSet operatorSet, address redistributionRecipient);

    /// @notice `operatorSet` may slash stake of `strategy`.
    event StrategyAddedToOperatorSet(OperatorSet operatorSet, IStrategy strategy);

    /// @notice `operatorSet` may slash stake of `strategy` no more.
    event StrategyRemovedFromOperatorSet(OperatorSet operatorSet, IStrategy strategy);

    /// @notice `operator` is a member of `operatorSet`.
    event OperatorAddedToOperatorSet(address indexed operator, OperatorSet operatorSet);

    /// @notice `operator` is no member of `operatorSet` any more.
    event OperatorRemovedFromOperatorSet(address indexed operator, OperatorSet operatorSet);

    /// @notice Two lists that belong together differ in length.
    error InputArrayLengthMismatch();

    /// @notice The address is zero.
    error InputAddressZero();

    /// @notice The registrar does not support the AVS.
    error InvalidAVSRegistrar();

    /// @notice The caller may act neither for the operator nor for the AVS.
    error InvalidCaller();

    /// @notice The account is not an operator.
    error InvalidOperator();

    /// @notice The operator set does not exist; at creation: it exists already.
    error InvalidOperatorSet();

    /// @notice Nobody can be named as the recipient of what is to burn.
    error InvalidRedistributionRecipient();

    /// @notice The AVS has not described itself yet (`updateAVSMetadataURI`).
    error NonexistentAVSMetadata();

    /// @notice The operator has no allocation delay yet.
    error UninitializedAllocationDelay();

    /// @notice The operator is a member, or still slashable after having been one.
    error AlreadyMemberOfSet();

    /// @notice The operator is not a member.
    error NotMemberOfSet();

    /// @notice The operator is no member, and its time of being slashable is over.
    error OperatorNotSlashable();

    /// @notice A part to slash is zero, or more than 1e18.
    error InvalidWadToSlash();

    /// @notice Strategies do not ascend strictly.
    error StrategiesMustBeInAscendingOrder();

    /// @notice The set may not slash stake of this strategy.
    error StrategyNotInOperatorSet();

    /// @notice The strategy is listed twice.
    error StrategyAlreadyInOperatorSet();

    /// @notice The magnitude is what it was.
    error SameMagnitude();

    /// @notice An earlier change of this allocation has not taken effect yet.
    error ModificationAlreadyPending();

    /// @notice More magnitude than the operator has free.
    error InsufficientMagnitude();

    /// @notice Says where an AVS describes itself; for the AVS. Comes before any operator set.
    function updateAVSMetadataURI(address avs, string calldata metadataURI) external;

    /// @notice Says who is called back when operators come and go; for the AVS. Reverts with InvalidAVSRegistrar.
    function setAVSRegistrar(address avs, IAVSRegistrar registrar) external;

    /// @notice Makes operator sets whose slashed stake burns; for the AVS.
    /// Reverts with NonexistentAVSMetadata, InvalidOperatorSet, StrategyAlreadyInOperatorSet or InputAddressZero (slasher).
    function createOperatorSets(address avs, CreateSetParamsV2[] calldata params) external;

    /// @notice Makes operator sets whose slashed stake goes to a recipient each, for good; for the AVS.
    /// Reverts as `createOperatorSets` does, with InputArrayLengthMismatch, with InputAddressZero (recipient), and with
    /// InvalidRedistributionRecipient where the recipient is the address at which slashed stake burns.
    function createRedistributingOperatorSets(
        address avs,
        CreateSetParamsV2[] calldata params,
        address[] calldata redistributionRecipients
    ) external;

    /// @notice Takes strategies from a set; for the AVS. Their stake can be slashed no more, from that block on.
    /// Reverts with InvalidOperatorSet or StrategyNotInOperatorSet.
    function removeStrategiesFromOperatorSet(
        address avs,
        uint32 operatorSetId,
        IStrategy[] calldata strategies
    ) external;

    /// @notice An operator enters sets of one AVS; for the operator. Ends in the registrar's `registerOperator`, whose revert refuses it.
    /// Reverts with InvalidOperator, InvalidOperatorSet or AlreadyMemberOfSet.
    function registerForOperatorSets(address operator, RegisterParams calldata params) external;

    /// @notice An operator leaves sets of one AVS and stays slashable for DEALLOCATION_DELAY blocks; for the operator or the AVS, else
    /// InvalidCaller. Ends in the registrar's `deregisterOperator`, whose revert refuses it.
    /// Reverts with InvalidOperatorSet or NotMemberOfSet.
    function deregisterFromOperatorSets(DeregisterParams calldata params) external;

    /// @notice Sets the blocks between an operator's allocation and its effect; for the operator. Counts after
    /// ALLOCATION_CONFIGURATION_DELAY blocks; at once if the DelegationManager calls, for a new operator. Reverts with InvalidOperator.
    function setAllocationDelay(address operator, uint32 delay) external;

    /// @notice Changes what sets may slash; for the operator. No membership is needed. More counts after the operator's allocation delay
    /// and is taken from its free magnitude at once; less counts after DEALLOCATION_DELAY blocks, or at once if nothing of it was
    /// slashable, and is free only then. Any set's registrar learns nothing of it.
    /// Reverts with UninitializedAllocationDelay, InputArrayLengthMismatch, InvalidOperatorSet, ModificationAlreadyPending, SameMagnitude
    /// or InsufficientMagnitude.
    function modifyAllocations(address operator, AllocateParams[] calldata params) external;

    /// @notice Slashes an operator; the set's slasher alone, else InvalidCaller. What it has not allocated to the set is skipped in
    /// silence. Panics (0x11) while block.number <= DEALLOCATION_DELAY.
    /// Reverts with CurrentlyPaused, InputArrayLengthMismatch, InvalidOperatorSet, OperatorNotSlashable,
    /// StrategiesMustBeInAscendingOrder, InvalidWadToSlash or StrategyNotInOperatorSet.
    /// @param avs Whose operator set.
    /// @param params What to slash.
    /// @return slashId Number of the slashing in this set, from 1.
    /// @return shares What the operator lost of each strategy; of the stakes in withdrawal too.
    function slashOperator(
        address avs,
        SlashingParams calldata params
    ) external returns (uint256 slashId, uint256[] memory shares);

    /// @notice Blocks for which stake stays slashable after its deallocation or its operator's deregistration (mainnet: 100,800).
    function DEALLOCATION_DELAY() external view returns (uint32);

    /// @notice Blocks until a changed allocation delay counts (mainnet: 126,000).
    function ALLOCATION_CONFIGURATION_DELAY() external view returns (uint32);

    /// @notice EigenLayer's DelegationManager.
    function delegation() external view returns (address);

    /// @notice Who is called back when operators come and go; the AVS itself unless it named another.
    function getAVSRegistrar(address avs) external view returns (IAVSRegistrar);

    /// @notice Whether the set exists.
    function isOperatorSet(OperatorSet calldata operatorSet) external view returns (bool);

    /// @notice How many sets the AVS has made.
    function getOperatorSetCount(address avs) external view returns (uint256);

    /// @notice Who may slash in the set; zero if it does not exist.
    function getSlasher(OperatorSet calldata operatorSet) external view returns (address);

    /// @notice Whether what the set slashes goes to a recipient instead of burning.
    function isRedistributingOperatorSet(OperatorSet calldata operatorSet) external view returns (bool);

    /// @notice Where what the set slashes goes; 0x00000000000000000000000000000000000E16E4 if it burns, and if there is no such set.
    function getRedistributionRecipient(OperatorSet calldata operatorSet) external view returns (address);

    /// @notice The strategies whose stake the set may slash.
    function getStrategiesInOperatorSet(OperatorSet calldata operatorSet) external view returns (IStrategy[] memory);

    /// @notice The set's members, in no lasting order.
    function getMembers(OperatorSet calldata operatorSet) external view returns (address[] memory);

    /// @notice How many members the set has.
    function getMemberCount(OperatorSet calldata operatorSet) external view returns (uint256);

    /// @notice Whether `operator` is a member.
    function isMemberOfOperatorSet(address operator, OperatorSet calldata operatorSet) external view returns (bool);

    /// @notice The sets of which `operator` is a member.
    function getRegisteredSets(address operator) external view returns (OperatorSet[] memory);

    /// @notice Whether `operator` is a member, or was one at most DEALLOCATION_DELAY blocks ago.
    function isOperatorSlashable(address operator, OperatorSet calldata operatorSet) external view returns (bool);

    /// @notice How often the set slashed.
    function getSlashCount(OperatorSet calldata operatorSet) external view returns (uint256);

    /// @notice Whether `operator` has an allocation delay, and how many blocks it is.
    function getAllocationDelay(address operator) external view returns (bool isSet, uint32 delay);

    /// @notice One allocation, as it stands at this block.
    function getAllocation(
        address operator,
        OperatorSet calldata operatorSet,
        IStrategy strategy
    ) external view returns (Allocation memory);

    /// @notice Magnitude that is allocated, on its way in, or not yet free again.
    function getEncumberedMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice Magnitude that is free to be allocated.
    function getAllocatableMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice All of the operator's magnitude: 1e18, less what was slashed.
    function getMaxMagnitude(address operator, IStrategy strategy) external view returns (uint64);

    /// @notice The same as it was at the end of a block.
    function getMaxMagnitudesAtBlock(
        address operator,
        IStrategy[] calldata strategies,
        uint32 blockNumber
    ) external view returns (uint64[] memory);

    /// @notice The least stake the set may slash at any block from now to `futureBlock`, if nothing but time passes: pending allocations
    /// do not count, pending deallocations count against it if they take effect by `futureBlock`; later ones are ignored.
    /// An operator that has left still counts while it is slashable: iterate `getMembers`.
    /// @return slashableStake In shares: a row an operator, an entry a strategy.
    function getMinimumSlashableStake(
        OperatorSet calldata operatorSet,
        address[] calldata operators,
        IStrategy[] calldata strategies,
        uint32 futureBlock
    ) external view returns (uint256[][] memory slashableStake);
}
