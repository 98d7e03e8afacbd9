// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice ZK Stack's Bridgehub on L1, as far as a bridge needs it: it takes transactions for every chain of the ecosystem and
/// proves what they say. Source: the npm package matterlabs/zksync-contracts 29.0.0, l1-contracts/bridgehub/IBridgehub.sol and
/// common/Messaging.sol.
interface IBridgehub {
    /// @notice A transaction for a chain.
    /// @param chainId The chain.
    /// @param mintValue Wei of its base token that are minted there: they pay for the gas, and `l2Value`.
    /// @param l2Contract Who is called.
    /// @param l2Value Value of that call.
    /// @param l2Calldata Data of that call.
    /// @param l2GasLimit Most gas that it may use, in the chain's own measure.
    /// @param l2GasPerPubdataByteLimit Most gas that a byte of published data may cost.
    /// @param factoryDeps Bytecodes that it makes known.
    /// @param refundRecipient Who gets what it does not use, on that chain: under its alias, if it has code on L1; zero is the
    /// caller.
    struct L2TransactionRequestDirect {
        uint256 chainId;
        uint256 mintValue;
        address l2Contract;
        uint256 l2Value;
        bytes l2Calldata;
        uint256 l2GasLimit;
        uint256 l2GasPerPubdataByteLimit;
        bytes[] factoryDeps;
        address refundRecipient;
    }

    /// @notice What a contract of a chain said to L1.
    /// @param txNumberInBatch Number of the transaction in its batch.
    /// @param sender The contract.
    /// @param data What it said.
    struct L2Message {
        uint16 txNumberInBatch;
        address sender;
        bytes data;
    }

    /// @notice Queues a transaction for a chain. The caller is its sender there, under its alias if it is a contract. The value
    /// must be `mintValue` if the chain's base token is Ether.
    function requestL2TransactionDirect(
        L2TransactionRequestDirect calldata request
    ) external payable returns (bytes32 canonicalTxHash);

    /// @notice Whether a message was sent in a batch that is executed on L1. Reverts if the batch is not.
    /// @param chainId The chain.
    /// @param batchNumber The batch.
    /// @param index Place of the message's log in the batch's tree.
    /// @param message The message.
    /// @param proof Merkle proof of the log.
    function proveL2MessageInclusion(
        uint256 chainId,
        uint256 batchNumber,
        uint256 index,
        L2Message calldata message,
        bytes32[] calldata proof
    ) external view returns (bool);

    /// @notice Wei of the base token that a transaction must mint for its gas.
    /// @param chainId The chain.
    /// @param gasPrice Price of L1's gas, wei.
    /// @param l2GasLimit As in the request.
    /// @param l2GasPerPubdataByteLimit As in the request.
    function l2TransactionBaseCost(
        uint256 chainId,
        uint256 gasPrice,
        uint256 l2GasLimit,
        uint256 l2GasPerPubdataByteLimit
    ) external view returns (uint256);

    /// @notice A chain's base token; address 1 is Ether.
    function baseToken(uint256 chainId) external view returns (address);
}
