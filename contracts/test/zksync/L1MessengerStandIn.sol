// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {
    IL1Messenger,
    L2ToL1Log
} from "@matterlabs/zksync-contracts/contracts/system-contracts/interfaces/IL1Messenger.sol";

/// @notice Plays the system contract at 0x8008 on a simulated chain: says in the real one's events what is to go into the next batch.
/// Each message has a transaction number of its own, as if no transaction sent two.
contract L1MessengerStandIn is IL1Messenger {
    uint16 private _sent;

    /// @notice What only system contracts may do.
    error Unauthorized(address caller);

    function sendToL1(bytes calldata message) external returns (bytes32 hash) {
        hash = keccak256(message);
        emit L2ToL1LogSent(
            L2ToL1Log({
                l2ShardId: 0,
                isService: true,
                txNumberInBlock: _sent++,
                sender: address(this),
                key: bytes32(uint256(uint160(msg.sender))),
                value: hash
            })
        );
        emit L1MessageSent(msg.sender, hash, message);
    }

    function sendL2ToL1Log(bool, bytes32, bytes32) external view returns (uint256) {
        revert Unauthorized(msg.sender);
    }

    function requestBytecodeL1Publication(bytes32) external view {
        revert Unauthorized(msg.sender);
    }
}
