// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {L2TransactionRequestDirect} from "@matterlabs/zksync-contracts/contracts/l1-contracts/bridgehub/IBridgehub.sol";
import {
    ETH_TOKEN_ADDRESS,
    L1_GAS_PER_PUBDATA_BYTE,
    L2_L1_LOGS_TREE_DEFAULT_LEAF_HASH,
    MAX_NEW_FACTORY_DEPS,
    PRIORITY_EXPIRATION,
    PRIORITY_OPERATION_L2_TX_TYPE,
    PRIORITY_TX_MAX_GAS_LIMIT,
    REQUIRED_L2_GAS_PRICE_PER_PUBDATA,
    SUPPORTED_PROOF_METADATA_VERSION
} from "@matterlabs/zksync-contracts/contracts/l1-contracts/common/Config.sol";
import {
    BatchNotExecuted,
    GasPerPubdataMismatch,
    HashedLogIsDefault,
    InvalidProofLengthForFinalNode,
    MerklePathEmpty,
    MsgValueMismatch,
    MsgValueTooLow,
    TooManyFactoryDeps
} from "@matterlabs/zksync-contracts/contracts/l1-contracts/common/L1ContractErrors.sol";
import {Merkle} from "@matterlabs/zksync-contracts/contracts/l1-contracts/common/libraries/Merkle.sol";
import {
    L2CanonicalTransaction,
    L2Message
} from "@matterlabs/zksync-contracts/contracts/l1-contracts/common/Messaging.sol";
import {IMailboxImpl} from "@matterlabs/zksync-contracts/contracts/l1-contracts/state-transition/chain-interfaces/IMailboxImpl.sol";
import {
    LocalRootIsZero,
    UnsupportedProofMetadataVersion
} from "@matterlabs/zksync-contracts/contracts/l1-contracts/state-transition/L1StateTransitionErrors.sol";
// solhint-disable-next-line max-line-length
import {TransactionValidator} from "@matterlabs/zksync-contracts/contracts/l1-contracts/state-transition/libraries/TransactionValidator.sol";
import {AddressAliasHelper} from "@matterlabs/zksync-contracts/contracts/l1-contracts/vendor/AddressAliasHelper.sol";

