// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {LowLevelCall} from "@openzeppelin/contracts/utils/LowLevelCall.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {IBridgehub} from "../../interfaces/zksync/IBridgehub.sol";
import {IZksyncChildEnd} from "../../interfaces/zksync/IZksyncChildEnd.sol";
import {IZksyncParentEnd} from "../../interfaces/zksync/IZksyncParentEnd.sol";
import {Item} from "../../types/Item.sol";
import {ParentEnd} from "../ParentEnd.sol";
import {arrivalGas} from "../arrivalGas.sol";

/// @title ZK Stack: L1's end
/// @notice Items go down in transactions that Bridgehub queues, and come up as messages that whoever likes proves to it.
///
/// STACK PARAMETERS: none, for the defaults, or `abi.encode(uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit)`.
/// FEE: what Bridgehub asks for that much gas at the gas price of the transaction that sends. What is sent above goes back at
/// once, here; what is not used goes to `refund` on the rollup (to its alias, if it has code here, an EIP-7702 delegation too).
/// A node answers `quote` at a gas price of zero unless the call names one: name the transaction's highest.
/// RETRY: a transaction that fails on the rollup is spent. The items are Settlement's and the ServiceManager's to repeat, with
/// more gas, and stale ones change nothing.
/// UP: a batch's messages can be proven once it is executed on L1, or on a settlement layer that ZK Stack's governance vouches
/// for and whose own batch is; nothing takes that back.
abstract contract ZksyncParentEnd is IZksyncParentEnd, ParentEnd {
    /// @dev How ZK Stack calls ether.
    address private constant _ETHER = address(1);

    /// @dev What the Mailbox demands for now, whatever the price is.
    uint256 private constant _GAS_PER_PUBDATA = 800;

    /// @dev Most gas that the Mailbox lets a transaction have.
    uint256 private constant _MAX_GAS = 72_000_000;

    /// @dev Gas of EraVM for one of the EVM, where it is emulated.
    uint256 private constant _GAS_PER_EVM_GAS = 5;

    /// @dev Gas of a transaction from L1 itself.
    uint256 private constant _INTRINSIC_GAS = 300_000;

    /// @dev Bytes that a changed slot publishes at most: its key, its value and their form.
    uint256 private constant _SLOT_PUBDATA = 65;

    /// @dev Bytes that a table publishes, but for operators and members: its code, where the EVM is emulated.
    uint256 private constant _TABLE_PUBDATA = 4_000;

    /// @dev Slots that each member changes when it is listed for the first time.
    uint256 private constant _MEMBER_SLOTS = 5;

    /// @inheritdoc IZksyncParentEnd
    IBridgehub public immutable ZKSYNC_BRIDGEHUB;

    /// @inheritdoc IZksyncParentEnd
    uint256 public immutable ZKSYNC_CHAIN_ID;

    /// @inheritdoc IZksyncParentEnd
    address public immutable ZKSYNC_CHILD;

    mapping(uint256 batchNumber => mapping(uint256 index => bool)) private _zksyncTaken;

    /// @notice Reverts with `BaseTokenNotEther`, or as Bridgehub does if it does not know the chain.
    /// @param childEnd The other end, on the chain.
    /// @param bridgehub ZK Stack's Bridgehub.
    /// @param chainId The chain.
    constructor(address childEnd, IBridgehub bridgehub, uint256 chainId) {
        address token = bridgehub.baseToken(chainId);
        require(token == _ETHER, BaseTokenNotEther(chainId, token));
        ZKSYNC_CHILD = childEnd;
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
            sender: ZKSYNC_CHILD,
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
        (uint256 gasLimit, uint256 gasPerPubdata) = _gasFor(items, stackParams);
        uint256 fee = _feeOf(gasLimit, gasPerPubdata);
        require(msg.value >= fee, ValueBelowFee(msg.value, fee));
        uint256 excess = msg.value - fee;
        // Who refuses it gets it on the rollup, as gas that was not used: nothing stays here.
        if (excess != 0 && LowLevelCall.callNoReturn(refund, excess, "")) excess = 0;
        ZKSYNC_BRIDGEHUB.requestL2TransactionDirect{value: fee + excess}(
            IBridgehub.L2TransactionRequestDirect({
                chainId: ZKSYNC_CHAIN_ID,
                mintValue: fee + excess,
                l2Contract: ZKSYNC_CHILD,
                l2Value: 0,
                l2Calldata: abi.encodeCall(IZksyncChildEnd.fromZksyncParent, (items)),
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
        (uint256 gasLimit, uint256 gasPerPubdata) = _gasFor(items, stackParams);
        return _feeOf(gasLimit, gasPerPubdata);
    }

    function _feeOf(uint256 gasLimit, uint256 gasPerPubdata) private view returns (uint256) {
        return ZKSYNC_BRIDGEHUB.l2TransactionBaseCost(ZKSYNC_CHAIN_ID, tx.gasprice, gasLimit, gasPerPubdata);
    }

    function _gasFor(
        bytes[] calldata items,
        bytes calldata stackParams
    ) private pure returns (uint256 gasLimit, uint256 gasPerPubdata) {
        if (stackParams.length == 0) return (_defaultGas(items), _GAS_PER_PUBDATA);
        require(
            stackParams.length == 64,
            MalformedStackParams(stackParams, "abi.encode(uint256 l2GasLimit, uint256 l2GasPerPubdataByteLimit)")
        );
        return abi.decode(stackParams, (uint256, uint256));
    }

    /// @dev Gas that brings the items to a Gateway on EraVM or on the EVM that it emulates, however dear published bytes are; but
    /// for tables that list more than some forty members for the first time, where the Mailbox allows no more.
    function _defaultGas(bytes[] calldata items) private pure returns (uint256) {
        uint256 published = 0;
        for (uint256 i = 0; i < items.length; ++i) {
            bytes calldata item = items[i];
            published += _SLOT_PUBDATA * (item.length / 32 + 1);
            if (item.length >= Item.TABLE_HEADER_LENGTH && uint8(item[0]) == Item.TABLE) {
                published += _TABLE_PUBDATA + _SLOT_PUBDATA * _MEMBER_SLOTS * uint8(item[30]);
            }
        }
        return Math.min(_INTRINSIC_GAS + arrivalGas(items) * _GAS_PER_EVM_GAS + published * _GAS_PER_PUBDATA, _MAX_GAS);
    }
}
