/**
 * EigenLayer on Ethereum mainnet (v1.9 and later): where it stands and how it is called, as far as an operator and its AVS need it.
 * On a simulated chain the stand-in has the same addresses. Left out: withdrawals, what only AVSs call, and the views that
 * only contracts use.
 */
import { Interface } from "ethers";

/** EigenLayer's proxies on Ethereum mainnet; the same list as contracts/devnet/eigenlayer/EigenLayerAddresses.sol. */
export const EIGENLAYER = {
  allocationManager: "0x948a420b8CC1d6BFd0B6087C2E7c344a2CD0bc39",
  delegationManager: "0x39053D51B77DC0d36036Fc1fCc8Cb819df8Ef37A",
  keyRegistrar: "0x54f4bC6bDEbe479173a2bbDc31dD7178408A57A4",
  pauserRegistry: "0xB8765ed72235d279c3Fb53936E4606db0Ef12806",
  permissionController: "0x25E5F8B1E7aDf44518d35D5B2271f114e081f0E5",
  rewardsCoordinator: "0x7750d328b314EfFa365A0402CcfD489B80B0adda",
  strategyFactory: "0x5e4C39Ad7A3E881585e383dB9827EB4811f6F647",
  strategyManager: "0x858646372CC42E1A627fcE94aa7A7033e7CF075A",
} as const;

export type EigenLayerContract = keyof typeof EIGENLAYER;

/** EigenLayer's numbers for the curve of an operator set's keys. */
export const KEY_CURVE = { none: 0n, ecdsa: 1n, bn254: 2n } as const;

/** All of an operator's stake in one strategy, as magnitude. */
export const FULL_MAGNITUDE = 10n ** 18n;

/** Blocks for which stake stays slashable after it was deallocated, or its operator deregistered. */
export const DEALLOCATION_DELAY = 100_800n;

/** An operator set: the AVS that made it, and the number that AVS gave it. */
export interface OperatorSet {
  readonly avs: string;
  readonly id: bigint;
}

const SET = "tuple(address avs, uint32 id)";