/// @notice Plays Bridgehub and the Mailboxes of its chains on a simulated L1: fees, checks, aliases, events and proofs are those of
/// era-contracts' Bridgehub.sol, Mailbox.sol and MessageHashing.sol, as far as its package brings the code by that very code.
/// What it leaves out: base tokens but ether (they are refused), transaction filterers, pausing, chains that settle elsewhere.
contract BridgehubStandIn {
    /// @dev What mainnet's chains begin with (era-contracts, upgrade-envs/v0.29.2-interopA-ff/mainnet.toml).
    uint256 private constant BATCH_OVERHEAD_L1_GAS = 1_000_000;
    uint256 private constant MAX_PUBDATA_PER_BATCH = 120_000;
    uint256 private constant MAX_L2_GAS_PER_BATCH = 80_000_000;
    uint256 private constant PRIORITY_TX_MAX_PUBDATA = 99_000;
    uint256 private constant MINIMAL_L2_GAS_PRICE = 250_000_000;

    struct Chain {
        address baseToken;
        uint256 queued;
        uint256 executed;
        mapping(uint256 batchNumber => bytes32) roots;
    }

    mapping(uint256 chainId => Chain) private _chains;

    /// @notice As Bridgehub's, of a chain without a base token.
    error AssetHandlerNotRegistered(bytes32 assetId);

    function addChain(uint256 chainId, address token) external {
        _chains[chainId].baseToken = token;
    }

    /// @notice Plays the chain's validator: its next batch, with this root of what it sent, is executed.
    function executeBatch(uint256 chainId, bytes32 root) external {
        Chain storage chain = _chains[chainId];
        chain.roots[++chain.executed] = root;
    }

    function requestL2TransactionDirect(
        L2TransactionRequestDirect calldata request
    ) external payable returns (bytes32 canonicalTxHash) {
        Chain storage chain = _chains[request.chainId];
        uint256 expected = chain.baseToken == ETH_TOKEN_ADDRESS ? request.mintValue : 0;
        if (msg.value != expected) revert MsgValueMismatch(expected, msg.value);
        if (request.l2GasPerPubdataByteLimit != REQUIRED_L2_GAS_PRICE_PER_PUBDATA) revert GasPerPubdataMismatch();
        if (request.factoryDeps.length > MAX_NEW_FACTORY_DEPS) revert TooManyFactoryDeps();

        L2CanonicalTransaction memory transaction = _transactionOf(request, chain.queued++);
        bytes memory encoded = abi.encode(transaction);
        TransactionValidator.validateL1ToL2Transaction(
            transaction,
            encoded,
            PRIORITY_TX_MAX_GAS_LIMIT,
            PRIORITY_TX_MAX_PUBDATA
        );
        canonicalTxHash = keccak256(encoded);
        emit IMailboxImpl.NewPriorityRequest(
            transaction.nonce,
            canonicalTxHash,
            uint64(block.timestamp + PRIORITY_EXPIRATION),
            transaction,
            request.factoryDeps
        );
    }

    function proveL2MessageInclusion(
        uint256 chainId,
        uint256 batchNumber,
        uint256 index,
        L2Message calldata message,
        bytes32[] calldata proof
    ) external view returns (bool) {
        bytes32 leaf = keccak256(
            abi.encodePacked(
                uint8(0),
                true,
                message.txNumberInBatch,
                address(0x8008),
                bytes32(uint256(uint160(message.sender))),
                keccak256(message.data)
            )
        );
        bytes32 root = Merkle.calculateRootMemory(_siblings(leaf, proof), index, leaf);
        Chain storage chain = _chains[chainId];
        if (batchNumber > chain.executed) revert BatchNotExecuted(batchNumber);
        if (chain.roots[batchNumber] == 0) revert LocalRootIsZero();
        return chain.roots[batchNumber] == root;
    }

    function l2TransactionBaseCost(
        uint256 chainId,
        uint256 gasPrice,
        uint256 l2GasLimit,
        uint256 l2GasPerPubdataByteLimit
    ) external view returns (uint256) {
        baseToken(chainId);
        return _gasPrice(gasPrice, l2GasPerPubdataByteLimit) * l2GasLimit;
    }

    function baseToken(uint256 chainId) public view returns (address token) {
        token = _chains[chainId].baseToken;
        if (token == address(0)) revert AssetHandlerNotRegistered(0);
    }

    function _transactionOf(
        L2TransactionRequestDirect calldata request,
        uint256 nonce
    ) private view returns (L2CanonicalTransaction memory) {
        uint256 price = _gasPrice(tx.gasprice, request.l2GasPerPubdataByteLimit);
        uint256 needed = price * request.l2GasLimit + request.l2Value;
        if (request.mintValue < needed) revert MsgValueTooLow(needed, request.mintValue);
        // solhint-disable-next-line avoid-tx-origin
        address sender = msg.sender == tx.origin ? msg.sender : AddressAliasHelper.applyL1ToL2Alias(msg.sender);
        // Bridgehub does it, and the Mailbox once more.
        address refund = AddressAliasHelper.actualRefundRecipient(request.refundRecipient, msg.sender);
        refund = AddressAliasHelper.actualRefundRecipient(refund, msg.sender);
        return
            L2CanonicalTransaction({
                txType: PRIORITY_OPERATION_L2_TX_TYPE,
                from: uint160(sender),
                to: uint160(request.l2Contract),
                gasLimit: request.l2GasLimit,
                gasPerPubdataByteLimit: request.l2GasPerPubdataByteLimit,
                maxFeePerGas: price,
                maxPriorityFeePerGas: 0,
                paymaster: 0,
                nonce: nonce,
                value: request.l2Value,
                reserved: [request.mintValue, uint160(refund), 0, 0],
                data: request.l2Calldata,
                signature: "",
                factoryDeps: new uint256[](request.factoryDeps.length),
                paymasterInput: "",
                reservedDynamic: ""
            });
    }

    /// @dev MessageHashing.parseProofMetadata, for what is proven on L1 itself: the path alone, or behind a word that says its length.
    function _siblings(bytes32 leaf, bytes32[] calldata proof) private pure returns (bytes32[] memory) {
        if (proof.length == 0) revert MerklePathEmpty();
        if (leaf == L2_L1_LOGS_TREE_DEFAULT_LEAF_HASH) revert HashedLogIsDefault();
        uint256 metadata = uint256(proof[0]);
        if (metadata << 32 != 0) return proof;
        if (metadata >> 248 != SUPPORTED_PROOF_METADATA_VERSION)
            revert UnsupportedProofMetadataVersion(metadata >> 248);
        if (uint8(metadata >> 232) != 0 || uint8(metadata >> 224) == 0) revert InvalidProofLengthForFinalNode();
        return proof[1:1 + uint8(metadata >> 240)];
    }

    /// @dev Mailbox._deriveL2GasPrice, of a rollup that pays in ether.
    function _gasPrice(uint256 l1GasPrice, uint256 gasPerPubdata) private pure returns (uint256) {
        uint256 overhead = BATCH_OVERHEAD_L1_GAS * l1GasPrice;
        uint256 pubdataPrice = L1_GAS_PER_PUBDATA_BYTE * l1GasPrice + overhead / MAX_PUBDATA_PER_BATCH;
        uint256 price = MINIMAL_L2_GAS_PRICE + overhead / MAX_L2_GAS_PER_BATCH;
        uint256 priceByPubdata = (pubdataPrice + gasPerPubdata - 1) / gasPerPubdata;
        return price > priceByPubdata ? price : priceByPubdata;
    }
}
