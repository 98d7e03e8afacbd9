// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC7786Recipient} from "@openzeppelin/contracts/interfaces/draft-IERC7786.sol";
import {IMessageRecipient} from "../../interfaces/hyperlane/IMessageRecipient.sol";
import {ILayerZeroReceiver, Origin} from "../../interfaces/layerzero/ILayerZeroReceiver.sol";

/// @notice What a recipient written for Axelar asks of its gateway. As in axelar-gmp-sdk-solidity 6.2.0 (npm: axelar-network),
/// contracts/interfaces/IAxelarGateway.sol (MIT).
interface IAxelarGateway {
    /// @notice Whether the gateway approved this call; marks it as executed.
    function validateContractCall(
        bytes32 commandId,
        string calldata sourceChain,
        string calldata sourceAddress,
        bytes32 payloadHash
    ) external returns (bool valid);
}

/// @title The recipient by which Parley and its peers are compared: takes every message of any of them, and stores nothing
/// @dev It checks nothing but what Axelar leaves to recipients: that the gateway approved the call.
contract SilentRecipientOfAll is IERC7786Recipient, IMessageRecipient, ILayerZeroReceiver {
    IAxelarGateway private immutable AXELAR;

    error NotApproved(bytes32 commandId);

    constructor(IAxelarGateway axelar) {
        AXELAR = axelar;
    }

    function receiveMessage(bytes32, bytes calldata, bytes calldata) external payable returns (bytes4) {
        return IERC7786Recipient.receiveMessage.selector;
    }

    function handle(uint32, bytes32, bytes calldata) external payable {}

    function lzReceive(Origin calldata, bytes32, bytes calldata, address, bytes calldata) external payable {}

    function execute(
        bytes32 commandId,
        string calldata sourceChain,
        string calldata sourceAddress,
        bytes calldata payload
    ) external {
        if (!AXELAR.validateContractCall(commandId, sourceChain, sourceAddress, keccak256(payload)))
            revert NotApproved(commandId);
    }

    /// @notice What Arbitrum's Outbox calls: a function like any other.
    function take(bytes calldata payload) external payable {}

    function allowInitializePath(Origin calldata) external pure returns (bool) {
        return true;
    }

    function nextNonce(uint32, bytes32) external pure returns (uint64) {
        return 0;
    }
}