const ABI: Record<EigenLayerContract, readonly string[]> = {
  allocationManager: [
    "function DEALLOCATION_DELAY() view returns (uint32)",
    `function modifyAllocations(address operator, tuple(${SET} operatorSet, address[] strategies, uint64[] newMagnitudes)[] params)`,
    "function registerForOperatorSets(address operator, tuple(address avs, uint32[] operatorSetIds, bytes data) params)",
    "function deregisterFromOperatorSets(tuple(address operator, address avs, uint32[] operatorSetIds) params)",
    "function setAllocationDelay(address operator, uint32 delay)",
    "function getAllocationDelay(address operator) view returns (bool isSet, uint32 delay)",
    `function getAllocation(address operator, ${SET} operatorSet, address strategy) view returns (tuple(uint64 currentMagnitude, int128 pendingDiff, uint32 effectBlock))`,
    "function getAllocatableMagnitude(address operator, address strategy) view returns (uint64)",
    `function getMembers(${SET} operatorSet) view returns (address[])`,
    `function isMemberOfOperatorSet(address operator, ${SET} operatorSet) view returns (bool)`,
    `function isOperatorSlashable(address operator, ${SET} operatorSet) view returns (bool)`,
    `function getSlasher(${SET} operatorSet) view returns (address)`,
    `function getStrategiesInOperatorSet(${SET} operatorSet) view returns (address[])`,
    `function getMinimumSlashableStake(${SET} operatorSet, address[] operators, address[] strategies, uint32 futureBlock) view returns (uint256[][])`,
    `function getSlashCount(${SET} operatorSet) view returns (uint256)`,
    "function getMaxMagnitude(address operator, address strategy) view returns (uint64)",
    "function paused() view returns (uint256)",
    `event OperatorSlashed(address operator, ${SET} operatorSet, address[] strategies, uint256[] wadSlashed, string description)`,
    "error AlreadyMemberOfSet()",
    "error CurrentlyPaused()",
    "error InputArrayLengthMismatch()",
    "error InsufficientMagnitude()",
    "error InvalidCaller()",
    "error InvalidOperator()",
    "error InvalidOperatorSet()",
    "error InvalidPermissions()",
    "error ModificationAlreadyPending()",
    "error NotMemberOfSet()",
    "error OperatorNotSlashable()",
    "error SameMagnitude()",
    "error UninitializedAllocationDelay()",
  ],
  delegationManager: [
    "function registerAsOperator(address initDelegationApprover, uint32 allocationDelay, string metadataURI)",
    "function delegateTo(address operator, tuple(bytes signature, uint256 expiry) approverSignatureAndExpiry, bytes32 approverSalt)",
    "function isOperator(address operator) view returns (bool)",
    "function delegatedTo(address staker) view returns (address)",
    "function operatorShares(address operator, address strategy) view returns (uint256)",
    "error ActivelyDelegated()",
    "error FullySlashed()",
    "error InvalidSignature()",
    "error OperatorNotRegistered()",
    "error SaltSpent()",
    "error SignatureExpired()",
  ],
  keyRegistrar: [
    `function registerKey(address operator, ${SET} operatorSet, bytes pubkey, bytes signature)`,
    `function deregisterKey(address operator, ${SET} operatorSet)`,
    `function isRegistered(${SET} operatorSet, address operator) view returns (bool)`,
    `function getOperatorSetCurveType(${SET} operatorSet) view returns (uint8)`,
    `function getECDSAAddress(${SET} operatorSet, address operator) view returns (address)`,
    `function getOperatorFromSigningKey(${SET} operatorSet, bytes keyData) view returns (address operator, bool registered)`,
    `function getECDSAKeyRegistrationMessageHash(address operator, ${SET} operatorSet, address keyAddress) view returns (bytes32)`,
    `function getBN254Key(${SET} operatorSet, address operator) view returns (tuple(uint256 X, uint256 Y) g1Point, tuple(uint256[2] X, uint256[2] Y) g2Point)`,
    `function getBN254KeyRegistrationMessageHash(address operator, ${SET} operatorSet, bytes keyData) view returns (bytes32)`,
    "error InvalidCurveType()",
    "error InvalidKeyFormat()",
    "error InvalidPermissions()",
    "error InvalidSignature()",
    "error KeyAlreadyRegistered()",
    `error KeyNotFound(${SET} operatorSet, address operator)`,
    "error OperatorAlreadyRegistered()",
    "error OperatorSetNotConfigured()",
    `error OperatorStillSlashable(${SET} operatorSet, address operator)`,
    "error ZeroPubkey()",
  ],
  pauserRegistry: [
    "function isPauser(address pauser) view returns (bool)",
    "function unpauser() view returns (address)",
  ],
  permissionController: [
    "function canCall(address account, address caller, address target, bytes4 selector) view returns (bool)",
  ],
  rewardsCoordinator: [
    `function createOperatorDirectedOperatorSetRewardsSubmission(${SET} operatorSet, tuple(tuple(address strategy, uint96 multiplier)[] strategiesAndMultipliers, address token, tuple(address operator, uint256 amount)[] operatorRewards, uint32 startTimestamp, uint32 duration, string description)[] submissions)`,
    "error InvalidPermissions()",
    "error SubmissionNotRetroactive()",
  ],
  strategyFactory: [
    "function deployNewStrategy(address token) returns (address newStrategy)",
    "function deployedStrategies(address token) view returns (address)",
    "error StrategyAlreadyExists()",
  ],
  strategyManager: [
    "function depositIntoStrategy(address strategy, address token, uint256 amount) returns (uint256 depositShares)",
    "function stakerDepositShares(address staker, address strategy) view returns (uint256)",
    "error MaxStrategiesExceeded()",
    "error StrategyNotWhitelisted()",
  ],
};

/** How each contract is called; its errors are known by name. */
export const EIGENLAYER_INTERFACE: Record<EigenLayerContract, Interface> = {
  allocationManager: new Interface(ABI.allocationManager),
  delegationManager: new Interface(ABI.delegationManager),
  keyRegistrar: new Interface(ABI.keyRegistrar),
  pauserRegistry: new Interface(ABI.pauserRegistry),
  permissionController: new Interface(ABI.permissionController),
  rewardsCoordinator: new Interface(ABI.rewardsCoordinator),
  strategyFactory: new Interface(ABI.strategyFactory),
  strategyManager: new Interface(ABI.strategyManager),
};
