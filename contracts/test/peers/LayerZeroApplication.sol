// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILayerZeroEndpoint, MessagingParams, MessagingReceipt} from "../../interfaces/layerzero/ILayerZeroEndpoint.sol";
import {ILayerZeroReceiver, Origin} from "../../interfaces/layerzero/ILayerZeroReceiver.sol";
import {Obedient} from "./Obedient.sol";

/// @title An application for tests, written for LayerZero V2: takes messages of its endpoint alone, of its peers alone, in order
/// @dev Checks and calls what the OApp of oapp-evm does, with the ordered nonces that its documentation describes; knows nothing
/// of Parley.
contract LayerZeroApplication is ILayerZeroReceiver, Obedient {
    ILayerZeroEndpoint public immutable ENDPOINT;

    mapping(uint32 eid => bytes32 peer) public peers;
    mapping(uint32 eid => mapping(bytes32 sender => uint64 nonce)) public received;

    event Taken(Origin origin, bytes32 guid, bytes message, address executor, bytes extraData, uint256 value);
    event Sent(bytes32 guid, uint64 nonce, uint256 fee);

    error OnlyEndpoint(address caller);
    error OnlyPeer(uint32 eid, bytes32 sender);
    error WrongNonce(uint64 nonce, uint64 expected);

    constructor(ILayerZeroEndpoint endpoint) {
        ENDPOINT = endpoint;
        endpoint.setDelegate(msg.sender);
    }

    function setPeer(uint32 eid, bytes32 peer) external {
        peers[eid] = peer;
    }

    function say(uint32 eid, bytes calldata message, bytes calldata options) external payable {
        MessagingParams memory params = MessagingParams(eid, peers[eid], message, options, false);
        uint256 fee = ENDPOINT.quote(params, address(this)).nativeFee;
        MessagingReceipt memory receipt = ENDPOINT.send{value: msg.value}(params, msg.sender);
        emit Sent(receipt.guid, receipt.nonce, fee);
    }

    function lzReceive(
        Origin calldata origin,
        bytes32 guid,
        bytes calldata message,
        address executor,
        bytes calldata extraData
    ) external payable {
        if (msg.sender != address(ENDPOINT)) revert OnlyEndpoint(msg.sender);
        if (peers[origin.srcEid] != origin.sender) revert OnlyPeer(origin.srcEid, origin.sender);
        uint64 expected = nextNonce(origin.srcEid, origin.sender);
        if (origin.nonce != expected) revert WrongNonce(origin.nonce, expected);
        received[origin.srcEid][origin.sender] = origin.nonce;
        emit Taken(origin, guid, message, executor, extraData, msg.value);
        _obey(message);
    }

    function allowInitializePath(Origin calldata origin) external view returns (bool) {
        return peers[origin.srcEid] == origin.sender;
    }

    function nextNonce(uint32 eid, bytes32 sender) public view returns (uint64) {
        return received[eid][sender] + 1;
    }
}
