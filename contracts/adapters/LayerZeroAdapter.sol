// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    ILayerZeroEndpoint,
    MessagingFee,
    MessagingParams,
    MessagingReceipt
} from "../interfaces/layerzero/ILayerZeroEndpoint.sol";
import {ILayerZeroReceiver, Origin} from "../interfaces/layerzero/ILayerZeroReceiver.sol";
import {executorGas} from "./executorGas.sol";
import {PeerAdapter} from "./PeerAdapter.sol";

/// @title LayerZero adapter
/// @notice An endpoint for applications written for LayerZero V2: what they `send` passes over the Gateway, and arrives at `lzReceive`. An
/// application takes it at construction for its endpoint, and is not changed.
///
/// NONCES count, as LayerZero's do, the messages of one sender to one receiver, from 1 and without gaps. The Gateway delivers in any order;
/// a receiver that demands the next nonce refuses what comes too early, and that is delivered later.
/// WHAT IS NOT HERE: message libraries, DVNs and executors and whatever configures them (what verifies is the Gateway, on the word of
/// the operators of its table), fees, native value, native drops, composed messages, `skip`, `clear`, `nilify` and `burn`.
contract LayerZeroAdapter is ILayerZeroEndpoint, PeerAdapter {
    /// @inheritdoc ILayerZeroEndpoint
    mapping(address sender => mapping(uint32 dstEid => mapping(bytes32 receiver => uint64 nonce))) public outboundNonce;

    /// @notice Fees, of which there are none, cannot be paid in LayerZero's token.
    error LzTokenUnavailable();

    /// @notice The receiver does not take messages of this sender.
    error PathNotAllowed(address receiver, Origin origin);

    /// @param gateway The Gateway of this chain.
    /// @param routes The chains and their endpoint ids, this one among them; the same on every chain.
    constructor(address gateway, Route[] memory routes) PeerAdapter(gateway, routes) {}

    /// @inheritdoc ILayerZeroEndpoint
    function send(MessagingParams calldata params, address) external payable returns (MessagingReceipt memory receipt) {
        if (params.payInLzToken) revert LzTokenUnavailable();
        receipt.nonce = ++outboundNonce[msg.sender][params.dstEid][params.receiver];
        receipt.guid = _send(
            params.dstEid,
            params.receiver,
            bytes.concat(bytes8(receipt.nonce), params.message),
            executorGas(params.options)
        );
    }

    /// @inheritdoc ILayerZeroEndpoint
    function quote(MessagingParams calldata params, address) external view returns (MessagingFee memory fee) {
        if (params.payInLzToken) revert LzTokenUnavailable();
        _chainOf(params.dstEid);
        return fee;
    }

    /// @inheritdoc ILayerZeroEndpoint
    function eid() external view returns (uint32) {
        return LOCAL_DOMAIN;
    }

    /// @inheritdoc ILayerZeroEndpoint
    function setDelegate(address delegate) external pure {
        // solhint-disable-previous-line no-empty-blocks
        // Applications call it at construction; there is nothing to configure, so there is nothing to do.
    }

    /// @inheritdoc ILayerZeroEndpoint
    function lzToken() external pure returns (address) {
        return address(0);
    }

    /// @inheritdoc ILayerZeroEndpoint
    function nativeToken() external pure returns (address) {
        return address(0);
    }

    /// @dev Asks for each message whether the receiver takes it; LayerZero asks until the first one is executed.
    function _deliver(
        uint32 origin,
        bytes32 id,
        bytes32 sender,
        address recipient,
        bytes calldata content
    ) internal override {
        Origin memory from = Origin({srcEid: origin, sender: sender, nonce: uint64(bytes8(content[:8]))});
        ILayerZeroReceiver receiver = ILayerZeroReceiver(recipient);
        if (!receiver.allowInitializePath(from)) revert PathNotAllowed(recipient, from);
        receiver.lzReceive(from, id, content[8:], msg.sender, "");
    }
}
