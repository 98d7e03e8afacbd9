// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBridgehub} from "../../interfaces/zksync/IBridgehub.sol";
import {IZksyncChildEnd} from "../../interfaces/zksync/IZksyncChildEnd.sol";
import {IZksyncParentEnd} from "../../interfaces/zksync/IZksyncParentEnd.sol";
import {Item} from "../../types/Item.sol";
import {ParentEnd} from "../ParentEnd.sol";

/// @title L1's end of a ZK Stack bridge
/// @notice Down: a transaction for the chain, requested from Bridgehub and paid for with this call's value. Up: a message that
/// the chain's end sent to L1, proven to Bridgehub.
///
/// FEES: what a transaction must mint follows from the gas price of the transaction that requests it. What is sent above that
/// goes back to `refund` on L1; if it does not take it, the chain mints it for the same address there, as it does with gas that
/// was not used. Of an address with code on L1, also code that an account delegates to (EIP-7702), ZK Stack refunds to the alias.
/// LIVENESS: a transaction that fails on the chain cannot be tried again, but requested anew.
abstract contract ZksyncParentEnd is IZksyncParentEnd, ParentEnd {
    /// @dev How ZK Stack calls Ether.
    address private constant ETHER = address(1);

    /// @dev What ZK Stack's Mailbox demands; it may change, hence `stackParams`.
    uint256 private constant GAS_PER_PUBDATA = 800;

    /// @dev Most gas of a transaction that L1 requests: the Mailbox's limit.
    uint256 private constant MAX_GAS = 72_000_000;

    // Gas in the chain's measure, for the dearer of EraVM and its EVM emulation, with every byte published at GAS_PER_PUBDATA;
    // docs/STACKS.md has the arithmetic.

    /// @dev A transaction, and an item that changes one slot or two.
    uint256 private constant BASE_GAS = 2_000_000;

    /// @dev Deploying a table.
    uint256 private constant TABLE_GAS = 8_000_000;

    /// @dev Noting a member for the first time, and the lane to it.
    uint256 private constant MEMBER_GAS = 700_000;

    /// @dev Each byte of an item: an operator's 32 become a slot, or are published as code.
    uint256 private constant BYTE_GAS = 2_500;

    /// @inheritdoc IZksyncParentEnd
    IBridgehub public immutable ZKSYNC_BRIDGEHUB;

    /// @inheritdoc IZksyncParentEnd
    uint256 public immutable ZKSYNC_CHAIN_ID;

    /// @inheritdoc IZksyncParentEnd
    address public immutable ZKSYNC_CHILD_END;

    mapping(uint256 batchNumber => mapping(uint256 index => bool)) private _zksyncTaken;

    /// @notice Reverts with `BaseTokenNotEther`, or as Bridgehub does if it does not know the chain.
    /// @param childEnd The other end, on the chain.
    /// @param bridgehub ZK Stack's Bridgehub.
    /// @param chainId The chain.
    constructor(address childEnd, IBridgehub bridgehub, uint256 chainId) {
        address token = bridgehub.baseToken(chainId);
        require(token == ETHER, BaseTokenNotEther(chainId, token));
        ZKSYNC_CHILD_END = childEnd;
        ZKSYNC_BRIDGEHUB = bridgehub;
        ZKSYNC_CHAIN_ID = chainId;
    }

    /// @inheritdoc IZksyncParentEnd
    function takeMessage(
        uint256 batchNumber,
        uint256 index,
        uint16 txNumberInBatch,
        bytes[] calldata items,
        bytes32[] calldata proof
    ) external {
        require(!_zksyncTaken[batchNumber][index], AlreadyTaken(batchNumber, index));
        _zksyncTaken[batchNumber][index] = true;
        IBridgehub.L2Message memory message = IBridgehub.L2Message({
            txNumberInBatch: txNumberInBatch,
            sender: ZKSYNC_CHILD_END,
            data: abi.encode(address(this), items)
        });
        require(
            ZKSYNC_BRIDGEHUB.proveL2MessageInclusion(ZKSYNC_CHAIN_ID, batchNumber, index, message, proof),
            NotProven(batchNumber, index)
        );
        emit MessageTaken(batchNumber, index);
        _receiveFromChild(items);
    }

    /// @inheritdoc IZksyncParentEnd
    function isTaken(uint256 batchNumber, uint256 index) external view returns (bool) {
        return _zksyncTaken[batchNumber][index];
    }

    function _sendToChild(bytes[] calldata items, address refund, bytes calldata stackParams) internal override {
        (uint256 gasLimit, uint256 gasPerPubdata) = _zksyncGas(items, stackParams);
        uint256 mintValue = _zksyncCost(gasLimit, gasPerPubdata);
        require(msg.value >= mintValue, InsufficientValue(msg.value, mintValue));
        uint256 excess = msg.value - mintValue;
        if (excess != 0 && !LowLevelCall.callNoReturn(refund, excess, "")) mintValue = msg.value;
        ZKSYNC_BRIDGEHUB.requestL2TransactionDirect{value: mintValue}(
            IBridgehub.L2TransactionRequestDirect({
                chainId: ZKSYNC_CHAIN_ID,
                mintValue: mintValue,
                l2Contract: ZKSYNC_CHILD_END,
                l2Value: 0,
                l2Calldata: abi.encodeCall(IZksyncChildEnd.receiveItems, (items)),
                l2GasLimit: gasLimit,
                l2GasPerPubdataByteLimit: gasPerPubdata,
                factoryDeps: new bytes[](0),
                refundRecipient: refund
            })
        );
    }

    function _quoteToChild(
        bytes[] calldata items,
        bytes calldata stackParams
    ) internal view override returns (uint256) {
        (uint256 gasLimit, uint256 gasPerPubdata) = _zksyncGas(items, stackParams);
        return _zksyncCost(gasLimit, gasPerPubdata);
    }

    function _zksyncCost(uint256 gasLimit, uint256 gasPerPubdata) private view returns (uint256) {
        return ZKSYNC_BRIDGEHUB.l2TransactionBaseCost(ZKSYNC_CHAIN_ID, tx.gasprice, gasLimit, gasPerPubdata);
    }

    /// @dev Gas limit, and most gas a published byte, as `stackParams` say or else as the items need.
    function _zksyncGas(
        bytes[] calldata items,
        bytes calldata stackParams
    ) private pure returns (uint256 gasLimit, uint256 gasPerPubdata) {
        if (stackParams.length != 0) {
            require(stackParams.length == 64, MalformedStackParams(stackParams.length, 64));
            return abi.decode(stackParams, (uint256, uint256));
        }
        gasLimit = BASE_GAS;
        for (uint256 i = 0; i < items.length; ++i) {
            bytes calldata item = items[i];
            gasLimit += item.length * BYTE_GAS;
            if (item.length >= Item.TABLE_HEADER_LENGTH && uint8(item[0]) == Item.TABLE) {
                gasLimit += TABLE_GAS + uint8(item[30]) * MEMBER_GAS;
            }
        }
        return (Math.min(gasLimit, MAX_GAS), GAS_PER_PUBDATA);
    }
}
