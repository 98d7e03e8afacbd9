// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IBridgehub} from "./IBridgehub.sol";

/// @notice L1's end of a ZK Stack bridge, whoever inherits it. `stackParams` is empty, or
/// `abi.encode(uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit)`.
interface IZksyncParentEnd {
    /// @notice A message of the chain's end was taken.
    event MessageTaken(uint256 indexed batchNumber, uint256 indexed index);

    /// @notice The chain's base token is not Ether: its transactions cannot be paid for with this call's value.
    error BaseTokenNotEther(uint256 chainId, address baseToken);

    /// @notice The message was taken before.
    error AlreadyTaken(uint256 batchNumber, uint256 index);

    /// @notice The chain's end did not send these items there, or not to this contract.
    error NotProven(uint256 batchNumber, uint256 index);

    /// @notice Proves that the chain's end sent a message, in a batch that is executed on L1, and takes it, once. Open to anyone.
    /// If what takes the items reverts, or gas is short, nothing has happened and it can be done again. Reverts with
    /// `AlreadyTaken`, `NotProven`, or errors of ZK Stack's: a batch that is not executed yet, a malformed proof.
    /// @param batchNumber The batch in which it was sent.
    /// @param index Place of its log in the batch's tree.
    /// @param txNumberInBatch Number of its transaction in the batch.
    /// @param items What was sent: the chain's `L1MessageSent` has `abi.encode(address thisContract, bytes[] items)`.
    /// @param proof Merkle proof of the log, as the chain's `zks_getL2ToL1LogProof` answers.
    function takeMessage(
        uint256 batchNumber,
        uint256 index,
        uint16 txNumberInBatch,
        bytes[] calldata items,
        bytes32[] calldata proof
    ) external;

    /// @notice Whether a message was taken.
    function isTaken(uint256 batchNumber, uint256 index) external view returns (bool);

    /// @notice ZK Stack's Bridgehub.
    function ZKSYNC_BRIDGEHUB() external view returns (IBridgehub);

    /// @notice The chain.
    function ZKSYNC_CHAIN_ID() external view returns (uint256);

    /// @notice The other end, on that chain.
    function ZKSYNC_CHILD() external view returns (address);
}
